/** The inbox's rows and lists as its templates draw them: words, shapes and addresses out of what the queries found. */
import { withoutCitations } from '../lib/citations.ts';
import { firstWordText, spanText } from '../web/formats.ts';
import type { Zone } from '../web/zones.ts';
import { namedParts } from './file-view.ts';
import { filterQuery, type Filter } from './list/filter.ts';
import type { Label } from './list/labels.ts';
import type { InboxRow } from './list/rows.queries.ts';
import { ratingMark, type RatingMark } from './rating/rating-words.ts';
import type { Match } from './list/search.queries.ts';

/** Who looks, and at what: the same for the page, its fragments and its stream. */
export interface Looking {
  /** `/w/<workspace>` */
  base: string;
  userId: number;
  now: number;
  zone: Zone;
  /** Names of those who answer here, by user id. */
  names: ReadonlyMap<number, string>;
  /** Who may be given conversations, by user id. */
  answerers: number[];
  labels: ReadonlyMap<number, Label>;
  filter: Filter;
  /** The language they read: what is translated is translated into it. */
  reads: string;
  /** Who may only look sees no addresses and numbers whole. */
  masked: boolean;
  /** The conversation that is open beside the list. */
  current: number | null;
  /** Conversations in which who looks has begun to write. */
  drafts: ReadonlySet<number>;
  /** The message that is to be replied to, where the address says so. */
  reply?: number;
}

export interface RowView {
  id: number;
  href: string;
  icon: string;
  name: string;
  named: Excerpt[];
  at: number;
  labels: Label[];
  /** Who is to see to it, where that isn't who has it. */
  assignee: string | null;
  snoozedUntil: number | null;
  rating: RatingMark | null;
  who: string;
  said: Excerpt[];
  state: { kind: string; says: string } | null;
  unread: boolean;
  waiting: boolean;
  /** Who looks has begun to write there. */
  draft: boolean;
  current: boolean;
}

/** A piece of a row's words; `found` is what a search was for. */
export interface Excerpt {
  text: string;
  found: boolean;
}

export interface Group {
  name: string | null;
  wanted: boolean;
  rows: RowView[];
}

const ICONS: Record<string, string> = {
  widget: 'world',
  telegram: 'brand-telegram',
  whatsapp: 'brand-whatsapp',
  'whatsapp-linked': 'brand-whatsapp',
  messenger: 'brand-messenger',
  instagram: 'brand-instagram',
};

export function channelIcon(kind: string): string {
  return ICONS[kind] ?? 'message-circle';
}

/** A customer's name, or what one knows of somebody who gave none. */
export function customerName(row: Pick<InboxRow, 'name' | 'username' | 'channelKind' | 'channelName'>): string {
  if (row.name) return row.name;
  if (row.username) return `@${row.username}`;
  return row.channelKind === 'widget' ? 'Visitor on the website' : `Somebody on ${row.channelName}`;
}

export function memberName(looking: Pick<Looking, 'names'>, userId: number): string {
  return looking.names.get(userId) ?? 'Somebody who left';
}

/** The address of a conversation that keeps the list beside it as it is. */
export function conversationHref({ base, filter }: Pick<Looking, 'base' | 'filter'>, id: number): string {
  return `${base}/conversations/${id}${asQuery(filterQuery(filter))}`;
}

/** The address of a list. */
export function listHref({ base }: Pick<Looking, 'base'>, filter: Filter, more: Record<string, string> = {}): string {
  return `${base}/inbox${asQuery([filterQuery(filter), new URLSearchParams(more).toString()].filter(Boolean).join('&'))}`;
}

const asQuery = (query: string): string => (query === '' ? '' : `?${query}`);

export function rowView(looking: Looking, row: InboxRow, match: Omit<Match, 'conversationId'> = {}): RowView {
  const name = customerName(row);
  return {
    id: row.id,
    href: conversationHref(looking, row.id),
    icon: channelIcon(row.channelKind),
    name,
    named: match.name === undefined ? [{ text: name, found: false }] : pieces(match.name),
    at: row.lastAt,
    ...markedWith(looking, row),
    ...lastWords(looking, row, match.excerpt),
    state: stateOf(looking, row),
    unread: row.unread > 0 && row.id !== looking.current,
    waiting: row.wantedSince !== null && row.status === 'open',
    draft: looking.drafts.has(row.id),
    current: row.id === looking.current,
  };
}

/** How it is marked: labels, who is to see to it, until when it is put off, what its customer thought of it. */
export function markedWith(looking: Looking, row: InboxRow): Pick<RowView, 'labels' | 'assignee' | 'snoozedUntil' | 'rating'> {
  return {
    labels: row.labelIds.flatMap((id) => looking.labels.get(id) ?? []),
    assignee: assigneeOf(looking, row),
    snoozedUntil: row.status === 'open' ? row.snoozedUntil : null,
    rating: row.rating && ratingMark(row.rating),
  };
}

function assigneeOf(looking: Looking, { assigneeId, holderId, turn, status }: InboxRow): string | null {
  if (assigneeId === null || status === 'resolved' || (turn === 'person' && holderId === assigneeId)) return null;
  return assigneeId === looking.userId ? 'You' : memberName(looking, assigneeId);
}

/** Who waits is known by what they asked: that the bot has called somebody is said by the row itself. */
function lastWords(looking: Looking, row: InboxRow, excerpt: string | undefined): Pick<RowView, 'who' | 'said'> {
  if (excerpt !== undefined) return { who: '', said: pieces(excerpt) };
  if (row.asked !== null && row.lastAuthor === 'bot') return { who: '', said: [{ text: namedParts(row.asked), found: false }] };
  const text = row.lastAuthor === 'bot' ? plainWords(row.lastWords) : namedParts(row.lastWords);
  return { who: lastSpeaker(looking, row), said: [{ text, found: false }] };
}

/** A bot's words for one line: without marks and citations, and without a line that only leads to what follows. */
function plainWords(markdown: string): string {
  return withoutCitations(markdown)
    .replace(/^[^\n]*[:：][ ]*\n+(?=\S)/u, '')
    .replace(/\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/\*\*|__|`|^(?:#{1,6}|[-*>]) +/gm, '');
}

function lastSpeaker(looking: Looking, row: InboxRow): string {
  if (row.lastAuthor === 'bot') return 'Bot:';
  if (row.lastAuthor !== 'person') return '';
  if (row.lastUserId === looking.userId) return 'You:';
  return row.lastUserId === null ? 'By hand:' : `${memberName(looking, row.lastUserId)}:`;
}

function stateOf(looking: Looking, row: InboxRow): RowView['state'] {
  if (row.trouble === 'uncertain') return { kind: 'failed', says: 'A message is uncertain' };
  if (row.trouble === 'failed') return { kind: 'failed', says: 'A message was not delivered' };
  if (row.status === 'resolved') return null;
  if (row.wantedSince !== null) return { kind: 'wanted', says: `Has waited ${spanText(looking.now - row.wantedSince)}` };
  if (row.answering) return { kind: 'busy', says: 'Answering now' };
  return null;
}

/** A match's words, cut where the search put its marks (\u0002 before, \u0003 after). */
function pieces(excerpt: string): Excerpt[] {
  return excerpt
    .split(/\u0002([^\u0003]*)\u0003/)
    .map((text, index) => ({ text, found: index % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

const GROUPS = ['Waiting for a person', 'With you', 'With your team', 'With the bot'];

function groupOf({ userId }: Looking, row: InboxRow): number {
  if (row.wantedSince !== null) return 0;
  if (row.holderId === userId || (row.holderId === null && row.assigneeId === userId)) return 1;
  return row.turn === 'person' ? 2 : 3;
}

/** Under Open, those who wait stand first, then yours, your colleagues', the bot's. Other tabs are one list. */
export function groupsOf(looking: Looking, rows: InboxRow[]): Group[] {
  if (looking.filter.tab !== 'open')
    return rows.length === 0 ? [] : [{ name: null, wanted: false, rows: rows.map((row) => rowView(looking, row)) }];
  return GROUPS.map((name, index) => ({
    name,
    wanted: index === 0,
    rows: rows.filter((row) => groupOf(looking, row) === index).map((row) => rowView(looking, row)),
  })).filter((group) => group.rows.length > 0);
}

/** The line that opens the inbox. */
export function inboxLine(waiting: number): string {
  if (waiting === 0) return 'No one waits.';
  return `${firstWordText(waiting)} ${waiting === 1 ? 'person is' : 'people are'} waiting.`;
}
