import { commentOf, conversationById, dropComment, reopenConversation, sayAsBusiness } from '../conversations/index.ts';
import type { Job } from '../jobs/job.ts';
import { textsIn } from '../lib/catalogue.ts';
import type { Workspace } from '../workspace.ts';
import { asksForPerson } from './asks-for-person.ts';
import { sayHandedOver } from './say-handed-over.ts';
import { spokenIn, untoldBecause } from './tell-customer.ts';

/**
 * The job 'take-comment', by the message that a customer wrote to their rating. Who asks for a person in it is given one; the
 * others are told that it is noted, and that what they write next begins anew: nobody waits for an answer in vain.
 */
export async function takeComment(ws: Workspace, job: Job): Promise<void> {
  const messageId = Number(job.key);
  const comment = commentOf(ws, messageId);
  const conversation = comment && conversationById(ws, comment.conversationId);
  if (!conversation) {
    job.finishQuietly();
    return;
  }
  const language = spokenIn(ws, conversation);
  await job.finish(() => {
    if (asksForPerson(comment.text)) {
      dropComment(ws, conversation.id, messageId);
      const opened = reopenConversation(ws, conversation.id, null);
      const called = opened.ok ? conversation : conversationById(ws, opened.openId);
      if (called) sayHandedOver(ws, called, { why: 'The customer asked for a person.', says: '' }, language);
    } else if (untoldBecause(ws, conversation) === undefined) sayAsBusiness(ws, conversation.id, textsIn(language).rateNoted);
  });
}
