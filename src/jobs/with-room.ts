import { isFull } from '../db/faults.ts';
import { TryLater, type JobKind } from './job.ts';

const AGAIN_MS = 15_000;

/** The same kind, for what takes much room: while the disk is nearly full it waits, and goes on by itself once there is room. */
export function withRoom(kind: JobKind): JobKind {
  const later = (): TryLater => new TryLater(AGAIN_MS, 'the disk is nearly full', { counts: false });
  return {
    ...kind,
    async run(ws, job, signal) {
      const { space } = ws.installation;
      if (!space.forImports) throw later();
      try {
        await kind.run(ws, job, signal);
      } catch (error) {
        throw isFull(error) ? later() : error;
      }
    },
  };
}
