/** The figures that the dashboard and its CSV show. Both come from here. */
import type { Workspace } from '../workspace.ts';
import { countDays, countTheRest } from './count-days.ts';
import type { Day } from './days.ts';
import { add, COUNTS, noFigures, type AnsweredBy, type Counts, type Figures } from './figures.ts';

/** Only what came by a channel, or was answered by a bot; null for all. */
export interface Narrowed {
  channelId: number | null;
  botId: number | null;
}

export interface Told {
  total: Figures;
  /** By the day's first moment, the channel's id, the bot's id (0 without one): those with figures alone. */
  byDay: Map<number, Figures>;
  byChannel: Map<number, Figures>;
  byBot: Map<number, Figures>;
}

/** What is counted of these days and of those before them, as it stands now. */
export async function figuresOf(
  ws: Workspace,
  { days, before }: { days: readonly Day[]; before: readonly Day[] },
  narrowed: Narrowed,
): Promise<{ now: Told; before: Told }> {
  const all = [...before, ...days];
  await countDays(ws, all);
  countTheRest(ws, all);
  return { now: read(ws, days, narrowed), before: read(ws, before, narrowed) };
}

type Row<T> = T & { startsAt: number; channelId: number; botId: number };

const OF_THESE = `
  WHERE starts_at >= ? AND starts_at < ? AND (? IS NULL OR channel_id = ?) AND (? IS NULL OR bot_id = ?)`;

function read(ws: Workspace, days: readonly Day[], { channelId, botId }: Narrowed): Told {
  const told: Told = { total: noFigures(), byDay: new Map(), byChannel: new Map(), byBot: new Map() };
  const bounds = [days[0]?.from ?? 0, days.at(-1)?.to ?? 0, channelId, channelId, botId, botId];
  const place = 'starts_at AS startsAt, channel_id AS channelId, bot_id AS botId';
  const rows = <T>(columns: string, table: string): Row<T>[] =>
    ws.prepare(`SELECT ${place}, ${columns} FROM ${table} ${OF_THESE}`).all(...bounds) as Row<T>[];
  const counts =
    'conversations, alone, handed, from_customers AS fromCustomers, from_bot AS fromBot, from_people AS fromPeople, answers, good, bad, rated, rated_good AS ratedGood, rated_bad AS ratedBad';
  for (const row of rows<Counts>(counts, 'day_figures'))
    for (const figures of placesIn(told, row)) for (const count of COUNTS) figures[count] += row[count];
  for (const row of rows<{ by: AnsweredBy; ms: number; n: number }>('answered_by AS "by", ms, conversations AS n', 'day_waits'))
    for (const figures of placesIn(told, row)) add(figures.waits[row.by], row.ms, row.n);
  for (const row of rows<{ currency: string; micros: number }>('currency, micros', 'day_costs'))
    for (const figures of placesIn(told, row)) add(figures.costs, row.currency, row.micros);
  return told;
}

/** Where a row is added to: its day, its channel, its bot, and all. */
function placesIn({ total, byDay, byChannel, byBot }: Told, row: Row<unknown>): Figures[] {
  return [total, at(byDay, row.startsAt), at(byChannel, row.channelId), at(byBot, row.botId)];
}

function at(places: Map<number, Figures>, key: number): Figures {
  let figures = places.get(key);
  if (!figures) places.set(key, (figures = noFigures()));
  return figures;
}

export interface Choice {
  id: number;
  name: string;
  kind?: string;
}

/** Channels and bots that figures can be of: those that have conversations, or may get some. */
export function channelChoices(ws: Workspace): Choice[] {
  return ws
    .prepare(
      `SELECT h.id, h.name, h.kind FROM channels h
       WHERE h.disconnected_at IS NULL OR EXISTS (SELECT 1 FROM day_figures f WHERE f.channel_id = h.id) ORDER BY h.id`,
    )
    .all() as Choice[];
}

export function botChoices(ws: Workspace): Choice[] {
  return ws
    .prepare(
      `SELECT b.id, b.name FROM bots b WHERE b.archived_at IS NULL OR EXISTS (SELECT 1 FROM day_figures f WHERE f.bot_id = b.id) ORDER BY b.id`,
    )
    .all() as Choice[];
}

/** Whether anybody has ever written. */
export function anyConversation(ws: Workspace): boolean {
  return ws.prepare('SELECT 1 FROM conversations LIMIT 1').get() !== undefined;
}

/** What a person would have needed for one answer, as the business sees it. */
export function minutesPerAnswer(ws: Workspace): number {
  return ws.prepare('SELECT minutes_per_answer FROM business').pluck().get() as number;
}
