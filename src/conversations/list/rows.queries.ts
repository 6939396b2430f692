/** The rows of the inbox's list, and what its tabs count. */
import type { Workspace } from '../../workspace.ts';
import { silentConversations } from '../waiting/silence.queries.ts';
import { longestSilence } from '../waiting/waiting-times.ts';
import type { Rating } from '../rating/rating-words.ts';
import { conditionsOf, type Filter } from './filter.ts';

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
  assigneeId: number | null;
  snoozedUntil: number | null;
  labelIds: number[];
  /** What its customer thought of it, when they were asked. */
  rating: Rating | null;
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
    c.last_words AS lastWords, c.last_at AS lastAt, c.unread, c.status, c.turn, c.holder_id AS holderId, c.assignee_id AS assigneeId, c.snoozed_until AS snoozedUntil,
    c.wanted_since AS wantedSince, c.wanted_why AS wantedWhy, c.revision,
    (SELECT group_concat(l.label_id) FROM conversation_labels l WHERE l.conversation_id = c.id) AS labels,
    (SELECT r.scale || ':' || r.value FROM conversation_ratings r WHERE r.conversation_id = c.id) AS rated,
    CASE WHEN c.wanted_since IS NOT NULL THEN (SELECT nullif(substr(m.text, 1, 160), '') FROM messages m WHERE m.id = c.last_customer_message_id AND m.revoked_at IS NULL) END AS asked,
    (SELECT m.author || ':' || coalesce(m.user_id, '') FROM messages m WHERE m.conversation_id = c.id AND m.author IN ('customer', 'bot', 'person') ORDER BY m.id DESC LIMIT 1) AS last,
    (SELECT d.state FROM deliveries d WHERE d.conversation_id = c.id AND d.state IN ('uncertain', 'failed') ORDER BY d.id DESC LIMIT 1) AS trouble,
    EXISTS (SELECT 1 FROM jobs j WHERE j.kind = 'answer' AND j.key = CAST(c.id AS TEXT) AND j.lease IS NOT NULL) AS answering
  FROM conversations c JOIN identities i ON i.id = c.identity_id JOIN contacts p ON p.id = c.contact_id JOIN channels h ON h.id = c.channel_id`;

type Raw = Omit<InboxRow, 'answering' | 'lastAuthor' | 'lastUserId' | 'labelIds' | 'rating'> & {
  answering: number;
  last: string | null;
  labels: string | null;
  rated: string | null;
};

function revive({ last, labels, rated, ...row }: Raw): InboxRow {
  const [author = null, user = ''] = last?.split(':') ?? [];
  const [scale, value] = rated?.split(':') ?? [];
  return {
    ...row,
    labelIds: labels === null ? [] : labels.split(',').map(Number),
    rating: scale === undefined ? null : { scale: scale as Rating['scale'], value: Number(value) },
    lastAuthor: author as InboxRow['lastAuthor'],
    lastUserId: user === '' ? null : Number(user),
    answering: row.answering === 1,
  };
}

/** Conversations of a list: under Open those that want a person first, longest waiting on top; then the `limit` newest. A search's aren't among them. */
export function inboxRows(ws: Workspace, { filter, userId, limit }: { filter: Filter; userId: number; limit: number }): InboxRow[] {
  const { where, values } = conditionsOf(filter, userId);
  if (filter.tab === 'unanswered') {
    const ids = silentConversations(ws, longestSilence(ws));
    const text = `SELECT c.id FROM conversations c WHERE ${where} AND c.id IN (SELECT value FROM json_each(@ids))`;
    const kept = new Set(
      ws
        .prepare(text)
        .pluck()
        .all({ ...values, ids: JSON.stringify(ids) }) as number[],
    );
    return inboxRowsOf(
      ws,
      ids.filter((id) => kept.has(id)),
    );
  }
  const order = filter.tab === 'snoozed' ? 'c.snoozed_until' : 'c.last_at DESC';
  const wanted =
    filter.tab === 'open'
      ? (ws.prepare(`${ROW} WHERE ${where} AND c.wanted_since IS NOT NULL ORDER BY c.wanted_since LIMIT 100`).all(values) as Raw[])
      : [];
  const notWanted = filter.tab === 'open' ? ' AND c.wanted_since IS NULL' : '';
  const rows = ws.prepare(`${ROW} WHERE ${where}${notWanted} ORDER BY ${order} LIMIT @limit`).all({ ...values, limit }) as Raw[];
  return [...wanted, ...rows].map(revive);
}

/** Rows by id, for a search's matches; in the order asked for. */
export function inboxRowsOf(ws: Workspace, ids: number[]): InboxRow[] {
  const rows = (ws.prepare(`${ROW} WHERE c.id IN (SELECT value FROM json_each(?))`).all(JSON.stringify(ids)) as Raw[]).map(revive);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export interface InboxCounts {
  mine: number;
  bot: number;
  waiting: number;
  snoozed: number;
}

/** How many open conversations are one's own, are the bot's, want a person, and are put off. Read from an index alone. */
export function inboxCounts(ws: Workspace, userId: number): InboxCounts {
  return ws
    .prepare(
      `SELECT count(*) FILTER (WHERE snoozed_until IS NULL AND (holder_id = @userId OR assignee_id = @userId)) AS mine,
         count(*) FILTER (WHERE snoozed_until IS NULL AND turn = 'bot' AND wanted_since IS NULL) AS bot,
         count(*) FILTER (WHERE wanted_since IS NOT NULL) AS waiting, count(*) FILTER (WHERE snoozed_until IS NOT NULL) AS snoozed
       FROM conversations WHERE status <> 'resolved'`,
    )
    .get({ userId }) as InboxCounts;
}
