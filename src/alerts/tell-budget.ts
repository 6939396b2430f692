import { membersOf } from '../accounts/index.ts';
import type { JobKind } from '../jobs/job.ts';
import { queueMail, sendsMail } from '../mail/index.ts';
import { roleMay } from '../web/permissions.ts';
import { queueHookCalls } from './hook-calls.ts';
import { linkTo } from './links.ts';
import { choiceOf } from './people.ts';

/**
 * The job 'tell-budget', enqueued in the transaction that came near a budget or was stopped by it; its key is bot, period and
 * level. Those are told who can raise it.
 */
export const tellBudget: JobKind = {
  async run(ws, job) {
    await job.finish(() => {
      const [bot = '0', period = '', level = ''] = job.key.split('/');
      const name = bot === '0' ? null : ((ws.prepare('SELECT name FROM bots WHERE id = ?').pluck().get(Number(bot)) as string) ?? null);
      const url = linkTo(ws, 'spending');
      queueHookCalls(ws, level === 'spent' ? 'budget.spent' : 'budget.near', { bot: name, period, spending: { url } });
      const letter = letterOf({ name, month: period.length === 7, spent: level === 'spent', url });
      const keepers = sendsMail(ws) ? membersOf(ws).filter(({ role }) => roleMay(role, 'bot.edit')) : [];
      for (const { userId, email } of keepers) if (choiceOf(ws, userId).byMail) queueMail(ws, { to: email, ...letter });
    });
  },
};

function letterOf({ name, month, spent, url }: { name: string | null; month: boolean; spent: boolean; url: string }): {
  subject: string;
  text: string;
} {
  const whose = name === null ? 'The business’s budget' : `The budget of ${name}`;
  const span = month ? 'for this month' : 'for today';
  const subject = spent ? `${whose} ${span} is spent` : `${whose} ${span} is nearly spent`;
  const then = spent
    ? 'Until it is raised, or a new day or month begins, customers are told that a person will answer, and the team is called.'
    : 'When it is spent, customers are told that a person will answer, and the team is called.';
  return { subject, text: `${subject}. ${then}\n\nWhat was spent, and how to raise it: ${url}\n` };
}
