/** What a conversation's page shows. */
import type { MessageSource } from '../db/schema/workspace.ts';
import type { AttachmentText } from './attachments/attachment-text.ts';
import type { Workspace } from '../workspace.ts';
import { inboxRowsOf, type InboxRow } from './list/rows.queries.ts';

export interface DeliveryView {
  id: number;
  state: 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'uncertain' | 'cancelled';
  says: string | null;
  at: number;
}

export interface MessageView {
  id: number;
  conversationId: number;
  author: 'customer' | 'bot' | 'person' | 'note' | 'event';
  userId: number | null;
  text: string;
  event: string | null;
  cutOff: boolean;
  sources: MessageSource[];
  saidAt: number;
  editedAt: number | null;
  revokedAt: number | null;
  revision: number;
  parts: {
    kind: string;
    text: string | null;
    detail: Record<string, string | number | boolean> | null;
    file: {
      id: number;
      name: string | null;
      mime: string | null;
      bytes: number | null;
      state: 'wanted' | 'kept' | 'failed' | 'refused';
      says: string | null;
      /** What its bot understood of it; null where none wanted to know. "text": what was spoken. */
      read: Pick<AttachmentText, 'kind' | 'state' | 'text' | 'says' | 'runId'> | null;
    } | null;
  }[];
  /** Deliveries of its parts, in order; superseded ones left out. */
  deliveries: DeliveryView[];
  run: {
    id: number;
    totalMs: number | null;
    firstTokenMs: number | null;
    costMicros: number | null;
    currency: string | null;
    state: string;
  } | null;
  /** What its customer thought of an answer of the bot. */
  rating: 'good' | 'bad' | null;
  /** The member who said that it was wrong. */
  wrongBy: number | null;
  /** What the customer reacted with: an emoji. */
  reaction: string | null;
  /** The beginning of the message that it replies to. */
  quoted: string | null;
  /** What a bot wants to do and a person decides about. */
  action: { id: number; state: string; says: string | null; expiresAt: number; decidedBy: number | null; runId: number } | null;
}

const MESSAGE = `
  SELECT m.id, m.conversation_id AS conversationId, m.author, m.user_id AS userId, m.text, m.event, m.cut_off AS cutOff, m.sources, m.said_at AS saidAt,
    m.edited_at AS editedAt, m.revoked_at AS revokedAt, m.revision, m.rating, m.wrong_by AS wrongBy, m.reaction,
    (SELECT substr(o.text, 1, 160) FROM messages o WHERE o.id = m.reply_to AND o.revoked_at IS NULL) AS quoted,
    (SELECT json_group_array(json_object('kind', p.kind, 'text', p.text, 'detail', json(p.detail), 'file', CASE WHEN a.id IS NOT NULL THEN json_object('id', a.id, 'name', a.name, 'mime', a.mime, 'bytes', a.bytes, 'state', a.state, 'says', a.says, 'read',
         CASE WHEN t.state IS NOT NULL THEN json_object('kind', t.kind, 'state', t.state, 'text', CASE t.kind WHEN 'voice' THEN t.text END, 'says', t.says, 'runId', t.run_id) END) END) ORDER BY p.position)
       FROM message_parts p LEFT JOIN attachments a ON a.id = p.attachment_id LEFT JOIN attachment_texts t ON t.attachment_id = a.id WHERE p.message_id = m.id) AS parts,
    (SELECT json_group_array(json_object('id', d.id, 'state', d.state, 'says', d.says, 'at', coalesce(d.read_at, d.delivered_at, d.sent_at, d.sending_at, d.queued_at)) ORDER BY d.id)
       FROM deliveries d WHERE d.message_id = m.id AND NOT (d.state = 'cancelled' AND d.says = 'Sent again.')) AS deliveries,
    (SELECT json_object('id', r.id, 'totalMs', r.total_ms, 'firstTokenMs', r.first_token_ms, 'costMicros', r.cost_micros, 'currency', r.currency, 'state', r.state)
       FROM runs r WHERE r.id = m.run_id) AS run,
    CASE m.event WHEN 'asks' THEN (SELECT json_object('id', t.id, 'state', t.state, 'says', t.says, 'expiresAt', t.expires_at, 'decidedBy', t.decided_by, 'runId', t.run_id)
       FROM tool_calls t WHERE t.message_id = m.id) END AS action
  FROM messages m`;

type RawMessage = Omit<MessageView, 'cutOff' | 'sources' | 'parts' | 'deliveries' | 'run' | 'action'> & {
  cutOff: number;
  sources: string | null;
  parts: string;
  deliveries: string;
  run: string | null;
  action: string | null;
};

function reviveMessage(row: RawMessage): MessageView {
  return {
    ...row,
    cutOff: row.cutOff === 1,
    sources: row.sources ? (JSON.parse(row.sources) as MessageSource[]) : [],
    parts: JSON.parse(row.parts) as MessageView['parts'],
    deliveries: JSON.parse(row.deliveries) as DeliveryView[],
    run: row.run ? (JSON.parse(row.run) as MessageView['run']) : null,
    action: row.action ? (JSON.parse(row.action) as MessageView['action']) : null,
  };
}

/** The newest `limit` messages of a conversation (before `before`, where given), oldest first. */
export function messagesOf(ws: Workspace, conversationId: number, options: { limit: number; before?: number }): MessageView[] {
  const rows = ws
    .prepare(`${MESSAGE} WHERE m.conversation_id = ? AND m.id < ? ORDER BY m.id DESC LIMIT ?`)
    .all(conversationId, options.before ?? Number.MAX_SAFE_INTEGER, options.limit) as RawMessage[];
  return rows.reverse().map(reviveMessage);
}

/** So many changes are told at once; a page that slept for a day gets the rest with the next event. */
export const CHANGES_AT_ONCE = 100;

/** Messages of a conversation that are new or changed after `revision`, by their revision: at most so many. */
export function messagesSince(ws: Workspace, conversationId: number, revision: number): MessageView[] {
  return (
    ws
      .prepare(`${MESSAGE} WHERE m.conversation_id = ? AND m.revision > ? ORDER BY m.revision LIMIT ?`)
      .all(conversationId, revision, CHANGES_AT_ONCE) as RawMessage[]
  ).map(reviveMessage);
}

/** What a message's look depends on in the one above it; undefined for the first of a conversation. */
export function messageAbove(ws: Workspace, { conversationId, id }: MessageView): Pick<MessageView, 'author' | 'saidAt'> | undefined {
  return ws
    .prepare('SELECT author, said_at AS saidAt FROM messages WHERE conversation_id = ? AND id < ? ORDER BY id DESC LIMIT 1')
    .get(conversationId, id) as Pick<MessageView, 'author' | 'saidAt'> | undefined;
}

export interface ConversationHead extends InboxRow {
  contactId: number;
  channelId: number;
  channelStatus: string;
  channelSays: string | null;
  botName: string | null;
  /** The customer has said something that nobody has answered. */
  unanswered: boolean;
  createdAt: number;
  ratedAt: number | null;
  /** What the customer said beside their rating. */
  ratingComment: string | null;
  noticeSeen: { version: string; at: number } | null;
}

/** What stands above and beside the messages; undefined when there is no such conversation. */
export function conversationHead(ws: Workspace, id: number): ConversationHead | undefined {
  const [row] = inboxRowsOf(ws, [id]);
  if (!row) return undefined;
  const more = ws
    .prepare(
      `SELECT c.contact_id AS contactId, c.channel_id AS channelId, h.status AS channelStatus, h.says AS channelSays, b.name AS botName,
         c.created_at AS createdAt, coalesce(c.last_customer_message_id, 0) > c.answered_through AS unanswered,
         r.rated_at AS ratedAt, (SELECT m.text FROM messages m WHERE m.id = r.comment_id AND m.revoked_at IS NULL) AS ratingComment, (SELECT json_object('version', n.version, 'at', n.at) FROM notices_shown n WHERE n.identity_id = c.identity_id ORDER BY n.id DESC LIMIT 1) AS noticeSeen
       FROM conversations c JOIN channels h ON h.id = c.channel_id LEFT JOIN bots b ON b.id = c.bot_id
         LEFT JOIN conversation_ratings r ON r.conversation_id = c.id WHERE c.id = ?`,
    )
    .get(id) as Omit<ConversationHead, keyof InboxRow | 'noticeSeen' | 'unanswered'> & { noticeSeen: string | null; unanswered: number };
  return {
    ...row,
    ...more,
    unanswered: more.unanswered === 1,
    noticeSeen: more.noticeSeen ? (JSON.parse(more.noticeSeen) as ConversationHead['noticeSeen']) : null,
  };
}

/** The newest run of a conversation that is still answering; undefined when none is. */
export function runUnderWay(ws: Workspace, conversationId: number): number | undefined {
  const row = ws
    .prepare("SELECT max(id) AS id FROM runs WHERE conversation_id = ? AND kind = 'answer' AND state = 'open'")
    .get(conversationId) as {
    id: number | null;
  };
  return row.id ?? undefined;
}
