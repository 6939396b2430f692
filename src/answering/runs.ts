import type { MessageSource, RunPassage, SentTurn } from '../db/schema/workspace.ts';
import type { AnswerRequest, Money, ProviderErrorKind, Turn, Usage } from '../providers/index.ts';
import type { Passage } from '../knowledge/index.ts';
import { citedIn } from '../lib/citations.ts';
import { closeStrandedCalls } from '../tools/index.ts';
import type { Workspace } from '../workspace.ts';
import { pathWithin } from './path-within.ts';
import { closeCall, closeDeadCalls, holdFor, insertCall } from './calls.ts';

export interface NewRun {
  conversationId: number | null;
  botId: number;
  botVersionId: number;
  kind: 'answer' | 'playground' | 'suggestion' | 'translation' | 'summary' | 'test' | 'judge' | 'transcription' | 'recap';
  answersThrough: number | null;
  question: string;
  request: Pick<AnswerRequest, 'model' | 'system' | 'context' | 'turns'>;
  passages: Passage[];
  searchMs: number;
  provider: { id: string; keyId: number | null; host: string | null };
  /** What its first call can cost at most; null where the price isn't known. */
  most: Money | null;
}

export interface OpenRun {
  runId: number;
  /** The call under way. */
  callId: number;
  /** What calls cost before this one, in its currency: those that failed, and those that ended in calls of tools. */
  before: Money[];
  /** What those used that ended in calls of tools: it counts as the run's. */
  used: Usage;
}

export type Opened = { run: OpenRun; refused?: undefined } | { run?: undefined; refused: string };

/**
 * A run is its own reservation: written with its call before the provider is asked, and not at all where a budget forbids
 * it, which is said in plain words for the owner. Not flushed: a kill leaves it, and what a power cut
 * takes is the cost of the answers that were being written in that second; a flush of its own would cost every answer
 * more than all its other writing. Inside the caller's transaction.
 */
export function openRun(ws: Workspace, run: NewRun): Opened {
  const { botId, most, provider } = run;
  const first = { botId, keyId: provider.keyId, provider: provider.id, host: provider.host, model: run.request.model, most };
  const hold = holdFor(ws, first);
  if ('refused' in hold) return hold;
  const runId = insertRun(ws, run);
  return {
    run: {
      runId,
      callId: insertCall(ws, { ...first, runId }, hold.held),
      before: [],
      used: { inputTokens: 0, cachedTokens: 0, outputTokens: 0 },
    },
  };
}

function insertRun(ws: Workspace, run: NewRun): number {
  const prompt = [
    { role: 'system', text: run.request.system },
    { role: 'system', text: run.request.context },
    ...run.request.turns.map(sentTurn),
  ];
  return Number(
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
        run.most?.micros ?? 0,
        run.most?.currency ?? null,
        ws.clock.now(),
      ).lastInsertRowid,
  );
}

/** Of pictures their names: they stand with their message. */
function sentTurn({ role, text, pictures = [] }: Turn): SentTurn {
  return { role, text, ...(pictures.length > 0 ? { pictures: pictures.map(({ id, name }) => ({ id, name })) } : {}) };
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
  /** What was not paid since the provider had it in its cache; left out where the price isn't known. */
  savedMicros?: number;
  error: { kind: ProviderErrorKind; says: string } | null;
}

/** Closes a run and its call, inside the transaction that makes its outcome true. */
export function closeRun(ws: Workspace, { runId, callId, before, used }: OpenRun, end: RunEnd): void {
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
    usage && usage.inputTokens + used.inputTokens,
    usage && usage.cachedTokens + used.cachedTokens,
    usage && usage.outputTokens + used.outputTokens,
    withEarlier(end.costMicros, before),
    ws.clock.now(),
    passages,
    passages,
    runId,
  );
  closeCall(ws, callId, { ...end, aborted: end.state === 'dropped' });
  if (end.state === 'dropped' || end.state === 'failed') closeStrandedCalls(ws, runId, 'The answer was dropped meanwhile.');
}

/** Calls of one run are paid in one currency nearly always; where they aren't, each call's own cost stands under the run. */
function withEarlier(costMicros: number | null, before: OpenRun['before']): number | null {
  return before.length === 0 ? costMicros : before.reduce((sum, { micros }) => sum + micros, costMicros ?? 0);
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
    const ids = ws.prepare('SELECT id FROM runs WHERE ended_at IS NULL AND boot <> ?').pluck().all(boot) as number[];
    for (const runId of ids) {
      closeDeadCalls(ws, runId);
      closeStrandedCalls(ws, runId, 'The server stopped meanwhile.');
      ws.prepare(
        "UPDATE runs SET state = 'died', why = 'the server stopped', cost_micros = (SELECT sum(cost_micros) FROM provider_calls WHERE run_id = runs.id), reserved_micros = 0, ended_at = ? WHERE id = ?",
      ).run(ws.clock.now(), runId);
    }
  });
}
