/** What a list can be narrowed by, as its form and its chips show it. */
import type { Workspace } from '../../workspace.ts';
import { listHref, type Looking } from '../inbox-view.ts';
import { filterQuery, narrowed, WHOLE, type Filter, type InboxTab } from './filter.ts';

interface Option {
  value: string;
  label: string;
}

export interface FilterForm {
  tab: string;
  tabs: Option[];
  channel: string;
  channels: Option[];
  bot: string;
  bots: Option[];
  label: string;
  labels: Option[];
  assignee: string;
  assignees: Option[];
  rating: string;
  ratings: Option[];
  unread: boolean;
  wanted: boolean;
  /** What is set, each with the address of the list without it. */
  chips: { says: string; href: string }[];
  /** The list without all of that. */
  clear: string;
  /** Where this list is kept under a name; null where it is a tab as it is. */
  keep: string | null;
}

const TABS: Option[] = [
  { value: 'open', label: 'Open' },
  { value: 'mine', label: 'Mine' },
  { value: 'bot', label: 'With the bot' },
  { value: 'snoozed', label: 'Snoozed' },
  { value: 'done', label: 'Done' },
  { value: 'unanswered', label: 'No answer yet' },
];

const RATINGS: Option[] = [
  { value: 'good', label: 'Good: 👍, 4 or 5' },
  { value: 'middling', label: 'So-so: 3' },
  { value: 'bad', label: 'Bad: 👎, 1 or 2' },
  { value: 'none', label: 'Not rated' },
];

export function filterForm(ws: Workspace, looking: Looking): FilterForm {
  const { filter } = looking;
  const channels = named(ws, 'SELECT id, name FROM channels ORDER BY name');
  const bots = named(ws, 'SELECT id, name FROM bots ORDER BY name');
  const labels = [...looking.labels.values()].map(({ id, name }) => ({ value: String(id), label: name }));
  const assignees = [
    { value: 'me', label: 'You' },
    { value: 'nobody', label: 'Nobody' },
    ...[...looking.names].filter(([userId]) => userId !== looking.userId).map(([userId, name]) => ({ value: String(userId), label: name })),
  ];
  const without = (part: Partial<Filter>): string => listHref(looking, { ...filter, ...part });
  const chip = (options: Option[], key: 'channel' | 'bot' | 'label' | 'assignee' | 'rating', before: string): FilterForm['chips'] =>
    filter[key] === null
      ? []
      : [
          {
            says: `${before} ${options.find(({ value }) => value === String(filter[key]))?.label ?? 'something that is gone'}`,
            href: without({ [key]: null }),
          },
        ];
  return {
    tab: filter.tab === 'all' || (filter.tab === 'open' && filter.query === '') ? '' : filter.tab,
    tabs: filter.query === '' ? [{ value: '', label: 'Open' }, ...TABS.slice(1)] : [{ value: '', label: 'Everywhere' }, ...TABS],
    channel: String(filter.channel ?? ''),
    channels,
    bot: String(filter.bot ?? ''),
    bots,
    label: String(filter.label ?? ''),
    labels,
    assignee: String(filter.assignee ?? ''),
    assignees,
    rating: filter.rating ?? '',
    ratings: RATINGS,
    unread: filter.unread,
    wanted: filter.wanted,
    chips: [
      ...(filter.query !== '' && filter.tab !== 'all' ? [{ says: `In: ${tabName(filter.tab)}`, href: without({ tab: 'all' }) }] : []),
      ...chip(channels, 'channel', 'Channel:'),
      ...chip(bots, 'bot', 'Bot:'),
      ...chip(assignees, 'assignee', 'Assigned to:'),
      ...chip(labels, 'label', 'Label:'),
      ...chip(RATINGS, 'rating', 'Rating:'),
      ...(filter.unread ? [{ says: 'Unread', href: without({ unread: false }) }] : []),
      ...(filter.wanted ? [{ says: 'Waiting for a person', href: without({ wanted: false }) }] : []),
    ],
    clear: listHref(looking, { ...WHOLE, tab: filter.tab === 'all' ? 'open' : filter.tab, query: '' }),
    keep: narrowed(filter) || filter.query !== '' ? `${looking.base}/lists?${new URLSearchParams({ filter: filterQuery(filter) })}` : null,
  };
}

const tabName = (tab: InboxTab): string => TABS.find(({ value }) => value === tab)?.label ?? '';

function named(ws: Workspace, text: string): Option[] {
  return (ws.prepare(text).all() as { id: number; name: string }[]).map(({ id, name }) => ({ value: String(id), label: name }));
}
