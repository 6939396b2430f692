/** What a list of the inbox shows, as its address says it: shareable, and the same for the page, its stream and a saved view. */
import { z } from 'zod';

export const tabs = ['open', 'mine', 'bot', 'snoozed', 'done', 'unanswered', 'all'] as const;
export type InboxTab = (typeof tabs)[number];

/** What a customer thought of a conversation; 'none': nobody has said. */
export const ratings = ['good', 'middling', 'bad', 'none'] as const;
export type Rated = (typeof ratings)[number];

export interface Filter {
  /** 'all' is for a search: everything, whatever its state. */
  tab: InboxTab;
  query: string;
  channel: number | null;
  bot: number | null;
  label: number | null;
  rating: Rated | null;
  /** A user's id, who looks, or nobody. */
  assignee: number | 'me' | 'nobody' | null;
  unread: boolean;
  /** Waiting for a person. */
  wanted: boolean;
}

const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).nullable().catch(null).default(null);
const yes = z
  .literal('1')
  .optional()
  .catch(undefined)
  .transform((value) => value === '1');

/** Forgiving: an address is typed, cut and kept for years. What it doesn't understand it leaves out. */
export const filterFields = {
  tab: z.enum(tabs).optional().catch(undefined),
  q: z.string().trim().max(200).catch(''),
  channel: id,
  bot: id,
  label: id,
  assignee: z.union([z.enum(['me', 'nobody']), id]).catch(null),
  rating: z.enum(ratings).nullable().catch(null).default(null),
  unread: yes,
  wanted: yes,
};
const schema = z.object(filterFields);

/** A search looks everywhere unless it says where; without one it is what is open. */
export function filterOf({ tab, q, ...rest }: z.output<typeof schema>): Filter {
  return { ...rest, query: q, tab: tab === undefined || (tab === 'all' && q === '') ? defaultTab(q) : tab };
}

/** Reads the query of an address: `tab=done&label=3`. */
export function readFilter(search: string): Filter {
  return filterOf(schema.parse(Object.fromEntries(new URLSearchParams(search))));
}

const defaultTab = (query: string): InboxTab => (query === '' ? 'open' : 'all');

/** The query of a filter's address, without a question mark: equal filters give equal queries. */
export function filterQuery(filter: Filter): string {
  const { tab, query, unread, wanted } = filter;
  const search = new URLSearchParams();
  if (tab !== defaultTab(query)) search.set('tab', tab);
  if (query !== '') search.set('q', query);
  for (const key of ['channel', 'bot', 'assignee', 'label', 'rating'] as const)
    if (filter[key] !== null) search.set(key, String(filter[key]));
  if (unread) search.set('unread', '1');
  if (wanted) search.set('wanted', '1');
  return search.toString();
}

/** The whole list of a tab, unless something narrows it. */
export function narrowed({ channel, bot, label, assignee, rating, unread, wanted }: Filter): boolean {
  return [channel, bot, label, assignee, rating].some((set) => set !== null) || unread || wanted;
}

export const WHOLE: Omit<Filter, 'tab' | 'query'> = {
  channel: null,
  bot: null,
  label: null,
  assignee: null,
  rating: null,
  unread: false,
  wanted: false,
};

/** Conditions on `conversations c`, and what they are bound to. Only what narrows stands in it, so that each list has its own plan. */
export function conditionsOf(filter: Filter, userId: number): { where: string; values: Record<string, string | number> } {
  const conditions: string[] = [...TAB[filter.tab]];
  const values: Record<string, string | number> = { userId };
  const narrow = (name: 'channel' | 'bot' | 'label', condition: string): void => {
    const value = filter[name];
    if (value === null) return;
    conditions.push(condition);
    values[name] = value;
  };
  narrow('channel', 'c.channel_id = @channel');
  narrow('bot', 'c.bot_id = @bot');
  narrow('label', 'EXISTS (SELECT 1 FROM conversation_labels l WHERE l.conversation_id = c.id AND l.label_id = @label)');
  if (filter.assignee === 'nobody') conditions.push('c.assignee_id IS NULL');
  else if (filter.assignee !== null) {
    conditions.push('c.assignee_id = @assignee');
    values['assignee'] = filter.assignee === 'me' ? userId : filter.assignee;
  }
  if (filter.rating !== null) conditions.push(RATED[filter.rating]);
  if (filter.unread) conditions.push('c.unread > 0');
  if (filter.wanted) conditions.push('c.wanted_since IS NOT NULL');
  return { where: conditions.length === 0 ? '1' : conditions.join(' AND '), values };
}

const RATING = '(SELECT r.value FROM conversation_ratings r WHERE r.conversation_id = c.id)';
/** On both scales: thumbs are worth 5 and 1. */
const RATED: Record<Rated, string> = {
  good: `${RATING} >= 4`,
  middling: `${RATING} = 3`,
  bad: `${RATING} <= 2`,
  none: `${RATING} IS NULL`,
};
const AWAKE = ["c.status = 'open'", 'c.snoozed_until IS NULL'];
const TAB: Record<InboxTab, string[]> = {
  open: AWAKE,
  mine: [...AWAKE, '(c.holder_id = @userId OR c.assignee_id = @userId)'],
  bot: [...AWAKE, "c.turn = 'bot'", 'c.wanted_since IS NULL'],
  snoozed: ["c.status = 'open'", 'c.snoozed_until IS NOT NULL'],
  done: ["c.status = 'resolved'"],
  unanswered: [],
  all: [],
};
