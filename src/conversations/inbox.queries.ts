/** What the inbox shows. Each figure and row on its pages comes from here. */
import type { MessageSource } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { silentConversations } from './waiting/silence.queries.ts';
import { longestSilence } from './waiting/waiting-times.ts';

export type InboxTab = 'open' | 'mine' | 'bot' | 'done' | 'unanswered';

export interface InboxRow {
  id: number;
  name: string | null;
  username: string | null;
  channelKind: string;
  channelName: string;
  lastWords: string;
  /** Who said the last words. */
  lastAuthor: 'customer' | 'bot' | 'person' | null;
  lastUserId: number | null;
  lastAt: number;
  unread: number;
  status: 'open' | 'resolved';
  turn: 'bot' | 'person';
  holderId: number | null;
  wantedSince: number | null;
  wantedWhy: string | null;
  /** What the customer said last, while a person is wanted; null otherwise, and where there are no words. */
  asked: string | null;
  /** A delivery is uncertain or failed and waits for a person. */
  trouble: 'uncertain' | 'failed' | null;
  /** The bot is writing now. */
  answering: boolean;
  revision: number;
}

const ROW = `
  SELECT c.id, coalesce(p.name, i.display_name) AS name, i.username, h.kind AS channelKind, h.name AS channelName,
    c.last_words AS lastWords, c.last_at AS lastAt, c.unread, c.status, c.turn, c.holder_id AS holderId,
    c.wanted_since AS wantedSince, c.wanted_why AS wantedWhy, c.revision,
    CASE WHEN c.wanted_since IS NOT NULL THEN (SELECT nullif(substr(m.text, 1, 160), '') FROM messages m WHERE m.id = c.last_customer_message_id AND m.revoked_at IS NULL) END AS asked,
    (SELECT m.author || ':' || coalesce(m.user_id, '') FROM messages m WHERE m.conversation_id = c.id AND m.author IN ('customer', 'bot', 'person') ORDER BY m.id DESC LIMIT 1) AS last,
    (SELECT d.state FROM deliveries d WHERE d.conversation_id = c.id AND d.state IN ('uncertain', 'failed') ORDER BY d.id DESC LIMIT 1) AS trouble,
    EXISTS (SELECT 1 FROM jobs j WHERE j.kind = 'answer' AND j.key = CAST(c.id AS TEXT) AND j.lease IS NOT NULL) AS answering
  FROM conversations c JOIN identities i ON i.id = c.identity_id JOIN contacts p ON p.id = c.contact_id JOIN channels h ON h.id = c.channel_id`;

const WHERE: Record<Exclude<InboxTab, 'unanswered'>, string> = {
  open: "c.status = 'open'",
  mine: "c.status = 'open' AND c.holder_id = @userId",
  bot: "c.status = 'open' AND c.turn = 'bot' AND c.wanted_since IS NULL",
  done: "c.status = 'resolved'",
};

type Raw = Omit<InboxRow, 'answering' | 'lastAuthor' | 'lastUserId'> & { answering: number; last: string | null };

function revive({ last, ...row }: Raw): InboxRow {
  const [author = null, user = ''] = last?.split(':') ?? [];
  return {
    ...row,
    lastAuthor: author as InboxRow['lastAuthor'],
    lastUserId: user === '' ? null : Number(user),
    answering: row.answering === 1,
  };
}

/** Conversations of a tab: under Open those that want a person first, longest waiting on top; then the `limit` newest. */
export function inboxRows(ws: Workspace, { tab, userId, limit }: { tab: InboxTab; userId: number; limit: number }): InboxRow[] {
  if (tab === 'unanswered') return inboxRowsOf(ws, silentConversations(ws, longestSilence(ws)));
  const wanted =
    tab === 'open'
      ? (ws.prepare(`${ROW} WHERE c.status = 'open' AND c.wanted_since IS NOT NULL ORDER BY c.wanted_since LIMIT 100`).all() as Raw[])
      : [];
  const notWanted = tab === 'open' ? ' AND c.wanted_since IS NULL' : '';
  const rows = ws.prepare(`${ROW} WHERE ${WHERE[tab]}${notWanted} ORDER BY c.last_at DESC LIMIT @limit`).all({ userId, limit }) as Raw[];
  return [...wanted, ...rows].map(revive);
}

/** Rows by id, for a search's matches; in the order asked for. */
export function inboxRowsOf(ws: Workspace, ids: number[]): InboxRow[] {
  const rows = (ws.prepare(`${ROW} WHERE c.id IN (SELECT value FROM json_each(?))`).all(JSON.stringify(ids)) as Raw[]).map(revive);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** How many open conversations are one's own, are the bot's, and want a person. */
export function inboxCounts(ws: Workspace, userId: number): { mine: number; bot: number; waiting: number } {
  return ws
    .prepare(
      `SELECT count(*) FILTER (WHERE holder_id = ?) AS mine,
         count(*) FILTER (WHERE turn = 'bot' AND wanted_since IS NULL) AS bot, count(*) FILTER (WHERE wanted_since IS NOT NULL) AS waiting
       FROM conversations WHERE status = 'open'`,
    )
    .get(userId) as { mine: number; bot: number; waiting: number };
}

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
}

const MESSAGE = `
  SELECT m.id, m.conversation_id AS conversationId, m.author, m.user_id AS userId, m.text, m.event, m.cut_off AS cutOff, m.sources, m.said_at AS saidAt,
    m.edited_at AS editedAt, m.revoked_at AS revokedAt, m.revision, m.rating, m.wrong_by AS wrongBy, m.reaction,
    (SELECT substr(o.text, 1, 160) FROM messages o WHERE o.id = m.reply_to AND o.revoked_at IS NULL) AS quoted,
    (SELECT json_group_array(json_object('kind', p.kind, 'text', p.text, 'detail', json(p.detail), 'file', CASE WHEN a.id IS NOT NULL THEN json_object('id', a.id, 'name', a.name, 'mime', a.mime, 'bytes', a.bytes, 'state', a.state, 'says', a.says) END) ORDER BY p.position)
       FROM message_parts p LEFT JOIN attachments a ON a.id = p.attachment_id WHERE p.message_id = m.id) AS parts,
    (SELECT json_group_array(json_object('id', d.id, 'state', d.state, 'says', d.says, 'at', coalesce(d.read_at, d.delivered_at, d.sent_at, d.sending_at, d.queued_at)) ORDER BY d.id)
       FROM deliveries d WHERE d.message_id = m.id AND NOT (d.state = 'cancelled' AND d.says = 'Sent again.')) AS deliveries,
    (SELECT json_object('id', r.id, 'totalMs', r.total_ms, 'firstTokenMs', r.first_token_ms, 'costMicros', r.cost_micros, 'currency', r.currency, 'state', r.state)
       FROM runs r WHERE r.id = m.run_id) AS run
  FROM messages m`;

type RawMessage = Omit<MessageView, 'cutOff' | 'sources' | 'parts' | 'deliveries' | 'run'> & {
  cutOff: number;
  sources: string | null;
  parts: string;
  deliveries: string;
  run: string | null;
};

function reviveMessage(row: RawMessage): MessageView {
  return {
    ...row,
    cutOff: row.cutOff === 1,
    sources: row.sources ? (JSON.parse(row.sources) as MessageSource[]) : [],
    parts: JSON.parse(row.parts) as MessageView['parts'],
    deliveries: JSON.parse(row.deliveries) as DeliveryView[],
    run: row.run ? (JSON.parse(row.run) as MessageView['run']) : null,
  };
}

/** The newest `limit` messages of a conversation (before `before`, where given), oldest first. */
export function messagesOf(ws: Workspace, conversationId: number, options: { limit: number; before?: number }): MessageView[] {
  const rows = ws
    .prepare(`${MESSAGE} WHERE m.conversation_id = ? AND m.id < ? ORDER BY m.id DESC LIMIT ?`)
    .all(conversationId, options.before ?? Number.MAX_SAFE_INTEGER, options.limit) as RawMessage[];
  return rows.reverse().map(reviveMessage);
}

/** Messages of a conversation that are new or changed after `revision`, oldest first. */
export function messagesSince(ws: Workspace, conversationId: number, revision: number): MessageView[] {
  return (
    ws
      .prepare(`${MESSAGE} WHERE m.conversation_id = ? AND m.revision > ? ORDER BY m.id LIMIT 500`)
      .all(conversationId, revision) as RawMessage[]
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
  noticeSeen: { version: string; at: number } | null;
}

/** What stands above and beside the messages; undefined when there is no such conversation. */
export function conversationHead(ws: Workspace, id: number): ConversationHead | undefined {
  const [row] = inboxRowsOf(ws, [id]);
  if (!row) return undefined;
  const more = ws
    .prepare(
      `SELECT c.contact_id AS contactId, c.channel_id AS channelId, h.status AS channelStatus, h.says AS channelSays, b.name AS botName,
         c.created_at AS createdAt, coalesce(c.last_customer_message_id, 0) > c.answered_through AS unanswered, (SELECT json_object('version', n.version, 'at', n.at) FROM notices_shown n WHERE n.identity_id = c.identity_id ORDER BY n.id DESC LIMIT 1) AS noticeSeen
       FROM conversations c JOIN channels h ON h.id = c.channel_id LEFT JOIN bots b ON b.id = c.bot_id WHERE c.id = ?`,
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
  const row = ws.prepare("SELECT max(id) AS id FROM runs WHERE conversation_id = ? AND state = 'open'").get(conversationId) as {
    id: number | null;
  };
  return row.id ?? undefined;
}
