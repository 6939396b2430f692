/** How an answer was made: the run, what it found, what it sent, what it cost. */
import type { RunPassage } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';

export interface RunView {
  id: number;
  state: 'open' | 'answered' | 'fell-back' | 'dropped' | 'failed' | 'died';
  why: string | null;
  question: string | null;
  answer: string | null;
  shown: string | null;
  passages: RunPassage[];
  prompt: { role: 'system' | 'user' | 'assistant'; text: string }[];
  searchMs: number | null;
  firstTokenMs: number | null;
  totalMs: number | null;
  inputTokens: number | null;
  cachedTokens: number | null;
  outputTokens: number | null;
  costMicros: number | null;
  currency: string | null;
  startedAt: number;
  botId: number;
  botName: string;
  botVersion: number;
  calls: RunCall[];
}

export interface RunCall {
  provider: string;
  host: string | null;
  model: string;
  state: 'open' | 'ended' | 'failed' | 'aborted';
  says: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costMicros: number | null;
  currency: string | null;
  estimated: boolean;
  firstTokenMs: number | null;
  ms: number | null;
}

const RUN = `
  SELECT r.id, r.state, r.why, r.question, r.answer, r.shown, r.passages, r.prompt, r.search_ms AS searchMs, r.first_token_ms AS firstTokenMs,
    r.total_ms AS totalMs, r.input_tokens AS inputTokens, r.cached_tokens AS cachedTokens, r.output_tokens AS outputTokens,
    r.cost_micros AS costMicros, r.currency, r.started_at AS startedAt, b.id AS botId, b.name AS botName, v.number AS botVersion
  FROM runs r JOIN bot_versions v ON v.id = r.bot_version_id JOIN bots b ON b.id = v.bot_id
  WHERE r.id = ? AND r.conversation_id = ?`;
const CALLS = `
  SELECT provider, host, model, state, says, input_tokens AS inputTokens, output_tokens AS outputTokens, cost_micros AS costMicros, currency,
    estimated, first_token_ms AS firstTokenMs, ended_at - started_at AS ms
  FROM provider_calls WHERE run_id = ? ORDER BY id`;

/** A run of a conversation with its provider calls; undefined when the conversation has no such run. */
export function runOf(ws: Workspace, conversationId: number, runId: number): RunView | undefined {
  const row = ws.prepare(RUN).get(runId, conversationId) as
    (Omit<RunView, 'passages' | 'prompt' | 'calls'> & { passages: string; prompt: string }) | undefined;
  if (!row) return undefined;
  const calls = ws.prepare(CALLS).all(runId) as (Omit<RunCall, 'estimated'> & { estimated: number })[];
  return {
    ...row,
    passages: JSON.parse(row.passages) as RunView['passages'],
    prompt: JSON.parse(row.prompt) as RunView['prompt'],
    calls: calls.map((call) => ({ ...call, estimated: call.estimated === 1 })),
  };
}

/** The newest run of a conversation that is still answering; undefined when none is. */
export function openRun(ws: Workspace, conversationId: number): number | undefined {
  const row = ws.prepare("SELECT max(id) AS id FROM runs WHERE conversation_id = ? AND state = 'open'").get(conversationId) as {
    id: number | null;
  };
  return row.id ?? undefined;
}
