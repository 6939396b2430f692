/** Everything the dashboard shows, as tables: the page draws them, and their CSV is written from the same cells. */
import type { AskedGroup } from './asked-most.ts';
import type { Day } from './days.ts';
import { messages, neither, noFigures, waitOf, type Figures } from './figures.ts';
import type { Choice, Told } from './figures.queries.ts';
import type { UnansweredGroup } from './unanswered-in.ts';

export type Cell =
  | { form: 'text'; value: string; unit?: string }
  /** 2026-11-18 */
  | { form: 'day'; value: string }
  | { form: 'count'; value: number }
  /** 0 to 1; null of nothing. */
  | { form: 'share'; value: number | null }
  /** How much more there is than before, as a share of it: -0.2 is a fifth less; null where nothing was. */
  | { form: 'change'; value: number | null }
  /** ms; null when nobody was answered. */
  | { form: 'wait'; value: number | null }
  /** Micro-units. */
  | { form: 'money'; value: number; currency: string };

export interface Column {
  name: string;
  /** What a CSV must say beside the name, since its numbers are bare. */
  unit?: string;
}

export interface Table {
  key: TableKey;
  title: string;
  columns: Column[];
  rows: Cell[][];
}

export const TABLES = [
  'compared',
  'conversations',
  'messages',
  'waits',
  'costs',
  'ratings',
  'channels',
  'bots',
  'asked',
  'unanswered',
] as const;
export type TableKey = (typeof TABLES)[number];

const text = (value: string, unit?: string): Cell => ({ form: 'text', value, ...(unit ? { unit } : {}) });
const count = (value: number): Cell => ({ form: 'count', value });
const wait = (figures: Figures, by: 'bot' | 'person', share: number): Cell => ({ form: 'wait', value: waitOf(figures.waits[by], share) });
const money = (figures: Figures, currency: string): Cell => ({ form: 'money', value: figures.costs.get(currency) ?? 0, currency });

export const HALF = 0.5;
export const NINE_IN_TEN = 0.9;
const WAITS = [
  ['Bot', 'half', 'bot', HALF],
  ['Bot', '9 in 10', 'bot', NINE_IN_TEN],
  ['People', 'half', 'person', HALF],
  ['People', '9 in 10', 'person', NINE_IN_TEN],
] as const;
const SECONDS = 'seconds';

/** What a table's rows are made of, each with how it is headed. */
type Part = [column: Column, cell: (figures: Figures) => Cell];

const CONVERSATIONS: Part[] = [
  [{ name: 'Conversations' }, (figures) => count(figures.conversations)],
  [{ name: 'Bot alone' }, (figures) => count(figures.alone)],
  [{ name: 'Handed over' }, (figures) => count(figures.handed)],
  [{ name: 'Neither' }, (figures) => count(neither(figures))],
];
const MESSAGES: [Part, Part, Part, Part] = [
  [{ name: 'From customers' }, (figures) => count(figures.fromCustomers)],
  [{ name: 'From the bot' }, (figures) => count(figures.fromBot)],
  [{ name: 'From people' }, (figures) => count(figures.fromPeople)],
  [{ name: 'Messages' }, (figures) => count(messages(figures))],
];
const ANSWERS_RATED: [Part, Part, Part] = [
  [{ name: 'Good answers' }, (figures) => count(figures.good)],
  [{ name: 'Bad answers' }, (figures) => count(figures.bad)],
  [{ name: 'Of them good' }, ({ good, bad }) => ({ form: 'share', value: good + bad === 0 ? null : good / (good + bad) })],
];
const CONVERSATIONS_RATED: [Part, Part, Part, Part] = [
  [{ name: 'Conversations rated' }, (figures) => count(figures.rated)],
  [{ name: 'Rated good' }, (figures) => count(figures.ratedGood)],
  [{ name: 'Rated bad' }, (figures) => count(figures.ratedBad)],
  [{ name: 'Share rated good' }, ({ rated, ratedGood }) => ({ form: 'share', value: rated === 0 ? null : ratedGood / rated })],
];
const [GOOD, BAD] = ANSWERS_RATED;
const [, RATED_GOOD, RATED_BAD] = CONVERSATIONS_RATED;
const [, , , ALL_MESSAGES] = MESSAGES;
/** `what` stands behind who answered, where the table's title doesn't say it. */
const waitParts = (what: string): Part[] =>
  WAITS.map(([who, part, by, share]) => [{ name: `${who}${what}, ${part}`, unit: SECONDS }, (figures) => wait(figures, by, share)]);
const WAITED = waitParts('’s first answer');
const costParts = (currencies: readonly string[]): Part[] =>
  currencies.map((currency) => [{ name: `Cost, ${currency}` }, (figures) => money(figures, currency)]);

const saved = (minutes: number): Part => [{ name: 'Minutes saved' }, ({ answers }) => count(answers * minutes)];

/** What stands beside each other where there is no room for everything. */
const shortParts = (currencies: readonly string[]): Part[] => [
  ...CONVERSATIONS,
  ...WAITED,
  GOOD,
  BAD,
  RATED_GOOD,
  RATED_BAD,
  ALL_MESSAGES,
  ...costParts(currencies),
];

/** Currencies of a time, the one that most was paid in first; `own` where nothing was. */
export function currenciesOf({ costs }: Figures, own: string): string[] {
  return costs.size === 0
    ? [own]
    : [...costs].sort(([a, one], [b, other]) => other - one || a.localeCompare(b)).map(([currency]) => currency);
}

export interface Material {
  days: readonly Day[];
  now: Told;
  before: Told;
  /** How the two periods are headed. */
  says: [now: string, before: string];
  channels: readonly Choice[];
  bots: readonly Choice[];
  currencies: readonly string[];
  /** What an answer of the bot saves a person, as the business sees it. */
  minutesPerAnswer: number;
}

export function comparedTable({ now, before, says: [nowSays, beforeSays], currencies, minutesPerAnswer }: Material): Table {
  const parts: Part[] = [
    ...shortParts(currencies),
    [{ name: 'Answers of the bot' }, ({ answers }) => count(answers)],
    saved(minutesPerAnswer),
  ];
  return {
    key: 'compared',
    title: 'Compared with before',
    columns: [{ name: 'Figure' }, { name: nowSays }, { name: beforeSays }, { name: 'Change' }],
    rows: parts.map(([{ name, unit }, cell]) => {
      const [one, other] = [cell(now.total), cell(before.total)];
      return [text(name, unit), one, other, changeOf(one, other)];
    }),
  };
}

function changeOf(now: Cell, before: Cell): Cell {
  const known = typeof now.value === 'number' && typeof before.value === 'number' && before.value > 0;
  return { form: 'change', value: known ? (Number(now.value) - Number(before.value)) / Number(before.value) : null };
}

function byDay(key: TableKey, title: string, { days, now }: Material, parts: readonly Part[]): Table {
  return {
    key,
    title,
    columns: [{ name: 'Day' }, ...parts.map(([column]) => column)],
    rows: days.map((day) => {
      const figures = now.byDay.get(day.from) ?? noFigures();
      return [{ form: 'day', value: day.name }, ...parts.map(([, cell]) => cell(figures))];
    }),
  };
}

export function conversationsTable(material: Material): Table {
  return byDay('conversations', 'Conversations by day', material, CONVERSATIONS);
}

export function messagesTable(material: Material): Table {
  return byDay('messages', 'Messages by day', material, MESSAGES);
}

export function waitsTable(material: Material): Table {
  return byDay('waits', 'Time to the first answer', material, waitParts(''));
}

export function ratingsTable(material: Material): Table {
  return byDay('ratings', 'Were they content?', material, [...ANSWERS_RATED, ...CONVERSATIONS_RATED]);
}

export function costsTable(material: Material): Table {
  const table = byDay('costs', 'Cost, added up', material, costParts(material.currencies));
  const sums = new Map<string, number>();
  return {
    ...table,
    columns: [...table.columns, ...material.currencies.map((currency) => ({ name: `Added up, ${currency}` }))],
    rows: table.rows.map((cells) => [
      ...cells,
      ...cells.flatMap((cell): Cell[] => {
        if (cell.form !== 'money') return [];
        const sum = (sums.get(cell.currency) ?? 0) + cell.value;
        sums.set(cell.currency, sum);
        return [{ ...cell, value: sum }];
      }),
    ]),
  };
}

function byPlace(key: TableKey, title: string, head: string, material: Material, places: readonly [string, Figures][]): Table {
  const parts = shortParts(material.currencies);
  return {
    key,
    title,
    columns: [{ name: head }, ...parts.map(([column]) => column)],
    rows: places.map(([name, figures]) => [text(name), ...parts.map(([, cell]) => cell(figures))]),
  };
}

const named = (choices: readonly Choice[], id: number, without: string): string =>
  choices.find((choice) => choice.id === id)?.name ?? without;

export function channelsTable(material: Material): Table {
  const places = [...material.now.byChannel].map(([id, figures]): [string, Figures] => [
    named(material.channels, id, 'A removed channel'),
    figures,
  ]);
  return byPlace('channels', 'By channel', 'Channel', material, mostFirst(places));
}

export function botsTable(material: Material): Table {
  const places = [...material.now.byBot].map(([id, figures]): [string, Figures] => [named(material.bots, id, 'No bot'), figures]);
  return byPlace('bots', 'By bot', 'Bot', material, mostFirst(places));
}

function mostFirst(places: [string, Figures][]): [string, Figures][] {
  return places.sort(([a, one], [b, other]) => other.conversations - one.conversations || a.localeCompare(b));
}

export function askedTable(groups: readonly AskedGroup[]): Table {
  return {
    key: 'asked',
    title: 'Asked most',
    columns: [{ name: 'Question' }, { name: 'Times' }, { name: 'People' }, { name: 'Answered by the bot' }],
    rows: groups.map(({ question, times, people, answered }) => [
      text(question),
      count(times),
      count(people),
      { form: 'share', value: answered / times },
    ]),
  };
}

export function unansweredTable(groups: readonly UnansweredGroup[]): Table {
  return {
    key: 'unanswered',
    title: 'Asked, and not known',
    columns: [{ name: 'Question' }, { name: 'Times' }, { name: 'People' }],
    rows: groups.map(({ question, times, people }) => [text(question), count(times), count(people)]),
  };
}
