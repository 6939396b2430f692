import type { ChannelEvent, PartKind } from '../channels/index.ts';
import { findIdentity } from '../contacts/index.ts';
import type { Workspace } from '../workspace.ts';
import type { OpenChannel } from './open-channel.ts';
import type { Received } from './receive-events.ts';
import { conversationOf } from './receive-message.ts';
import { textOf } from './text-of.ts';
import { moveDelivery, ownDelivery, takeWaitingReceipts } from './receive-receipt.ts';
import { echoHash, markSeen } from './seen.ts';
import { storeMessage } from './store-message.ts';
import { silenceBot } from './take-over.ts';

type Echo = Extract<ChannelEvent, { type: 'echo' }>;

/**
 * Something left the account. What we sent ourselves is settled by it; anything else means that a person answered on the
 * owner's own phone: the bot is silent from now on.
 */
export function receiveEcho(ws: Workspace, channel: OpenChannel, event: Echo): Received {
  const own = ownDelivery(ws, channel.id, event) ?? underWay(ws, channel.id, event);
  if (own !== undefined) {
    // Known by our reference or its words: from now on also by the channel's id, for receipts and for what is replied to.
    ws.prepare('UPDATE deliveries SET external_id = ? WHERE id = ? AND external_id IS NULL').run(event.externalId, own);
    moveDelivery(ws, own, 'sent', event.saidAt);
    takeWaitingReceipts(ws, channel.id, event.externalId, own);
    return { outcome: 'settled' };
  }
  if (!markSeen(ws, echoHash(ws, channel.id, event.thread, event.externalId))) return { outcome: 'duplicate' };
  const conversation = conversationOf(ws, channel, { thread: event.thread, sender: event.recipient });
  silenceBot(ws, conversation.id, null);
  const text = textOf(event.parts);
  const { messageId } = storeMessage(ws, {
    conversationId: conversation.id,
    author: 'person',
    text,
    parts: [{ kind: 'text', text }],
    externalId: event.externalId,
    saidAt: event.saidAt,
  });
  return { outcome: 'stored', conversationId: conversation.id, messageId };
}

/** Longer than any send is under way. */
const UNDER_WAY_MS = 10 * 60_000;

/**
 * Where echoes bring no reference back they may come before the answer to their send. What is being sent to this customer
 * just now in these very words is ours: a person who says the same within these minutes changes nothing.
 */
function underWay(ws: Workspace, channelId: number, { thread, recipient, saidAt, parts, unmarked }: Echo): number | undefined {
  const who = unmarked ? findIdentity(ws, channelId, recipient) : undefined;
  if (!who) return undefined;
  const rows = ['sending', 'uncertain'].flatMap((state) => {
    const indexed = state === 'sending' ? "'queued', 'sending'" : "'uncertain', 'failed'";
    return ws
      .prepare(
        `SELECT id, (SELECT kind FROM message_parts WHERE id = part_id) AS kind, (SELECT text FROM message_parts WHERE id = part_id) AS text
         FROM deliveries
         WHERE conversation_id = (SELECT max(id) FROM conversations WHERE identity_id = (SELECT ?) AND thread = ?)
           AND state in (${indexed}) AND state = '${state}' AND external_id IS NULL AND abs(sending_at - ?) < ${UNDER_WAY_MS} ORDER BY id`,
      )
      .all(who.identityId, thread, saidAt) as { id: number; kind: PartKind; text: string | null }[];
  });
  const said = textOf(parts);
  return rows.find(({ kind, text }) => isWritten(said, textOf([{ kind, text: text ?? '' }])))?.id;
}

/** Whether `said` is what goes out for `text`: its letters in order, less some of its marks and addresses. */
function isWritten(said: string, text: string): boolean {
  const [heard, written] = [said, text].map((each) => [...each.replace(/[^\p{L}\p{N}\p{Emoji}]/gu, '')]);
  let at = 0;
  for (const letter of written ?? []) if (letter === heard?.[at]) at++;
  return at === heard?.length && at * 2 >= (written?.length ?? 0);
}
