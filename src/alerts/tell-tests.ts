import { membersOf } from '../accounts/index.ts';
import type { JobKind } from '../jobs/job.ts';
import { queueMail, sendsMail } from '../mail/index.ts';
import { roleMay } from '../web/permissions.ts';
import type { Workspace } from '../workspace.ts';
import { queueHookCalls } from './hook-calls.ts';
import { linkTo } from './links.ts';
import { choiceOf } from './people.ts';

interface Outcome {
  botId: number;
  bot: string;
  asked: number;
  failed: number;
}

/**
 * The job 'tell-tests', enqueued in the transaction that ends a round which nobody asked for, with the round as its key. Where a
 * test failed, those are told who can mend the bot.
 */
export const tellTests: JobKind = {
  async run(ws, job) {
    await job.finish(() => {
      const outcome = outcomeOf(ws, Number(job.key));
      if (!outcome || outcome.failed === 0) return;
      const { botId, bot, asked, failed } = outcome;
      const url = linkTo(ws, `bots/${botId}/tests/rounds/${job.key}?only=failing`);
      queueHookCalls(ws, 'tests.failed', { bot, asked, failed, tests: { url } });
      const subject = `${failed} of ${asked} tests of ${bot} failed`;
      const text = `${subject}. They were run by themselves on what customers get.\n\nWhich, and what the bot answered: ${url}\n`;
      const keepers = sendsMail(ws) ? membersOf(ws).filter(({ role }) => roleMay(role, 'bot.edit')) : [];
      for (const { userId, email } of keepers) if (choiceOf(ws, userId).byMail) queueMail(ws, { to: email, subject, text });
    });
  },
};

function outcomeOf(ws: Workspace, roundId: number): Outcome | undefined {
  return ws
    .prepare(
      `SELECT b.id AS botId, b.name AS bot, (SELECT count(*) FROM test_results WHERE round_id = r.id) AS asked,
         (SELECT count(*) FROM test_results WHERE round_id = r.id AND state = 'failed') AS failed
       FROM test_rounds r JOIN bots b ON b.id = r.bot_id WHERE r.id = ?`,
    )
    .get(roundId) as Outcome | undefined;
}
