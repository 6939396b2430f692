/** The inbox's rows and lists as its templates draw them: words, shapes and addresses out of what the queries found. */
import { withoutCitations } from '../lib/citations.ts';
import { firstWordText, spanText } from '../web/formats.ts';
import type { Zone } from '../web/zones.ts';
import { namedParts } from './file-view.ts';
import type { InboxRow, InboxTab } from './inbox.queries.ts';

/** Who looks, and at what: the same for the page, its fragments and its stream. */
export interface Looking {
  /** `/w/<workspace>` */
  base: string;
  userId: number;
  now: number;
  zone: Zone;
  /** Names of those who answer here, by user id. */
  names: ReadonlyMap<number, string>;
  tab: InboxTab;
  query: string;
  /** The conversation that is open beside the list. */
  current: number | null;
}

export interface RowView {
  id: number;
  href: string;
  icon: string;
  name: string;
  at: number;
  who: string;
  said: Excerpt[];
  state: { kind: string; says: string } | null;
  unread: boolean;
  waiting: boolean;
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
export function conversationHref({ base, tab, query }: Pick<Looking, 'base' | 'tab' | 'query'>, id: number): string {
  return `${base}/conversations/${id}${listQuery(tab, query)}`;
}

export function listQuery(tab: InboxTab, query: string): string {
  const search = new URLSearchParams({ ...(tab === 'open' ? {} : { tab }), ...(query === '' ? {} : { q: query }) });
  return search.size === 0 ? '' : `?${search}`;
}

export function rowView(looking: Looking, row: InboxRow, excerpt?: string): RowView {
  return {
    id: row.id,
    href: conversationHref(looking, row.id),
    icon: channelIcon(row.channelKind),
    name: customerName(row),
    at: row.lastAt,
    ...lastWords(looking, row, excerpt),
    state: stateOf(looking, row),
    unread: row.unread > 0 && row.id !== looking.current,
    waiting: row.wantedSince !== null && row.status === 'open',
    current: row.id === looking.current,
  };
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

/** Under Open, those who wait stand first, then yours, your colleagues', the bot's. Other tabs are one list. */
export function groupsOf(looking: Looking, rows: InboxRow[]): Group[] {
  if (looking.tab !== 'open')
    return rows.length === 0 ? [] : [{ name: null, wanted: false, rows: rows.map((row) => rowView(looking, row)) }];
  const groups: { name: string; wanted: boolean; holds: (row: InboxRow) => boolean }[] = [
    { name: 'Waiting for a person', wanted: true, holds: (row) => row.wantedSince !== null },
    {
      name: 'With you',
      wanted: false,
      holds: (row) => row.wantedSince === null && row.turn === 'person' && row.holderId === looking.userId,
    },
    {
      name: 'With your team',
      wanted: false,
      holds: (row) => row.wantedSince === null && row.turn === 'person' && row.holderId !== looking.userId,
    },
    { name: 'With the bot', wanted: false, holds: (row) => row.wantedSince === null && row.turn === 'bot' },
  ];
  return groups
    .map(({ name, wanted, holds }) => ({ name, wanted, rows: rows.filter(holds).map((row) => rowView(looking, row)) }))
    .filter((group) => group.rows.length > 0);
}

/** The line that opens the inbox. */
export function inboxLine(waiting: number): string {
  if (waiting === 0) return 'No one waits.';
  return `${firstWordText(waiting)} ${waiting === 1 ? 'person is' : 'people are'} waiting.`;
}
