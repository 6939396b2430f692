/** Finds conversations by what was said in them, notes too, and by who their customer is. */
import { indexMessages } from '../index-messages.ts';
import type { Workspace } from '../../workspace.ts';
import { conditionsOf, type Filter } from './filter.ts';

const WORDS_AT_MOST = 8;
/** However rare a filter makes matches: the newest so many are looked at. */
const MESSAGES_AT_MOST = 20_000;

export interface Match {
  conversationId: number;
  /** What was found, with \u0002 and \u0003 around each match: in the customer's name, or in what stands in the row below it. */
  name?: string;
  excerpt?: string;
}

interface Search {
  filter: Filter;
  userId: number;
  limit: number;
  /** Who may only look sees no addresses and numbers, and finds nobody by them either. */
  masked: boolean;
}

/**
 * Conversations that hold every word of the filter's query in one message, or in what is known of their customer: those first,
 * then by the newest message. Words of one or two letters can't be found by trigrams and are looked for in the newest messages.
 * Nothing in the query is an operator.
 */
export function searchConversations(ws: Workspace, search: Search): Match[] {
  // A null byte would end the query in the middle of a word.
  const words = search.filter.query
    .normalize('NFC')
    .split(/[\s\p{Cc}]+/u)
    .filter(Boolean)
    .slice(0, WORDS_AT_MOST);
  if (words.length === 0) return [];
  indexMessages(ws);
  const found = new Map<number, Match>();
  for (const match of byCustomer(ws, words, search)) if (found.size < search.limit) found.set(match.conversationId, match);
  for (const match of byMessage(ws, words, search)) {
    if (found.size >= search.limit) break;
    if (!found.has(match.conversationId)) found.set(match.conversationId, match);
  }
  return [...found.values()];
}

/** What was restricted or erased is found by no search. */
const SERVED = '(SELECT coalesce(p.restricted_at, p.erased_at) FROM contacts p WHERE p.id = c.contact_id) IS NULL';

/** Read as far as is needed: a common word is in hundreds of thousands of messages. */
function byMessage(ws: Workspace, words: string[], { filter, userId }: Search): Iterable<Match> {
  const { where, values } = conditionsOf(filter, userId);
  const long = words.filter((word) => [...word].length >= 3);
  const short = words.filter((word) => [...word].length < 3);
  const like = short.map((word, index) => {
    values[`short${index}`] = pattern(word);
    return ` AND m.text LIKE @short${index} ESCAPE '\\'`;
  });
  const kept = `m.author <> 'event' AND m.revoked_at IS NULL${like.join('')} AND ${where} AND ${SERVED}`;
  const text =
    long.length > 0
      ? `SELECT m.conversation_id AS conversationId, snippet(messages_fts, 0, char(2), char(3), '…', 60) AS excerpt
         FROM messages_fts CROSS JOIN messages m ON m.id = messages_fts.rowid CROSS JOIN conversations c ON c.id = m.conversation_id
         WHERE messages_fts MATCH @words AND ${kept} ORDER BY messages_fts.rowid DESC LIMIT ${MESSAGES_AT_MOST}`
      : `SELECT m.conversation_id AS conversationId, m.text AS excerpt
         FROM (SELECT * FROM messages ORDER BY id DESC LIMIT ${MESSAGES_AT_MOST}) m CROSS JOIN conversations c ON c.id = m.conversation_id
         WHERE ${kept} ORDER BY m.id DESC`;
  values['words'] = long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' ');
  const rows = ws.prepare(text).iterate(values) as Iterable<{ conversationId: number; excerpt: string }>;
  return readAs(rows, ({ conversationId, excerpt }) => ({
    conversationId,
    excerpt: wholeWords(long.length > 0 ? excerpt : around(excerpt, short)),
  }));
}

function* readAs<T, U>(rows: Iterable<T>, read: (row: T) => U): Generator<U> {
  for (const row of rows) yield read(row);
}

/** All that one is known by, in one text: each word may stand in another part of it. */
function byCustomer(ws: Workspace, words: string[], { filter, userId, limit, masked }: Search): Match[] {
  const { where, values } = conditionsOf(filter, userId);
  const known = masked ? KNOWN_TO_ALL : [...KNOWN_TO_ALL, ...KNOWN_TO_TEAM];
  const text = `concat_ws(' ', ${known.join(', ')})`;
  const like = words.map((word, index) => {
    values[`word${index}`] = pattern(word);
    return `${text} LIKE @word${index} ESCAPE '\\'`;
  });
  const rows = ws
    .prepare(
      `SELECT c.id AS conversationId, coalesce(p.name, i.display_name, '') AS name, ${text} AS known
       FROM identities i CROSS JOIN contacts p ON p.id = i.contact_id CROSS JOIN conversations c ON c.identity_id = i.id
       WHERE ${like.join(' AND ')} AND ${where} AND ${SERVED} ORDER BY c.last_at DESC LIMIT @limit`,
    )
    .all({ ...values, limit }) as { conversationId: number; name: string; known: string }[];
  return rows.map(({ conversationId, name, known: whole }) => {
    const marked = mark(name, words);
    const inName = words.every((word) => name.toLowerCase().includes(word.toLowerCase()));
    return inName ? { conversationId, name: marked } : { conversationId, excerpt: mark(whole, words) };
  });
}

const KNOWN_TO_ALL = ['p.name', 'i.display_name'];
/** A visitor of the widget has a random number for an id, which nobody looks for. */
const KNOWN_TO_TEAM = ['i.username', 'p.email', 'p.phone', "CASE WHEN i.external_id GLOB '[0-9]*' THEN '+' || i.external_id END"];

const pattern = (word: string): string => `%${word.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;

/** Marks each word wherever it stands, whatever its case. */
function mark(text: string, words: string[]): string {
  const any = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return text.replace(new RegExp(any, 'giu'), (found) => `\u0002${found}\u0003`);
}

/** The words around the first match, for what trigrams can't cut. */
function around(text: string, words: string[]): string {
  const [at] = words.map((word) => text.toLowerCase().indexOf(word.toLowerCase())).sort((a, b) => a - b);
  const from = Math.max(0, (at ?? 0) - 30);
  const cut = text.slice(from, from + 120).toWellFormed();
  return `${from > 0 ? '…' : ''}${mark(cut, words)}${from + 120 < text.length ? '…' : ''}`;
}

/** Trigrams are cut anywhere; an excerpt begins and ends with whole words. */
function wholeWords(excerpt: string): string {
  return excerpt.replace(/^…[^\s\u0002]*\s+/u, '…').replace(/\s+[^\s\u0003]*…$/u, '…');
}
