/** What answers cost, for the page of spending. */
import type { Workspace } from '../workspace.ts';
import type { Zone } from '../web/zones.ts';

export interface CostlyRun {
  id: number;
  conversationId: number | null;
  botId: number;
  bot: string;
  kind: 'answer' | 'playground' | 'suggestion' | 'translation' | 'summary' | 'test' | 'judge' | 'transcription' | 'recap';
  question: string | null;
  startedAt: number;
  costMicros: number;
  currency: string;
}

const SHOWN = 20;
const HOUR = 3600_000;

const RUNS = `
  SELECT r.id, r.conversation_id AS conversationId, v.bot_id AS botId, b.name AS bot, r.kind, r.question, r.started_at AS startedAt, r.cost_micros AS costMicros, r.currency
  FROM runs r INDEXED BY runs_started JOIN bot_versions v ON v.id = r.bot_version_id JOIN bots b ON b.id = v.bot_id
  WHERE r.started_at >= ? AND r.started_at < ? AND r.cost_micros > 0 AND r.currency IS NOT NULL ORDER BY r.cost_micros DESC, r.id`;

/** The dearest answers of a day of the business. */
export function dearestRuns(ws: Workspace, zone: Zone, day: string): CostlyRun[] {
  const noon = Date.parse(`${day}T12:00:00Z`);
  if (Number.isNaN(noon)) return [];
  const found: CostlyRun[] = [];
  // No zone is further from UTC than fifteen hours.
  for (const row of ws.prepare(RUNS).iterate(noon - 27 * HOUR, noon + 27 * HOUR) as IterableIterator<CostlyRun>) {
    if (zone.dayOf(row.startedAt) === day) found.push(row);
    if (found.length === SHOWN) break;
  }
  return found;
}

export function botNames(ws: Workspace): Map<number, { name: string; archived: boolean }> {
  const rows = ws.prepare('SELECT id, name, archived_at IS NOT NULL AS archived FROM bots ORDER BY id').all() as {
    id: number;
    name: string;
    archived: number;
  }[];
  return new Map(rows.map(({ id, name, archived }) => [id, { name, archived: archived === 1 }]));
}
