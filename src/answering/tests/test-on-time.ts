import { beginTests, endPausedOnSchedule, planNext, publishedOf } from '../../bots/index.ts';
import type { JobKind } from '../../jobs/job.ts';

/** The job 'test-on-time', keyed by a bot: asks the tests of what is live. Where a round runs, the next time is awaited. */
export const testOnTime: JobKind = {
  async run(ws, job) {
    const botId = Number(job.key);
    await job.finish(() => {
      const archived = ws.prepare('SELECT archived_at FROM bots WHERE id = ?').pluck().get(botId);
      if (archived !== null || !planNext(ws, botId)) return;
      endPausedOnSchedule(ws, botId);
      const live = publishedOf(ws, botId);
      if (live) beginTests(ws, { version: live, cause: 'schedule', userId: null });
    });
  },
};
