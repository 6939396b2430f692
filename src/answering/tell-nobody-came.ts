import {
  answersAgain,
  conversationById,
  noteNobodyCame,
  sayAsBusiness,
  timeWindow,
  waitingTimesOf,
  windowClosed,
  type Conversation,
} from '../conversations/index.ts';
import { TryLater, type Job } from '../jobs/job.ts';
import { textsIn } from '../lib/catalogue.ts';
import { spanText } from '../web/formats.ts';
import type { Workspace } from '../workspace.ts';
import { businessLanguage, languageFor } from './language-for.ts';

/** Of what the customer wrote last: it tells their language. */
const READ_AT_MOST = 3;

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
  // Called anew while this waited, or the time was made longer.
  const left = calledAt + nobodyMs - ws.clock.now();
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

/** Why nothing can be said to the customer; undefined when it can. */
function untoldBecause(ws: Workspace, conversation: Conversation): string | undefined {
  if (conversation.silenced) return 'The customer gets no messages.';
  const status = ws.prepare('SELECT status FROM channels WHERE id = ?').pluck().get(conversation.channelId);
  if (status !== 'connected' && status !== 'connecting') return 'The customer was not told: the channel takes no messages now.';
  const window = timeWindow(ws, conversation);
  if (window !== null && !window.open.bot) return `The customer was not told. ${windowClosed(window, 'bot')}`;
  return undefined;
}

/** The owner's own sentence is in the business's language; a customer who writes in another gets the catalogue's. */
function sentenceFor(ws: Workspace, { id, language }: Conversation, own: string | null): string {
  const [question = '', ...earlier] = ws
    .prepare("SELECT text FROM messages WHERE conversation_id = ? AND author = 'customer' AND revoked_at IS NULL ORDER BY id DESC LIMIT ?")
    .pluck()
    .all(id, READ_AT_MOST) as string[];
  const spoken = languageFor(ws, { question, earlier: earlier.join('\n'), language });
  return own !== null && spoken === businessLanguage(ws) ? own : textsIn(spoken).nobodyCame;
}
