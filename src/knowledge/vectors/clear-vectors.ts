import { setImmediate } from 'node:timers/promises';
import type { JobKind } from '../../jobs/job.ts';

/** About 3 ms of the write connection. */
const AT_A_TIME = 200;

const DROP = `
  DELETE FROM embeddings WHERE id IN (
    SELECT id FROM embeddings WHERE model_id IN (SELECT id FROM embedding_models WHERE state NOT IN ('filling', 'serving')) LIMIT ?)`;

/** Takes out the vectors of models that are out of use, in small transactions. */
export const clearVectors: JobKind = {
  async run(ws, job, signal) {
    const drop = ws.prepare(DROP);
    while (ws.write(() => drop.run(AT_A_TIME).changes) > 0) {
      signal.throwIfAborted();
      await setImmediate();
    }
    await job.finish(() => undefined);
  },
};
