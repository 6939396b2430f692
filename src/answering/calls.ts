/** Calls of a run at providers: each holds of the budgets what it can cost at most, and is settled when it is closed. */
import { reserve, settle, type Held, type Money } from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';
import type { RunEnd } from './runs.ts';

export interface NewCall {
  runId: number;
  botId: number;
  keyId: number | null;
  /** 'quote' asks nobody and costs nothing: no budget stops it. */
  provider: string;
  host: string | null;
  model: string;
  /** What it can cost at most; null where the price isn't known. */
  most: Money | null;
}

/** Why a call may not be made: a budget is spent, or can't be kept. `says` is for the owner. */
export class OverBudget extends Error {
  readonly says: string;

  constructor(says: string) {
    super(says);
    this.says = says;
  }
}

/** What a new call holds; says why not where a budget forbids it. Inside the transaction that then writes the call. */
export function holdFor(ws: Workspace, { botId, provider, most }: Omit<NewCall, 'runId'>): { held: Held | null } | { refused: string } {
  if (provider === 'quote') return { held: null };
  const reserved = reserve(ws, botId, most);
  return reserved.held ? { held: reserved.held } : { refused: reserved.refused };
}

/** Writes a call down, before it is made. Inside the transaction that holds its cost. Returns its number. */
export function insertCall(ws: Workspace, call: NewCall, held: Held | null): number {
  return Number(
    ws
      .prepare(
        `INSERT INTO provider_calls (run_id, bot_id, provider_key_id, provider, host, model, state, currency, spend_day, spend_currency, spend_micros, started_at)
         VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?)`,
      )
      .run(
        call.runId,
        call.botId,
        call.keyId,
        call.provider,
        call.host,
        call.model,
        call.most?.currency ?? null,
        held?.day ?? null,
        held?.currency ?? null,
        held?.micros ?? null,
        ws.clock.now(),
      ).lastInsertRowid,
  );
}

export type CallEnd = Pick<RunEnd, 'usage' | 'estimated' | 'costMicros' | 'savedMicros' | 'error' | 'firstTokenMs'> & { aborted: boolean };

/** Closes a call with what it used, and settles what it held; inside a transaction. */
export function closeCall(ws: Workspace, callId: number, end: CallEnd): void {
  const { usage } = end;
  const held = heldBy(ws, callId);
  const cost = end.costMicros === null || held.priced === null ? null : { micros: end.costMicros, currency: held.priced };
  const spent = held.held && settle(ws, held.held, cost);
  ws.prepare(
    `UPDATE provider_calls SET state = ?, error_kind = ?, says = ?, input_tokens = ?, cached_tokens = ?, output_tokens = ?, cost_micros = ?, estimated = ?,
       first_token_ms = ?, spend_micros = ?, ended_at = ? WHERE id = ?`,
  ).run(
    end.error ? 'failed' : end.aborted ? 'aborted' : 'ended',
    end.error?.kind ?? null,
    end.error?.says ?? null,
    usage?.inputTokens ?? null,
    usage?.cachedTokens ?? null,
    usage?.outputTokens ?? null,
    end.costMicros,
    end.estimated ? 1 : 0,
    end.firstTokenMs === null ? null : Math.round(end.firstTokenMs),
    spent,
    ws.clock.now(),
    callId,
  );
  if (end.savedMicros) ws.prepare(SAVED).run(end.savedMicros, callId);
}

const SAVED = 'UPDATE runs SET saved_micros = coalesce(saved_micros, 0) + ? WHERE id = (SELECT run_id FROM provider_calls WHERE id = ?)';

/** Closes the open calls of a run that died: they are charged by what they held. Inside a transaction. */
export function closeDeadCalls(ws: Workspace, runId: number): void {
  const open = ws.prepare("SELECT id FROM provider_calls WHERE run_id = ? AND state = 'open'").pluck().all(runId) as number[];
  for (const callId of open) {
    const { held } = heldBy(ws, callId);
    if (held) settle(ws, held, null);
    ws.prepare(
      "UPDATE provider_calls SET state = 'aborted', estimated = 1, ended_at = ?, cost_micros = (SELECT reserved_micros FROM runs WHERE runs.id = run_id) WHERE id = ?",
    ).run(ws.clock.now(), callId);
  }
}

const HELD = `
  SELECT bot_id AS botId, currency AS priced, spend_day AS day, spend_currency AS currency, spend_micros AS micros, ended_at AS endedAt
  FROM provider_calls WHERE id = ?`;

/** Null once it is settled, and for what costs nobody anything. */
function heldBy(ws: Workspace, callId: number): { held: Held | null; priced: string | null } {
  const row = ws.prepare(HELD).get(callId) as
    { botId: number; priced: string | null; day: string | null; currency: string; micros: number; endedAt: number | null } | undefined;
  if (!row) return { held: null, priced: null };
  const { priced, day, botId, currency, micros, endedAt } = row;
  return { priced, held: day === null || endedAt !== null ? null : { botId, day, currency, micros } };
}
