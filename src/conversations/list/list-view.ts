/** The inbox's list as its templates draw it: the line, the tabs, what narrows it, and the rows. */
import { firstWordText, spanText } from '../../web/formats.ts';
import { budgetBanners, type BudgetBanner } from '../../providers/index.ts';
import type { Workspace } from '../../workspace.ts';
import { groupsOf, inboxLine, listHref, rowView, type Group, type Looking } from '../inbox-view.ts';
import { outageNotices, type OutageNotice } from '../outages/outage-page.ts';
import { countSilent } from '../waiting/silence.queries.ts';
import { waitingTimesOf } from '../waiting/waiting-times.ts';
import { filterQuery, narrowed, WHOLE, type Filter, type InboxTab } from './filter.ts';
import { filterForm, type FilterForm } from './filter-form.ts';
import { panelView, type PanelView } from './panel-view.ts';
import { presenceOf } from './presence.ts';
import { inboxCounts, inboxRows, inboxRowsOf, type InboxCounts } from './rows.queries.ts';
import { savedViewsOf } from './saved-views.ts';
import { searchConversations } from './search.queries.ts';

export const ROWS = 50;

export interface Tab {
  href: string;
  name: string;
  count: number;
  current: boolean;
}

export interface ListView {
  line: string;
  wanted: boolean;
  title: string;
  /** Who looks is away. */
  away: boolean;
  tab: InboxTab;
  query: string;
  tabs: Tab[];
  form: FilterForm;
  /** What can be done to those that are selected. */
  panel: PanelView;
  groups: Group[];
  found: number;
  /** Somebody has written here before. */
  ever: boolean;
  /** Something narrows the list. */
  narrowed: boolean;
  /** The same list with more rows; null when all are shown. */
  more: string | null;
  /** Customers have had no answer for too long. */
  silence: { says: string; href: string; shown: boolean } | null;
  outages: OutageNotice[];
  /** Budgets that have stopped answers or, where none has, are nearly spent: for who can raise them. */
  budgets: BudgetBanner[];
}

export function listView(ws: Workspace, looking: Looking, limit: number): ListView {
  const { filter } = looking;
  const counts = inboxCounts(ws, looking.userId);
  const silence = silenceView(ws, looking);
  const { groups, found, all } = filter.query === '' ? listed(ws, looking, limit) : searched(ws, looking, limit);
  return {
    line: inboxLine(counts.waiting),
    wanted: counts.waiting > 0,
    title: counts.waiting > 0 ? `(${counts.waiting}) Inbox` : 'Inbox',
    away: presenceOf(ws, looking.userId).awaySince !== null,
    tab: filter.tab,
    query: filter.query,
    tabs: allTabs(tabsOf(looking, counts, silence?.count ?? null), savedTabs(ws, looking)),
    form: filterForm(ws, looking),
    panel: panelView(looking, null),
    groups,
    found,
    ever: groups.length > 0 || ws.prepare('SELECT 1 FROM conversations LIMIT 1').get() !== undefined,
    narrowed: narrowed(filter),
    more: all ? null : listHref(looking, filter, { rows: String(limit + ROWS) }),
    silence,
    outages: outageNotices(ws, looking),
    budgets: worstBudgets(ws),
  };
}

/** There is little room above a list. */
function worstBudgets(ws: Workspace): BudgetBanner[] {
  const all = budgetBanners(ws);
  const stopped = all.filter(({ kind }) => kind === 'failed');
  return stopped.length > 0 ? stopped : all;
}

interface Listed {
  groups: Group[];
  found: number;
  /** Nothing is left out. */
  all: boolean;
}

function listed(ws: Workspace, looking: Looking, limit: number): Listed {
  // Those who wait stand first and are all shown; of the others one more than that: it tells whether there are more.
  const rows = inboxRows(ws, { filter: looking.filter, userId: looking.userId, limit: limit + 1 });
  const shown = rows.slice(0, limit + rows.filter(({ wantedSince }) => wantedSince !== null).length);
  return { groups: groupsOf(looking, shown), found: shown.length, all: shown.length === rows.length };
}

function searched(ws: Workspace, looking: Looking, limit: number): Listed {
  const { filter, userId, masked } = looking;
  const matches = searchConversations(ws, { filter, userId, masked, limit: limit + 1 });
  const byId = new Map(matches.slice(0, limit).map((match) => [match.conversationId, match]));
  const rows = inboxRowsOf(ws, [...byId.keys()]).map((row) => rowView(looking, row, byId.get(row.id)));
  return { groups: rows.length === 0 ? [] : [{ name: null, wanted: false, rows }], found: rows.length, all: matches.length <= limit };
}

function tabsOf(looking: Looking, counts: InboxCounts, silent: number | null): Tab[] {
  const { filter } = looking;
  const tabs: [InboxTab, string, number][] = [
    ['open', 'Open', 0],
    ...(silent !== null || filter.tab === 'unanswered'
      ? [['unanswered', 'No answer yet', silent ?? 0] satisfies [InboxTab, string, number]]
      : []),
    ['mine', 'Mine', counts.mine],
    ['bot', 'Bot', counts.bot],
    ...(counts.snoozed > 0 || filter.tab === 'snoozed'
      ? [['snoozed', 'Snoozed', counts.snoozed] satisfies [InboxTab, string, number]]
      : []),
    ['done', 'Done', 0],
  ];
  return tabs.map(([tab, name, count]) => ({
    href: listHref(looking, whole(tab)),
    name,
    count,
    current: filter.query === '' && filter.tab === tab,
  }));
}

const whole = (tab: InboxTab): Filter => ({ ...WHOLE, tab, query: '' });

/** One is current at most: a saved list before the tab that it narrows. */
function allTabs(tabs: Tab[], saved: Tab[]): Tab[] {
  const inSaved = saved.some(({ current }) => current);
  return [...tabs.map((tab) => (inSaved ? { ...tab, current: false } : tab)), ...saved];
}

/** Saved lists stand beside the tabs; a list is one of them when its address says the same. */
function savedTabs(ws: Workspace, looking: Looking): Tab[] {
  const now = filterQuery(looking.filter);
  return savedViewsOf(ws, looking.userId).map(({ name, filter }) => ({
    href: `${looking.base}/inbox${filter === '' ? '' : `?${filter}`}`,
    name,
    count: 0,
    current: filter === now,
  }));
}

function silenceView(ws: Workspace, looking: Looking): (NonNullable<ListView['silence']> & { count: number }) | null {
  const { silenceMs } = waitingTimesOf(ws);
  const count = silenceMs === null ? 0 : countSilent(ws, silenceMs);
  if (silenceMs === null || count === 0) return null;
  return {
    says: `${firstWordText(count)} ${count === 1 ? 'customer has' : 'customers have'} had no answer for ${spanText(silenceMs)} or longer.`,
    href: listHref(looking, whole('unanswered')),
    shown: looking.filter.tab === 'unanswered',
    count,
  };
}
