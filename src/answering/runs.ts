import type { MessageSource, RunPassage } from '../db/schema/workspace.ts';
import type { AnswerRequest, Usage } from '../providers/index.ts';
import type { Passage } from '../knowledge/index.ts';
import { citedIn } from '../lib/citations.ts';
import type { Workspace } from '../workspace.ts';

export interface NewRun {
  conversationId: number | null;
  botVersionId: number;
  kind: 'answer' | 'playground';
  answersThrough: number | null;
  question: string;
  request: AnswerRequest;
  passages: Passage[];
  searchMs: number;
  provider: { id: string; keyId: number | null; host: string | null };
  reservedMicros: number;
  currency: string | null;
}

export interface OpenRun {
  runId: number;
  callId: number;
}

/**
 * A run is its own reservation: written before the provider is asked. Not flushed: a kill leaves it, and what a power cut
 * takes is the cost of the answers that were being written in that second; a flush of its own would cost every answer
 * more than all its other writing. Inside the caller's transaction.
 */
export function openRun(ws: Workspace, run: NewRun): OpenRun {
  const now = ws.clock.now();
  const prompt = [{ role: 'system', text: run.request.system }, { role: 'system', text: run.request.context }, ...run.request.turns];
  const runId = Number(
    ws
      .prepare(
        `INSERT INTO runs (conversation_id, bot_version_id, kind, boot, state, answers_through, question, passages, prompt, search_ms, reserved_micros, currency, started_at)
         VALUES (?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        run.conversationId,
        run.botVersionId,
        run.kind,
        ws.installation.boot,
        run.answersThrough,
        run.question,
        JSON.stringify(run.passages.map(runPassage)),
        JSON.stringify(prompt),
        Math.round(run.searchMs),
        run.reservedMicros,
        run.currency,
        now,
      ).lastInsertRowid,
  );
  const callId = Number(
    ws
      .prepare(
        "INSERT INTO provider_calls (run_id, provider_key_id, provider, host, model, state, currency, started_at) VALUES (?, ?, ?, ?, ?, 'open', ?, ?)",
      )
      .run(runId, run.provider.keyId, run.provider.id, run.provider.host, run.request.model, run.currency, now).lastInsertRowid,
  );
  return { runId, callId };
}

function runPassage(passage: Passage, index: number): RunPassage {
  const { chunkId, sourceId, title, text, score } = passage;
  return { n: index + 1, chunkId, sourceId, title, path: pathWithin(passage), text, score, used: false };
}

export interface RunEnd {
  state: 'answered' | 'fell-back' | 'dropped' | 'failed';
  why: string | null;
  answer: string | null;
  shown: string | null;
  firstTokenMs: number | null;
  totalMs: number;
  usage: Usage | null;
  /** Tokens were counted by us: the provider gave none, or was cut short. */
  estimated: boolean;
  costMicros: number | null;
  error: { kind: string; says: string } | null;
}

/** Closes a run and its call, inside the transaction that makes its outcome true. */
export function closeRun(ws: Workspace, { runId, callId }: OpenRun, end: RunEnd): void {
  const { usage } = end;
  const cited = end.answer === null ? [] : citedIn(end.answer);
  const passages = cited.length === 0 ? null : JSON.stringify(cited);
  ws.prepare(
    `UPDATE runs SET state = ?, why = ?, answer = ?, shown = ?, first_token_ms = ?, total_ms = ?, input_tokens = ?, cached_tokens = ?, output_tokens = ?,
       cost_micros = ?, reserved_micros = 0, ended_at = ?,
       passages = CASE WHEN ? IS NULL THEN passages ELSE (SELECT json_group_array(json_set(p.value, '$.used', json(CASE WHEN p.value ->> '$.n' IN (SELECT value FROM json_each(?)) THEN 'true' ELSE 'false' END))) FROM json_each(passages) p) END
     WHERE id = ?`,
  ).run(
    end.state,
    end.why,
    end.answer,
    end.shown,
    end.firstTokenMs === null ? null : Math.round(end.firstTokenMs),
    Math.round(end.totalMs),
    usage?.inputTokens ?? null,
    usage?.cachedTokens ?? null,
    usage?.outputTokens ?? null,
    end.costMicros,
    ws.clock.now(),
    passages,
    passages,
    runId,
  );
  closeCall(ws, callId, end);
}

function closeCall(ws: Workspace, callId: number, end: RunEnd): void {
  const { usage } = end;
  const state = end.error ? 'failed' : end.state === 'dropped' ? 'aborted' : 'ended';
  ws.prepare(
    `UPDATE provider_calls SET state = ?, error_kind = ?, says = ?, input_tokens = ?, cached_tokens = ?, output_tokens = ?, cost_micros = ?, estimated = ?,
       first_token_ms = ?, ended_at = ? WHERE id = ?`,
  ).run(
    state,
    end.error?.kind ?? null,
    end.error?.says ?? null,
    usage?.inputTokens ?? null,
    usage?.cachedTokens ?? null,
    usage?.outputTokens ?? null,
    end.costMicros,
    end.estimated ? 1 : 0,
    end.firstTokenMs === null ? null : Math.round(end.firstTokenMs),
    ws.clock.now(),
    callId,
  );
}

/** The headings that lead to a passage; the first often repeats the source's title, and goes without saying. */
function pathWithin({ title, path }: Passage): string {
  const [first, ...rest] = path.split(' › ');
  return first === title ? rest.join(' › ') : path;
}

/** The sources that an answer cites, as its message keeps them. */
export function sourcesCited(answer: string, passages: Passage[]): MessageSource[] {
  return citedIn(answer).flatMap((n) => {
    const passage = passages[n - 1];
    if (!passage) return [];
    const path = [pathWithin(passage), passage.page === null ? '' : `page ${passage.page}`].filter(Boolean).join(', ');
    return [
      {
        n,
        chunkId: passage.chunkId,
        sourceId: passage.sourceId,
        title: passage.title,
        path,
        ...(passage.url === null ? {} : { url: passage.url }),
      },
    ];
  });
}

/** Runs that a dead boot left open: charged by what they had reserved, and closed. At boot, for each workspace. */
export function closeDeadRuns(ws: Workspace): void {
  const { boot } = ws.installation;
  const dead = ws.prepare('SELECT count(*) AS n FROM runs WHERE ended_at IS NULL AND boot <> ?').get(boot) as { n: number };
  if (dead.n === 0) return;
  ws.durable(() => {
    const now = ws.clock.now();
    ws.prepare(
      "UPDATE provider_calls SET state = 'aborted', estimated = 1, ended_at = ?, cost_micros = (SELECT reserved_micros FROM runs WHERE runs.id = run_id) WHERE state = 'open' AND run_id IN (SELECT id FROM runs WHERE ended_at IS NULL AND boot <> ?)",
    ).run(now, boot);
    ws.prepare(
      "UPDATE runs SET state = 'died', why = 'the server stopped', cost_micros = reserved_micros, reserved_micros = 0, ended_at = ? WHERE ended_at IS NULL AND boot <> ?",
    ).run(now, boot);
  });
}
