import { conversationById, sayAsBusiness, takeAwaySentence, type Conversation } from '../conversations/index.ts';
import type { Job } from '../jobs/job.ts';
import type { Workspace } from '../workspace.ts';
import { spokenIn, untoldBecause } from './tell-customer.ts';

/**
 * The job 'tell-away', by a conversation's id: a customer waits for a person outside opening hours, and is told when somebody
 * comes. Void once that was said otherwise.
 */
export async function tellAway(ws: Workspace, job: Job): Promise<void> {
  const found = conversationById(ws, Number(job.key));
  if (!found || !waitsForPerson(found)) {
    job.finishQuietly();
    return;
  }
  const language = spokenIn(ws, found);
  await job.finish(() => {
    const conversation = conversationById(ws, found.id);
    if (!conversation || !waitsForPerson(conversation) || untoldBecause(ws, conversation) !== undefined) return;
    const sentence = takeAwaySentence(ws, conversation.id, language);
    if (sentence !== null) sayAsBusiness(ws, conversation.id, sentence);
  });
}

function waitsForPerson({ status, turn, wantedSince }: Conversation): boolean {
  return status === 'open' && (turn === 'person' || wantedSince !== null);
}
