import { businessOf } from '../accounts/index.ts';
import type { JobKind } from '../jobs/job.ts';
import { queueMail } from '../mail/index.ts';
import { timeText } from '../web/formats.ts';
import { zoneOf } from '../web/zones.ts';
import type { Workspace } from '../workspace.ts';
import { linkTo } from './links.ts';
import { answerers, choiceOf, noteMailed } from './people.ts';
import { waitingCount, waitingCustomers } from './waiting.queries.ts';

const NAMED_AT_MOST = 10;

/** The job 'mail-member': one mail of all who wait just now. Where nobody does any more, none is written. */
export const mailMember: JobKind = {
  async run(ws, job) {
    const userId = Number(job.key);
    await job.finish(() => {
      const member = answerers(ws).find((each) => each.userId === userId);
      const count = waitingCount(ws);
      if (!member || count === 0 || !choiceOf(ws, userId).byMail) return;
      if (queueMail(ws, { to: member.email, ...letterOf(ws, count) })) noteMailed(ws, userId);
    });
  },
};

/** No names and no words of customers: a mail lies about on many servers. */
function letterOf(ws: Workspace, count: number): { subject: string; text: string } {
  const { name, timezone } = businessOf(ws);
  const zone = zoneOf(timezone);
  const now = ws.clock.now();
  const lines = waitingCustomers(ws, NAMED_AT_MOST).map(
    ({ channel, why, since, conversationId }) =>
      `${channel}, since ${timeText(zone, now, since, 'smart')}: ${why}\n${linkTo(ws, `conversations/${conversationId}`)}\n`,
  );
  const more = count > NAMED_AT_MOST ? [`And ${count - NAMED_AT_MOST} more:\n${linkTo(ws, 'inbox')}\n`] : [];
  return {
    subject: count === 1 ? `A customer of ${name} waits for a person` : `${count} customers of ${name} wait for a person`,
    text: [...lines, ...more, `How you are told, and how to end it: ${linkTo(ws, 'alerts')}\n`].join('\n'),
  };
}
