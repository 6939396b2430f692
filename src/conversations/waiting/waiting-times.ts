import { eq } from '../../db/drizzle.ts';
import { waitingTimes } from '../../db/schema/workspace.ts';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';

/** How long customers may wait, in ms. Null: the silence alarm, or the sentence when nobody came, is off. */
export type WaitingTimes = Omit<typeof waitingTimes.$inferSelect, 'id'>;

/** The least that can be set as the age from which a message goes to a person. */
export const YOUNGEST_TOO_OLD_MS = 3600_000;

/** The silence alarm's, until somebody sets another. */
const USUAL_SILENCE_MS = 10 * 60_000;

const READ = `
  SELECT silence_ms AS silenceMs, too_old_ms AS tooOldMs, nobody_ms AS nobodyMs, nobody_text AS nobodyText, nobody_hands_back AS nobodyHandsBack
  FROM waiting_times WHERE id = 1`;

export function waitingTimesOf(ws: Workspace): WaitingTimes {
  const row = ws.prepare(READ).get() as Omit<WaitingTimes, 'nobodyHandsBack'> & { nobodyHandsBack: number };
  return { ...row, nobodyHandsBack: row.nobodyHandsBack === 1 };
}

/** How long a customer may be without an answer before the inbox says so; the usual time where the alarm is off. */
export function longestSilence(ws: Workspace): number {
  return waitingTimesOf(ws).silenceMs ?? USUAL_SILENCE_MS;
}

export function editWaitingTimes(ws: Workspace, userId: number, times: WaitingTimes): void {
  ws.durable(() => {
    ws.db.update(waitingTimes).set(times).where(eq(waitingTimes.id, 1)).run();
    audit(ws, { actor: userId, action: 'waiting-times.edited' });
  });
}
