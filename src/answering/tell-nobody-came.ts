import {
  afterHours,
  answersAgain,
  conversationById,
  noteNobodyCame,
  sayAsBusiness,
  waitingTimesOf,
  type Conversation,
} from '../conversations/index.ts';
import { TryLater, type Job } from '../jobs/job.ts';
import { textsIn } from '../lib/catalogue.ts';
import { spanText } from '../web/formats.ts';
import type { Workspace } from '../workspace.ts';
import { businessLanguage } from './language-for.ts';
import { spokenIn, untoldBecause } from './tell-customer.ts';

/**
 * The job 'nobody-came', by a conversation's id, asked for when a person was called. Nobody has taken it: the customer is told
 * so, once for each call, and where the business wants it the bot answers again meanwhile. The conversation stays on top of the
 * inbox. Void once a person came, or the call ended otherwise; then `wanted_since` is another or none.
 */
export async function tellNobodyCame(ws: Workspace, job: Job): Promise<void> {
  const { nobodyMs, nobodyText, nobodyHandsBack } = waitingTimesOf(ws);
  const conversation = conversationById(ws, Number(job.key));
  const since = Number(job.payload['since']);
  const calledAt = Number(job.payload['calledAt']);
  if (nobodyMs === null || !conversation || !stillCalled(conversation, since)) {
    job.finishQuietly();
    return;
  }
  // Called anew while this waited, or the time was made longer. Only hours count in which people are there.
  const left = afterHours(ws, calledAt, nobodyMs) - ws.clock.now();
  if (left > 0) throw new TryLater(left, 'there is still time to come', { counts: false });
  await job.finish(() => {
    const now = conversationById(ws, conversation.id);
    if (!now || !stillCalled(now, since)) return;
    const waited = `Nobody came for ${spanText(ws.clock.now() - calledAt)}.`;
    const untold = untoldBecause(ws, now);
    if (untold === undefined) sayAsBusiness(ws, now.id, sentenceFor(ws, now, nobodyText));
    noteNobodyCame(ws, now.id, untold === undefined ? `${waited} The customer was told.` : `${waited} ${untold}`);
    if (nobodyHandsBack) answersAgain(ws, now);
  });
}

function stillCalled({ status, holderId, wantedSince }: Conversation, since: number): boolean {
  return status === 'open' && holderId === null && wantedSince === since;
}

/** The owner's own sentence is in the business's language; a customer who writes in another gets the catalogue's. */
function sentenceFor(ws: Workspace, conversation: Conversation, own: string | null): string {
  const spoken = spokenIn(ws, conversation);
  return own !== null && spoken === businessLanguage(ws) ? own : textsIn(spoken).nobodyCame;
}
