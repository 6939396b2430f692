import { memberChatsOf } from '../channels/index.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { JobKind } from '../jobs/job.ts';
import { sendsMail } from '../mail/index.ts';
import { queueHookCalls } from './hook-calls.ts';
import { linkTo } from './links.ts';
import { answerers, choiceOf, nextMailAt } from './people.ts';
import { devicesOf } from './push-devices.ts';
import { waitingIn } from './waiting.queries.ts';

/**
 * The job 'tell-team', enqueued in the transaction that calls a person, with the conversation as its key: everybody who may
 * answer is told, each by the ways they chose. Each way is a row of its own, so that one that hangs holds up no other.
 */
export const tellTeam: JobKind = {
  async run(ws, job) {
    await job.finish(() => {
      const waiting = waitingIn(ws, Number(job.key));
      if (!waiting) return;
      const mails = sendsMail(ws);
      for (const { userId } of answerers(ws)) {
        const choice = choiceOf(ws, userId);
        if (mails && choice.byMail) enqueue(ws, { kind: 'mail-member', key: String(userId), dueAt: nextMailAt(ws, choice) });
        for (const { id } of devicesOf(ws, userId)) enqueue(ws, { kind: 'push-device', key: `${id}/${job.key}` });
        for (const { id } of memberChatsOf(ws, userId)) enqueue(ws, { kind: 'tell-chat', key: `${id}/${job.key}` });
      }
      queueHookCalls(ws, 'person.wanted', {
        conversation: { id: waiting.conversationId, url: linkTo(ws, `conversations/${waiting.conversationId}`) },
        channel: waiting.channel,
        why: waiting.why,
        since: new Date(waiting.since).toISOString(),
      });
    });
  },
};
