/**
 * The figures once more, by hand: every row is read, every loop is written out, nothing of the product's counting is used.
 * It follows what the page says that its figures mean.
 */
import type { Workspace } from '../../src/workspace.ts';

interface Conversation {
  id: number;
  channel_id: number;
  bot_id: number | null;
  contact_id: number;
  created_at: number;
}

interface Message {
  id: number;
  conversation_id: number;
  author: string;
  event: string | null;
  run_id: number | null;
  cut_off: number;
  rating: string | null;
  created_at: number;
}

interface Rating {
  conversation_id: number;
  value: number | null;
}

interface Run {
  id: number;
  conversation_id: number | null;
  kind: string;
  state: string;
  question: string;
  cost_micros: number | null;
  currency: string | null;
  started_at: number;
}

export interface Sheet {
  [name: string]: string;
}

export interface Asks {
  first: string;
  last: string;
  channelId?: number;
  botId?: number;
}

export class Recount {
  readonly #zone: Intl.DateTimeFormat;
  readonly #conversations: Conversation[];
  readonly #messages: Map<number, Message[]>;
  readonly #ratings: Map<number, number | null>;
  readonly #runs: Run[];
  readonly #runsOf: Map<number | null, Run[]>;

  constructor(ws: Workspace, timeZone: string) {
    this.#zone = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    const all = <T>(sql: string): T[] => ws.sql.prepare(sql).all() as T[];
    const silent = new Set(
      all<{ id: number }>('SELECT id FROM contacts WHERE restricted_at IS NOT NULL OR erased_at IS NOT NULL').map(({ id }) => id),
    );
    this.#conversations = all<Conversation>('SELECT * FROM conversations').filter(({ contact_id }) => !silent.has(contact_id));
    this.#messages = Map.groupBy(all<Message>('SELECT * FROM messages ORDER BY id'), (message) => message.conversation_id);
    this.#ratings = new Map(
      all<Rating>('SELECT * FROM conversation_ratings').map(({ conversation_id, value }) => [conversation_id, value]),
    );
    this.#runs = all<Run>('SELECT * FROM runs ORDER BY id');
    this.#runsOf = Map.groupBy(this.#runs, (run) => run.conversation_id);
  }

  /** Everything that is counted of days, a channel and a bot, in the words of the CSV. */
  of(asks: Asks, currencies: string[]): Sheet {
    const inDays = (at: number): boolean => this.#day(at) >= asks.first && this.#day(at) <= asks.last;
    const sheet: Record<string, number> = { Conversations: 0, 'Bot alone': 0, 'Handed over': 0, Neither: 0 };
    for (const name of ['Answers of the bot', 'Good answers', 'Bad answers', 'Conversations rated', 'Rated good', 'Rated bad'])
      sheet[name] = 0;
    const said: Record<string, number> = { customer: 0, bot: 0, person: 0 };
    const cost: Record<string, number> = Object.fromEntries(currencies.map((currency) => [currency, 0]));
    const waits: { bot: number[]; person: number[] } = { bot: [], person: [] };
    for (const conversation of this.#conversations) {
      if (asks.channelId !== undefined && conversation.channel_id !== asks.channelId) continue;
      if (asks.botId !== undefined && (conversation.bot_id ?? 0) !== asks.botId) continue;
      const messages = this.#messages.get(conversation.id) ?? [];
      const runs = this.#runsOf.get(conversation.id) ?? [];
      for (const message of messages) {
        if (!inDays(message.created_at) || message.cut_off) continue;
        if (message.author in said) said[message.author] = (said[message.author] ?? 0) + 1;
        if (isAnswer(message, runs)) sheet['Answers of the bot'] = (sheet['Answers of the bot'] ?? 0) + 1;
        if (message.rating === 'good') sheet['Good answers'] = (sheet['Good answers'] ?? 0) + 1;
        if (message.rating === 'bad') sheet['Bad answers'] = (sheet['Bad answers'] ?? 0) + 1;
      }
      for (const run of runs) {
        if (!inDays(run.started_at) || run.currency === null) continue;
        cost[run.currency] = (cost[run.currency] ?? 0) + (run.cost_micros ?? 0);
      }
      if (!inDays(conversation.created_at)) continue;
      this.#countConversation(messages, runs, sheet, waits);
      countRating(sheet, this.#ratings.get(conversation.id) ?? 0);
    }
    const share = (part: number, all: number): string => (all === 0 ? '' : String(Math.round((part / all) * 10_000) / 10_000));
    return {
      ...asText(sheet),
      'Of them good': share(sheet['Good answers'] ?? 0, (sheet['Good answers'] ?? 0) + (sheet['Bad answers'] ?? 0)),
      'Minutes saved': String((sheet['Answers of the bot'] ?? 0) * 3),
      'Share rated good': share(sheet['Rated good'] ?? 0, sheet['Conversations rated'] ?? 0),
      'From customers': String(said['customer']),
      'From the bot': String(said['bot']),
      'From people': String(said['person']),
      Messages: String((said['customer'] ?? 0) + (said['bot'] ?? 0) + (said['person'] ?? 0)),
      ...waited('Bot', waits.bot),
      ...waited('People', waits.person),
      ...Object.fromEntries(Object.entries(cost).map(([currency, micros]) => [`Cost, ${currency}`, String(micros / 1_000_000)])),
    };
  }

  #countConversation(messages: Message[], runs: Run[], sheet: Record<string, number>, waits: { bot: number[]; person: number[] }): void {
    const up = (name: string): void => void (sheet[name] = (sheet[name] ?? 0) + 1);
    const asked = messages.find(({ author }) => author === 'customer');
    const answered = messages.find((message) => isAnswer(message, runs));
    const call = messages.find(({ event }) => event === 'wanted');
    const came = call && messages.find(({ author, id }) => author === 'person' && id > call.id);
    const handed = messages.some(({ author, event }) => author === 'person' || event === 'wanted' || event === 'took-over');
    up('Conversations');
    up(handed ? 'Handed over' : answered ? 'Bot alone' : 'Neither');
    if (asked && answered) waits.bot.push(answered.created_at - asked.created_at);
    if (call && came) waits.person.push(came.created_at - call.created_at);
  }

  /** How often each question is among the newest 400 that the bot heard. */
  asked(asks: Asks): Map<string, number> {
    const heard = this.#runs
      .filter(({ kind, state }) => kind === 'answer' && (state === 'answered' || state === 'fell-back'))
      .filter(({ started_at }) => this.#day(started_at) >= asks.first && this.#day(started_at) <= asks.last)
      .filter(({ conversation_id }) => this.#conversations.some(({ id }) => id === conversation_id))
      .sort((a, b) => b.started_at - a.started_at || b.id - a.id)
      .slice(0, 400);
    const times = new Map<string, number>();
    for (const { question } of heard) times.set(question, (times.get(question) ?? 0) + 1);
    return times;
  }

  /** The names of the days from one to another. */
  days({ first, last }: Asks): string[] {
    const names = new Set<string>();
    // By the hour, so that none is missed, however long it is.
    for (let at = Date.parse(`${first}T00:00:00Z`) - 24 * 3600_000; at < Date.parse(`${last}T00:00:00Z`) + 48 * 3600_000; at += 3600_000) {
      const name = this.#day(at);
      if (name >= first && name <= last) names.add(name);
    }
    return [...names];
  }

  readonly #names = new Map<number, string>();

  #day(at: number): string {
    let name = this.#names.get(at);
    if (name === undefined) this.#names.set(at, (name = this.#zone.format(at)));
    return name;
  }
}

function countRating(sheet: Record<string, number>, value: number): void {
  if (value === 0) return;
  const up = (name: string): void => void (sheet[name] = (sheet[name] ?? 0) + 1);
  up('Conversations rated');
  if (value > 3) up('Rated good');
  if (value < 3) up('Rated bad');
}

function isAnswer({ author, cut_off, run_id }: Message, runs: Run[]): boolean {
  return author === 'bot' && !cut_off && runs.find(({ id }) => id === run_id)?.state === 'answered';
}

/** In both names that the tables have for it. */
function waited(who: string, waits: number[]): Sheet {
  const [half, nine] = [within(waits, 0.5), within(waits, 0.9)];
  return {
    [`${who}, half, seconds`]: half,
    [`${who}, 9 in 10, seconds`]: nine,
    [`${who}’s first answer, half, seconds`]: half,
    [`${who}’s first answer, 9 in 10, seconds`]: nine,
  };
}

function asText(counts: Record<string, number>): Sheet {
  return Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, String(n)]));
}

/** The wait that so large a share waited no longer than, in seconds, cut as the page says. */
function within(waits: number[], share: number): string {
  if (waits.length === 0) return '';
  const sorted = [...waits].sort((a, b) => a - b);
  const ms = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  if (ms < 10_000) return String(Math.floor(ms / 100) / 10);
  return String(ms < 600_000 ? Math.floor(ms / 1000) : Math.floor(ms / 60_000) * 60);
}
