/** How it was, asked once when a conversation is done: in the channel's own form, as choices. */
import type { Choice } from '../../channels/index.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import { textsIn, type Language } from '../../lib/catalogue.ts';
import type { Workspace } from '../../workspace.ts';
import { openConversation, type Conversation } from '../conversation.ts';
import { sayAsBusiness } from '../reply.ts';

/** Time to take "done" back before the customer hears of it. */
const WAITS_MS = 30_000;

export type Scale = 'thumbs' | 'stars';

/** What is offered, and what each choice is worth: so that both scales can be counted together. */
export const SCALES: Record<Scale, { title: string; value: number }[]> = {
  thumbs: [
    { title: '👍', value: 5 },
    { title: '👎', value: 1 },
  ],
  stars: [5, 4, 3, 2, 1].map((value) => ({ title: String(value), value })),
};

/** Channels of these kinds ask, until somebody decides otherwise: where answering costs the customer a touch, and us nothing. */
const ASKED_ON = "('widget')";

/** Whether a channel of this row asks. */
export const ASKS = `coalesce(asks_rating, kind IN ${ASKED_ON})`;

/** In the transaction that resolves. */
export function wantRating(ws: Workspace, { id, channelId }: Pick<Conversation, 'id' | 'channelId'>): void {
  if (ws.prepare(`SELECT ${ASKS} FROM channels WHERE id = ?`).pluck().get(channelId) !== 1) return;
  enqueue(ws, { kind: 'ask-rating', key: String(id), dueAt: ws.clock.now() + WAITS_MS });
}

/** Whether it can still be asked: it is done, they were answered, were not asked before and have begun nothing new. */
export function mayAskRating(ws: Workspace, conversation: Conversation): boolean {
  const { id, status, channelId, identityId, thread, answeredThrough, lastCustomerMessageId } = conversation;
  if (status !== 'resolved' || lastCustomerMessageId === null || answeredThrough === 0) return false;
  if (ws.prepare('SELECT 1 FROM conversation_ratings WHERE conversation_id = ?').get(id) !== undefined) return false;
  if (openConversation(ws, channelId, identityId, thread)) return false;
  return ws.prepare(`SELECT ${ASKS} FROM channels WHERE id = ?`).pluck().get(channelId) === 1;
}

/** Inside the transaction of the job that asks. */
export function askRating(ws: Workspace, conversationId: number, language: Language): void {
  const scale = ws.prepare('SELECT rating_scale FROM business WHERE id = 1').pluck().get() as Scale;
  const text = textsIn(language)[scale === 'thumbs' ? 'rateThumbs' : 'rateStars'];
  const { messageId } = sayAsBusiness(ws, conversationId, text, { choices: choicesOf(scale, conversationId) });
  ws.prepare('INSERT INTO conversation_ratings (conversation_id, scale, message_id, asked_at) VALUES (?, ?, ?, ?)').run(
    conversationId,
    scale,
    messageId,
    ws.clock.now(),
  );
}

function choicesOf(scale: Scale, conversationId: number): Choice[] {
  return SCALES[scale].map(({ title, value }) => ({ id: `rate-${conversationId}-${value}`, title }));
}
