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
  /** Why it paused by itself, where it stands still. */
  paused: string | null;
  asked: number;
  failed: number;
}

/**
 * The job 'tell-tests', enqueued in the transaction that ends a round which nobody asked for, or in which it paused by itself, with the
 * round as its key. Where a test failed, or the rest waits, those are told who can mend it.
 */
export const tellTests: JobKind = {
  async run(ws, job) {
    await job.finish(() => {
      const outcome = outcomeOf(ws, Number(job.key));
      if (outcome && outcome.paused !== null) tellPaused(ws, job.key, outcome, outcome.paused);
      else if (outcome && outcome.failed > 0) tellFailed(ws, job.key, outcome);
    });
  },
};

function tellFailed(ws: Workspace, round: string, { botId, bot, asked, failed }: Outcome): void {
  const url = linkTo(ws, `bots/${botId}/tests/rounds/${round}?only=failing`);
  queueHookCalls(ws, 'tests.failed', { bot, asked, failed, tests: { url } });
  const subject = `${failed} of ${asked} tests of ${bot} failed`;
  mailKeepers(ws, subject, `${subject}. They were run by themselves on what customers get.\n\nWhich, and what the bot answered: ${url}\n`);
}

function tellPaused(ws: Workspace, round: string, { botId, bot }: Outcome, says: string): void {
  const url = linkTo(ws, `bots/${botId}/tests/rounds/${round}`);
  queueHookCalls(ws, 'tests.paused', { bot, says, tests: { url } });
  const text = `They are run by themselves on what customers get, and paused: ${says}\n\nHow far they came, and how they go on: ${url}\n`;
  mailKeepers(ws, `The tests of ${bot} are paused`, text);
}

function mailKeepers(ws: Workspace, subject: string, text: string): void {
  const keepers = sendsMail(ws) ? membersOf(ws).filter(({ role }) => roleMay(role, 'bot.edit')) : [];
  for (const { userId, email } of keepers) if (choiceOf(ws, userId).byMail) queueMail(ws, { to: email, subject, text });
}

function outcomeOf(ws: Workspace, roundId: number): Outcome | undefined {
  return ws
    .prepare(
      `SELECT b.id AS botId, b.name AS bot, CASE WHEN r.state = 'paused' THEN r.says END AS paused,
         (SELECT count(*) FROM test_results WHERE round_id = r.id) AS asked,
         (SELECT count(*) FROM test_results WHERE round_id = r.id AND state = 'failed') AS failed
       FROM test_rounds r JOIN bots b ON b.id = r.bot_id WHERE r.id = ?`,
    )
    .get(roundId) as Outcome | undefined;
}
