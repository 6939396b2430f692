import { setImmediate } from 'node:timers/promises';
import { businessOf } from '../accounts/index.ts';
import { zoneOf } from '../web/zones.ts';
import type { Workspace } from '../workspace.ts';
import { dayAfter, daysOf, type Day } from './days.ts';
import { add, COUNTS, rounded, type AnsweredBy, type Counts } from './figures.ts';

/** At night: every day since the first conversation. */
export async function countEveryDay(ws: Workspace): Promise<void> {
  const first = firstMoment(ws);
  if (first === null) return;
  const zone = zoneOf(businessOf(ws).timezone);
  await countDays(ws, daysOf(zone, zone.dayOf(first), dayAfter(zone.dayOf(ws.clock.now()), -1)));
}

/** Counts those of the days whose figures aren't known, one after the other with a breath between them. */
export async function countDays(ws: Workspace, days: readonly Day[]): Promise<void> {
  for (const day of uncounted(ws, days)) {
    if (day.to > ws.clock.now()) continue;
    ws.write(() => countDay(ws, day));
    await setImmediate();
  }
}

/** The same without a breath, and today, so that what is read right after it is true: few days, if `countDays` came before. */
export function countTheRest(ws: Workspace, days: readonly Day[]): void {
  const left = uncounted(ws, days);
  if (left.length > 0) ws.write(() => left.forEach((day) => countDay(ws, day)));
}

function firstMoment(ws: Workspace): number | null {
  return ws.prepare('SELECT min(created_at) FROM conversations').pluck().get() as number | null;
}

/** Days without figures: never counted, changed since, not over when they were counted, or of a zone that was left. */
function uncounted(ws: Workspace, days: readonly Day[]): Day[] {
  const first = firstMoment(ws);
  const from = days[0]?.from;
  const to = days.at(-1)?.to;
  if (first === null || from === undefined || to === undefined) return [];
  const rows = ws
    .prepare(
      'SELECT starts_at AS startsAt, ends_at AS endsAt, counted_at AS countedAt FROM counted_days WHERE ends_at > ? AND starts_at < ?',
    )
    .all(from, to) as { startsAt: number; endsAt: number; countedAt: number }[];
  const lengths = new Map(days.map((day) => [day.from, day.to]));
  const known = new Set(
    rows.filter(({ startsAt, endsAt, countedAt }) => endsAt === lengths.get(startsAt) && countedAt >= endsAt).map((row) => row.startsAt),
  );
  return days.filter((day) => day.to > first && day.from <= ws.clock.now() && !known.has(day.from));
}

/** Inside a transaction: the day's figures as things stand now. What overlaps it goes: days of another zone. */
function countDay(ws: Workspace, day: Day): void {
  const now = ws.clock.now();
  ws.prepare('DELETE FROM counted_days WHERE ends_at > ? AND starts_at < ?').run(day.from, day.to);
  ws.prepare('INSERT INTO counted_days (starts_at, ends_at, counted_at) VALUES (?, ?, ?)').run(day.from, day.to, now);
  const begun = conversationsBegun(ws, day);
  for (const row of placesOf(begun, messagesSaid(ws, day))) insertFigures(ws, day, row);
  for (const wait of waitsOf(begun)) {
    ws.prepare('INSERT INTO day_waits (starts_at, channel_id, bot_id, answered_by, ms, conversations) VALUES (?, ?, ?, ?, ?, ?)').run(
      day.from,
      wait.channelId,
      wait.botId,
      wait.by,
      wait.ms,
      wait.conversations,
    );
  }
  ws.prepare(
    `INSERT INTO day_costs (starts_at, channel_id, bot_id, currency, micros)
     SELECT ?, c.channel_id, coalesce(c.bot_id, 0), r.currency, sum(r.cost_micros) FROM runs r INDEXED BY runs_started JOIN conversations c ON c.id = r.conversation_id
     WHERE r.started_at >= ? AND r.started_at < ? AND r.cost_micros > 0 AND r.currency IS NOT NULL AND ${COUNTED}
     GROUP BY 2, 3, 4`,
  ).run(day.from, day.from, day.to);
}

/** Of a conversation `c`: its contact moves figures. */
export const COUNTED = '(SELECT coalesce(p.restricted_at, p.erased_at) FROM contacts p WHERE p.id = c.contact_id) IS NULL';

interface Place {
  channelId: number;
  botId: number;
}

interface Begun extends Place {
  /** When its customer wrote first, the bot answered first, a person was called first, and came then; null for never. */
  asked: number | null;
  answered: number | null;
  called: number | null;
  came: number | null;
  /** A person was called, took over or wrote. */
  handed: 0 | 1;
  /** What its customer thought of it, 1 to 5; null where they didn't say. */
  rating: number | null;
}

/** By the index named: grouping by conversation, SQLite would rather go through all of them in their order. */
function conversationsBegun(ws: Workspace, { from, to }: Day): Begun[] {
  return ws
    .prepare(
      `WITH begun AS MATERIALIZED (
         SELECT c.id, c.channel_id AS channelId, coalesce(c.bot_id, 0) AS botId,
           min(m.created_at) FILTER (WHERE m.author = 'customer') AS asked,
           min(m.created_at) FILTER (WHERE m.author = 'bot' AND NOT m.cut_off AND (SELECT r.state FROM runs r WHERE r.id = m.run_id) = 'answered') AS answered,
           min(m.id) FILTER (WHERE m.event = 'wanted') AS callId,
           max(m.author = 'person' OR coalesce(m.event IN ('wanted', 'took-over'), 0)) AS handed
         FROM conversations c INDEXED BY conversations_created JOIN messages m ON m.conversation_id = c.id
         WHERE c.created_at >= ? AND c.created_at < ? AND ${COUNTED} GROUP BY c.id)
       SELECT channelId, botId, asked, answered, handed, (SELECT r.value FROM conversation_ratings r WHERE r.conversation_id = b.id) AS rating,
         (SELECT m.created_at FROM messages m WHERE m.id = callId) AS called,
         (SELECT min(m.created_at) FROM messages m WHERE m.conversation_id = b.id AND m.author = 'person' AND m.id > callId) AS came
       FROM begun b`,
    )
    .all(from, to) as Begun[];
}

type Said = Place & Pick<Counts, 'fromCustomers' | 'fromBot' | 'fromPeople' | 'answers' | 'good' | 'bad'>;

function messagesSaid(ws: Workspace, { from, to }: Day): Said[] {
  return ws
    .prepare(
      `SELECT c.channel_id AS channelId, coalesce(c.bot_id, 0) AS botId, count(*) FILTER (WHERE m.author = 'customer') AS fromCustomers,
         count(*) FILTER (WHERE m.author = 'bot') AS fromBot, count(*) FILTER (WHERE m.author = 'person') AS fromPeople,
         count(*) FILTER (WHERE m.author = 'bot' AND (SELECT r.state FROM runs r WHERE r.id = m.run_id) = 'answered') AS answers,
         count(*) FILTER (WHERE m.rating = 'good') AS good, count(*) FILTER (WHERE m.rating = 'bad') AS bad
       FROM messages m INDEXED BY messages_created JOIN conversations c ON c.id = m.conversation_id
       WHERE m.created_at >= ? AND m.created_at < ? AND m.author IN ('customer', 'bot', 'person') AND NOT m.cut_off AND ${COUNTED} GROUP BY 1, 2`,
    )
    .all(from, to) as Said[];
}

/** What began and what was said, by channel and bot. */
function placesOf(begun: readonly Begun[], said: readonly Said[]): (Place & Counts)[] {
  const places = new Map<string, Place & Counts>();
  const at = ({ channelId, botId }: Place): Counts => {
    const key = `${channelId} ${botId}`;
    const none = Object.fromEntries(COUNTS.map((count) => [count, 0])) as Counts;
    const place = places.get(key) ?? { channelId, botId, ...none };
    places.set(key, place);
    return place;
  };
  for (const conversation of begun) {
    const place = at(conversation);
    place.conversations += 1;
    place.handed += conversation.handed;
    if (conversation.answered !== null && conversation.handed === 0) place.alone += 1;
    countRating(place, conversation.rating);
  }
  for (const row of said) Object.assign(at(row), row);
  return [...places.values()];
}

function countRating(place: Counts, rating: number | null): void {
  if (rating === null) return;
  place.rated += 1;
  if (rating >= 4) place.ratedGood += 1;
  if (rating <= 2) place.ratedBad += 1;
}

function insertFigures(ws: Workspace, day: Day, row: Place & Counts): void {
  ws.prepare(
    `INSERT INTO day_figures (starts_at, channel_id, bot_id, conversations, alone, handed, from_customers, from_bot, from_people, answers, good, bad, rated, rated_good, rated_bad)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(day.from, row.channelId, row.botId, ...COUNTS.map((count) => row[count]));
}

function waitsOf(begun: readonly Begun[]): (Place & { by: AnsweredBy; ms: number; conversations: number })[] {
  const counts = new Map<string, number>();
  const note = ({ channelId, botId }: Place, by: AnsweredBy, from: number | null, to: number | null): void => {
    if (from !== null && to !== null) add(counts, JSON.stringify({ channelId, botId, by, ms: rounded(to - from) }), 1);
  };
  for (const conversation of begun) {
    note(conversation, 'bot', conversation.asked, conversation.answered);
    note(conversation, 'person', conversation.called, conversation.came);
  }
  return [...counts].map(([key, conversations]) => ({ ...(JSON.parse(key) as Place & { by: AnsweredBy; ms: number }), conversations }));
}
