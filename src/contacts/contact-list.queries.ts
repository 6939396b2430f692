/** Contacts as a list shows them, found by words and narrowed by filters. */
import type { Workspace } from '../workspace.ts';
import { contactFields } from './contact-fields.ts';
import { readValue } from './field-value.ts';
import { findByWords, MANY, matching, walkList, type FoundByWords } from './find-by-words.ts';

export interface ContactFilter {
  query: string;
  channel: number | null;
  /** A label that they have, or one of their conversations. */
  label: number | null;
  blocked: boolean;
  /** A field of one's own, and what it is to be. */
  field: number | null;
  value: string;
}

/** Where a page begins or ends: the row beside it. */
export interface Place {
  seenAt: number;
  id: number;
}

export interface ContactRow {
  id: number;
  name: string | null;
  email: string | null;
  phone: string | null;
  blockedAt: number | null;
  seenAt: number;
  /** Kinds of the channels they write on, each once, parted by commas. */
  kinds: string | null;
  username: string | null;
}

/** Those seen last first; `after` and `before` lead on and back. One more than `limit` tells that there are more. */
export function contactRows(
  ws: Workspace,
  filter: ContactFilter,
  { limit, after, before }: { limit: number; after?: Place; before?: Place },
  found: FoundByWords = findByWords(ws, filter.query),
): ContactRow[] {
  const { where, values } = conditionsOf(ws, filter);
  const place = after ?? before;
  if (place) where.push(`(c.seen_at, c.id) ${after ? '<' : '>'} (@placeSeen, @placeId)`);
  Object.assign(values, place ? { placeSeen: place.seenAt, placeId: place.id } : {});
  const order = before && !after ? 'ASC' : 'DESC';
  const ids = found === 'many' ? walkList(ws, { query: filter.query, where, values, order, limit }) : found;
  narrowByWords(filter.query, found === 'many' && ids === null ? 'many' : ids, where, values);
  const rows = ws.sql
    .prepare(
      `SELECT c.id, c.name, c.email, c.phone, c.blocked_at AS blockedAt, c.seen_at AS seenAt,
         (SELECT group_concat(DISTINCT h.kind) FROM identities i JOIN channels h ON h.id = i.channel_id WHERE i.contact_id = c.id) AS kinds,
         (SELECT i.username FROM identities i WHERE i.contact_id = c.id AND i.username IS NOT NULL ORDER BY i.last_seen_at DESC LIMIT 1) AS username
       FROM contacts c WHERE ${where.join(' AND ')} ORDER BY c.seen_at ${order}, c.id ${order} LIMIT @limit`,
    )
    .all({ ...values, limit }) as ContactRow[];
  return order === 'ASC' ? rows.reverse() : rows;
}

/** Up to ten thousand: beyond, nobody reads the number, and counting a million would hold everybody up. */
export function countContacts(
  ws: Workspace,
  filter: ContactFilter,
  found: FoundByWords = findByWords(ws, filter.query),
): { n: number; more: boolean } {
  const { where, values } = conditionsOf(ws, filter);
  if (found === 'many' && where.length === 1) return { n: MANY, more: true };
  narrowByWords(filter.query, found, where, values);
  const n = ws.sql
    .prepare(`SELECT count(*) FROM (SELECT 1 FROM contacts c WHERE ${where.join(' AND ')} LIMIT @limit)`)
    .pluck()
    .get({ ...values, limit: MANY + 1 }) as number;
  return { n: Math.min(n, MANY), more: n > MANY };
}

function narrowByWords(query: string, found: FoundByWords, where: string[], values: Record<string, string | number>): void {
  if (found === null) return;
  if (found === 'many') {
    const { condition, value } = matching(query);
    where.push(`c.id IN (SELECT rowid FROM contacts_fts WHERE ${condition})`);
    values['query'] = value;
    return;
  }
  where.push('c.id IN (SELECT value FROM json_each(@ids))');
  values['ids'] = JSON.stringify(found);
}

function conditionsOf(ws: Workspace, filter: ContactFilter): { where: string[]; values: Record<string, string | number> } {
  const where = ['c.erased_at IS NULL'];
  const values: Record<string, string | number> = {};
  if (filter.channel !== null) {
    where.push('EXISTS (SELECT 1 FROM identities i WHERE i.contact_id = c.id AND i.channel_id = @channel)');
    values['channel'] = filter.channel;
  }
  if (filter.label !== null) {
    where.push(
      `(EXISTS (SELECT 1 FROM contact_labels w WHERE w.contact_id = c.id AND w.label_id = @label)
         OR EXISTS (SELECT 1 FROM conversations t JOIN conversation_labels l ON l.conversation_id = t.id
           WHERE t.contact_id = c.id AND l.label_id = @label))`,
    );
    values['label'] = filter.label;
  }
  if (filter.blocked) where.push('c.blocked_at IS NOT NULL');
  if (filter.field !== null) narrowByField(ws, filter.field, filter.value, where, values);
  return { where, values };
}

/** Words are found within what a contact has; a number, a day and what is chosen have to be the same. */
function narrowByField(ws: Workspace, id: number, typed: string, where: string[], values: Record<string, string | number>): void {
  const field = contactFields(ws).find((each) => each.id === id);
  if (!field) return;
  values['field'] = id;
  const has = 'c.id IN (SELECT v.contact_id FROM contact_values v WHERE v.field_id = @field';
  if (typed === '') {
    where.push(`${has})`);
    return;
  }
  const exact = ['number', 'date', 'yes-no', 'choice'].includes(field.kind);
  const read = readValue(field, typed);
  where.push(exact ? `${has} AND v.value = @value)` : `${has} AND v.value LIKE @value ESCAPE '\\')`);
  values['value'] = exact ? ((read.ok ? read.value : null) ?? typed) : containing(typed);
}

const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
