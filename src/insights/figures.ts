/** What is counted of a time, a channel or a bot; it can be added up. `dashboard-words.ts` says what each means. */
export interface Figures {
  conversations: number;
  alone: number;
  handed: number;
  fromCustomers: number;
  fromBot: number;
  fromPeople: number;
  answers: number;
  good: number;
  bad: number;
  /** Conversations that their customers rated; of them those rated good, and bad. */
  rated: number;
  ratedGood: number;
  ratedBad: number;
  /** Micro-units by currency. */
  costs: Map<string, number>;
  waits: Record<AnsweredBy, Waits>;
}

export type AnsweredBy = 'bot' | 'person';

/** How many conversations waited so long for a first answer, in rounded ms. */
export type Waits = Map<number, number>;

export const COUNTS = [
  'conversations',
  'alone',
  'handed',
  'fromCustomers',
  'fromBot',
  'fromPeople',
  'answers',
  'good',
  'bad',
  'rated',
  'ratedGood',
  'ratedBad',
] as const satisfies (keyof Figures)[];
export type Counts = Record<(typeof COUNTS)[number], number>;

export function noFigures(): Figures {
  return {
    conversations: 0,
    alone: 0,
    handed: 0,
    fromCustomers: 0,
    fromBot: 0,
    fromPeople: 0,
    answers: 0,
    good: 0,
    bad: 0,
    rated: 0,
    ratedGood: 0,
    ratedBad: 0,
    costs: new Map(),
    waits: { bot: new Map(), person: new Map() },
  };
}

/** Conversations that the bot didn't answer and no person came into. */
export function neither({ conversations, alone, handed }: Counts): number {
  return conversations - alone - handed;
}

export function messages({ fromCustomers, fromBot, fromPeople }: Counts): number {
  return fromCustomers + fromBot + fromPeople;
}

export function sumOf(all: readonly Figures[]): Figures {
  const sum = noFigures();
  for (const figures of all) {
    for (const count of COUNTS) sum[count] += figures[count];
    for (const [currency, micros] of figures.costs) add(sum.costs, currency, micros);
    for (const by of ['bot', 'person'] as const) for (const [ms, n] of figures.waits[by]) add(sum.waits[by], ms, n);
  }
  return sum;
}

export function add<K>(to: Map<K, number>, key: K, n: number): void {
  to.set(key, (to.get(key) ?? 0) + n);
}

const SECOND = 1000;

/** To the tenth of a second below ten seconds, to the second below ten minutes, to the minute above; downwards. */
export function rounded(ms: number): number {
  const step = ms < 10 * SECOND ? SECOND / 10 : ms < 600 * SECOND ? SECOND : 60 * SECOND;
  return Math.max(0, Math.floor(ms / step) * step);
}

/** The shortest wait that at least so large a share waited no longer than; null of none. */
export function waitOf(waits: Waits, share: number): number | null {
  const all = [...waits.values()].reduce((sum, n) => sum + n, 0);
  let passed = 0;
  for (const [ms, n] of [...waits].sort(([a], [b]) => a - b)) {
    passed += n;
    if (passed >= share * all) return ms;
  }
  return null;
}
