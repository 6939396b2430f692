/** Gathers what an inbox page, one of its fragments or its stream shows. */
import { membersOf } from '../accounts/index.ts';
import { contactCard } from '../contacts/index.ts';
import { randomToken } from '../lib/ids.ts';
import { firstWordText, spanText } from '../web/formats.ts';
import { roleMay, type Role } from '../web/permissions.ts';
import type { Zone } from '../web/zones.ts';
import type { Workspace } from '../workspace.ts';
import { conversationById } from './conversation.ts';
import { groupsOf, inboxLine, listQuery, rowView, type Group, type Looking } from './inbox-view.ts';
import {
  conversationHead,
  inboxCounts,
  inboxRows,
  inboxRowsOf,
  messageAbove,
  messagesOf,
  messagesSince,
  type ConversationHead,
  type InboxTab,
} from './inbox.queries.ts';
import { outageNotices, type OutageNotice } from './outages/outage-page.ts';
import { searchMessages } from './search-messages.ts';
import { cardView, talkView, type CardView, type TalkView } from './talk-view.ts';
import { timeWindow } from './time-window.ts';
import { threadItems, type ThreadItem, type ThreadOf } from './thread-view.ts';
import { countSilent } from './waiting/silence.queries.ts';
import { waitingTimesOf } from './waiting/waiting-times.ts';

export const ROWS = 50;
const MESSAGES = 50;
const MATCHES = 40;

/** The member who looks. */
export interface Asker {
  workspace: Workspace;
  userId: number;
  role: Role;
  zone: Zone;
}

/** What an address asks for. */
export interface Address {
  tab: InboxTab;
  query: string;
  current: number | null;
  /** How many rows the list shows. */
  rows: number;
}

export function lookingAt(
  { workspace, userId, zone }: Asker,
  { tab, query, current }: Pick<Address, 'tab' | 'query' | 'current'>,
): Looking {
  return {
    base: `/w/${workspace.id}`,
    userId,
    now: workspace.clock.now(),
    zone,
    names: new Map(membersOf(workspace).map((member) => [member.userId, member.firstName])),
    tab,
    query,
    current,
  };
}

export interface ListView {
  line: string;
  wanted: boolean;
  title: string;
  tab: InboxTab;
  query: string;
  tabs: { href: string; name: string; count: number; current: boolean }[];
  groups: Group[];
  found: number;
  /** Somebody has written here before. */
  ever: boolean;
  /** The same list with more rows; null when all are shown. */
  more: string | null;
  /** Customers have had no answer for too long. */
  silence: { says: string; href: string; shown: boolean } | null;
  outages: OutageNotice[];
}

export function listView(ws: Workspace, looking: Looking, limit: number): ListView {
  const { tab, query } = looking;
  const counts = inboxCounts(ws, looking.userId);
  const tabs: [InboxTab, string, number][] = [
    ['open', 'Open', 0],
    ['mine', 'Mine', counts.mine],
    ['bot', 'Bot', counts.bot],
    ['done', 'Done', 0],
  ];
  const silence = silenceView(ws, looking);
  if (silence !== null || tab === 'unanswered') tabs.splice(1, 0, ['unanswered', 'No answer yet', silence?.count ?? 0]);
  const found = query === '' ? null : searchMessages(ws, query, MATCHES);
  // Those who wait stand first and are all shown; of the others one more than that: it tells whether there are more.
  const rows = found ? [] : inboxRows(ws, { tab, userId: looking.userId, limit: limit + 1 });
  const shown = rows.slice(0, limit + rows.filter(({ wantedSince }) => wantedSince !== null).length);
  return {
    line: inboxLine(counts.waiting),
    wanted: counts.waiting > 0,
    title: counts.waiting > 0 ? `(${counts.waiting}) Inbox` : 'Inbox',
    tab,
    query,
    tabs: tabs.map(([key, name, count]) => ({
      href: `${looking.base}/inbox${listQuery(key, '')}`,
      name,
      count,
      current: query === '' && key === tab,
    })),
    groups: found ? matches(ws, looking, found) : groupsOf(looking, shown),
    found: found?.length ?? 0,
    ever: shown.length > 0 || ws.prepare('SELECT 1 FROM conversations LIMIT 1').get() !== undefined,
    more: shown.length < rows.length ? `${looking.base}/inbox?${new URLSearchParams({ tab, rows: String(limit + ROWS) })}` : null,
    silence,
    outages: outageNotices(ws, looking),
  };
}

function silenceView(ws: Workspace, { base, tab }: Looking): (NonNullable<ListView['silence']> & { count: number }) | null {
  const { silenceMs } = waitingTimesOf(ws);
  const count = silenceMs === null ? 0 : countSilent(ws, silenceMs);
  if (silenceMs === null || count === 0) return null;
  return {
    says: `${firstWordText(count)} ${count === 1 ? 'customer has' : 'customers have'} had no answer for ${spanText(silenceMs)} or longer.`,
    href: `${base}/inbox${listQuery('unanswered', '')}`,
    shown: tab === 'unanswered',
    count,
  };
}

function matches(ws: Workspace, looking: Looking, found: { conversationId: number; excerpt: string }[]): Group[] {
  const excerpts = new Map(found.map((match) => [match.conversationId, match.excerpt]));
  const rows = inboxRowsOf(ws, [...excerpts.keys()]);
  return rows.length === 0 ? [] : [{ name: null, wanted: false, rows: rows.map((row) => rowView(looking, row, excerpts.get(row.id))) }];
}

export interface Conversed {
  talk: TalkView;
  card: CardView | null;
  items: ThreadItem[];
  /** Leads to the messages before these; null when there are none. */
  earlier: string | null;
  /** The oldest message on the page: a stream tells only of this one and later ones. */
  from: number;
  draftId: string;
}

/** A conversation with its newest messages, or those before `before`; undefined when there is none. */
export function conversed(asker: Asker, looking: Looking, before?: number): Conversed | undefined {
  const ws = asker.workspace;
  const head = looking.current === null ? undefined : conversationHead(ws, looking.current);
  if (!head) return undefined;
  const messages = messagesOf(ws, head.id, { limit: MESSAGES + 1, ...(before === undefined ? {} : { before }) });
  // One more than is shown: it tells whether there are earlier ones, and what stands just above the first.
  const above = messages.length > MESSAGES ? messages.shift() : undefined;
  const of = threadOf(asker, looking, head);
  const [first] = messages;
  const card = contactCard(ws, head.contactId);
  return {
    talk: talkOf(asker, looking, head),
    card: card ? cardView(card, head, asker.role === 'viewer') : null,
    items: threadItems(of, messages, above),
    earlier: above && first ? `${looking.base}/conversations/${head.id}?${new URLSearchParams({ before: String(first.id) })}` : null,
    from: first?.id ?? 0,
    draftId: randomToken(),
  };
}

export function talkOf({ workspace, role }: Asker, looking: Looking, head: ConversationHead): TalkView {
  const conversation = conversationById(workspace, head.id);
  return talkView(looking, head, {
    mayAnswer: roleMay(role, 'conversation.answer'),
    silenced: conversation?.silenced ?? false,
    window: conversation ? timeWindow(workspace, conversation) : null,
    waiting: inboxCounts(workspace, looking.userId).waiting,
  });
}

export function threadOf({ zone, role }: Asker, looking: Looking, head: ConversationHead): ThreadOf {
  return { looking, head, zone, mayAnswer: roleMay(role, 'conversation.answer') };
}

/** What changed in the open conversation after `revision`, from the message `from` on. */
export function changedItems(ws: Workspace, of: ThreadOf, revision: number, from: number): ThreadItem[] {
  const changed = messagesSince(ws, of.head.id, revision).filter((message) => message.id >= from);
  return changed.flatMap((message) => threadItems(of, [message], messageAbove(ws, message)));
}
