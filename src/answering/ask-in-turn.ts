/** One answer out of a chain of models: where one fails before its first word, the next is asked, each as a call of its own. */
import type { BotSettings } from '../bots/index.ts';
import { estimateTokens } from '../lib/tokens.ts';
import {
  costOf,
  isTurnedDown,
  noteFailure,
  lackOf,
  noteIll,
  noteNothing,
  noteWell,
  ProviderError,
  savedOf,
  type AnswerEvent,
  type AnswerRequest,
  type Money,
  type Price,
  type ToolRound,
  type Usage,
} from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';
import { closeCall, holdFor, insertCall, OverBudget, type NewCall } from './calls.ts';
import type { OpenRun, RunEnd } from './runs.ts';
import { shownTo, showsPictures, withoutPictures } from './media/show-pictures.ts';
import { helpsElsewhere, openNext, patience, type OpenWay, type Way } from './ways.ts';

/** The call under way. It moves from way to way; `run` always names the last call. */
export interface Asking {
  run: OpenRun;
  botId: number;
  way: OpenWay;
  others: Way[];
  request: AnswerRequest;
  /** As the provider told it. */
  usage: Usage | null;
  settings: BotSettings;
  /** Why pictures that the customer sent were left out; null while none were. */
  blind: string | null;
}

/**
 * The events of the first model that begins to answer. After its first word there is no other: two answers would stand in
 * one. Throws ProviderError, or the signal's reason.
 */
export async function* askInTurn(ws: Workspace, asking: Asking, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  for (;;) {
    let spoke = false;
    try {
      for await (const event of ask(asking)) {
        spoke ||= event.type === 'delta';
        yield event;
      }
      note(ws, asking, null);
      return;
    } catch (error) {
      note(ws, asking, error);
      if (!spoke && !signal.aborted && isAboutPictures(asking, error) && (await askBlindly(ws, asking, error, signal))) continue;
      if (spoke || signal.aborted || !helpsElsewhere(error) || !(await moveOn(ws, asking, error, signal))) throw error;
    }
  }
}

/** One call, given up where its first word doesn't come in time and another model is left. */
async function* ask({ way, request }: Asking): AsyncGenerator<AnswerEvent> {
  const { giveUp, open, model } = way;
  const late = new ProviderError('silent', `${model} kept silent for ${Math.round(patience.firstWordMs / 1000)} seconds.`);
  const timer = giveUp && setTimeout(() => giveUp.abort(late), patience.firstWordMs);
  try {
    for await (const event of open.provider.answer(open.access, request)) {
      if (event.type === 'delta') clearTimeout(timer ?? undefined);
      yield event;
    }
  } finally {
    clearTimeout(timer ?? undefined);
  }
}

/** How a key and its model are, after a call. */
function note(ws: Workspace, { way }: Asking, error: unknown): void {
  const { keyId } = way.open;
  if (keyId === null) return;
  if (error === null) noteWell(ws, keyId, way.model);
  else if (error instanceof ProviderError && error.kind === 'no-sight') {
    // Of pictures alone, and known from now on.
    way.open.access.onRefusedField(lackOf('pictures', way.model));
    noteNothing(ws, keyId, way.model);
  } else if (error instanceof ProviderError) {
    noteIll(ws, keyId, way.model, error);
    noteFailure(ws, keyId, error);
  } else noteNothing(ws, keyId, way.model);
}

/** With pictures it failed, and there are words that can be answered without them. */
function isAboutPictures({ request }: Asking, error: unknown): error is ProviderError {
  const about = error instanceof ProviderError && (error.kind === 'no-sight' || error.kind === 'refused');
  return (
    about &&
    showsPictures(request) &&
    request.turns.at(-1)?.role === 'user' &&
    request.turns
      .at(-1)
      ?.text.replace(/\[image\]/g, '')
      .trim() !== ''
  );
}

function askBlindly(ws: Workspace, asking: Asking, error: ProviderError, signal: AbortSignal): Promise<boolean> {
  asking.request = withoutPictures(asking.request);
  asking.blind = error.says;
  return moveOn(ws, asking, error, signal, asking.way);
}

/** Closes the call that failed and opens the next, in one transaction; false where there is no other, or no budget for it. */
async function moveOn(ws: Workspace, asking: Asking, error: ProviderError, signal: AbortSignal, same?: OpenWay): Promise<boolean> {
  if (!same && asking.others.length === 0) return false;
  const next = same ?? nextOf(ws, asking, signal);
  if (!next) return false;
  const { run, botId, settings } = asking;
  const { open, model, price } = next;
  const { request, blind } = shownTo(ws, settings, { ...asking.request, model }, { keyId: open.keyId, model });
  const most = worstCost(price, request);
  const call: NewCall = { runId: run.runId, botId, keyId: open.keyId, provider: open.provider.id, host: open.host, model, most };
  const failed = { kind: error.kind, says: error.says };
  const ended = usedBy(asking, '', failed);
  const callId = await ws.writeTogether(() => {
    closeCall(ws, run.callId, { ...ended, error: failed, firstTokenMs: null, aborted: false });
    const hold = holdFor(ws, call);
    if ('refused' in hold) return null;
    ws.prepare('UPDATE runs SET reserved_micros = ?, currency = coalesce(?, currency) WHERE id = ?').run(
      most?.micros ?? 0,
      most?.currency ?? null,
      run.runId,
    );
    return insertCall(ws, call, hold.held);
  });
  if (callId === null) {
    if (open.keyId !== null) noteNothing(ws, open.keyId, model);
    return false;
  }
  const before = [...run.before, ...spentOn(asking.way, ended)].filter(({ currency }) => currency === (most?.currency ?? currency));
  Object.assign(asking, { way: next, request, blind: blind ?? asking.blind, usage: null, run: { ...run, callId, before } });
  return true;
}

/**
 * Closes the call that ended in calls of tools, and opens the one that goes on from their results, of the same model, in one
 * transaction. Throws OverBudget where there is no budget for it: the run is then still open.
 */
export async function askOn(
  ws: Workspace,
  asking: Asking,
  said: { text: string; firstTokenMs: number | null },
  round: ToolRound,
): Promise<void> {
  const { run, botId, way } = asking;
  const ended = usedBy(asking, said.text, null);
  const request = { ...asking.request, rounds: [...(asking.request.rounds ?? []), round] };
  const most = worstCost(way.price, request);
  const { open, model } = way;
  const call: NewCall = { runId: run.runId, botId, keyId: open.keyId, provider: open.provider.id, host: open.host, model, most };
  const next = await ws.writeTogether(() => {
    const hold = holdFor(ws, call);
    if ('refused' in hold) return hold;
    closeCall(ws, run.callId, { ...ended, error: null, firstTokenMs: said.firstTokenMs, aborted: false });
    ws.prepare('UPDATE runs SET reserved_micros = ? WHERE id = ?').run(most?.micros ?? 0, run.runId);
    return { callId: insertCall(ws, call, hold.held) };
  });
  if ('refused' in next) throw new OverBudget(next.refused);
  const before = [...run.before, ...spentOn(way, ended)];
  const used = added(run.used, ended.usage);
  Object.assign(asking, { request, usage: null, run: { runId: run.runId, callId: next.callId, before, used } });
}

function added(one: Usage, other: Usage | null): Usage {
  return {
    inputTokens: one.inputTokens + (other?.inputTokens ?? 0),
    cachedTokens: one.cachedTokens + (other?.cachedTokens ?? 0),
    outputTokens: one.outputTokens + (other?.outputTokens ?? 0),
  };
}

function nextOf(ws: Workspace, { others, way }: Asking, signal: AbortSignal): OpenWay | undefined {
  try {
    return openNext(ws, others, signal, way.masker);
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

/** What a call cost, by the figures that closed it. */
function spentOn({ price }: OpenWay, { costMicros }: Pick<RunEnd, 'costMicros'>): Money[] {
  return costMicros && price ? [{ micros: costMicros, currency: price.currency }] : [];
}

/** What the call under way has used and cost: as the provider tells, or by our own count. */
export function usedBy(
  { usage, way, request }: Asking,
  written: string,
  error: RunEnd['error'],
): Pick<RunEnd, 'usage' | 'estimated' | 'costMicros' | 'savedMicros'> {
  const nothing = error !== null && written === '' && isTurnedDown(error.kind);
  const used = usage ?? {
    inputTokens: nothing ? 0 : inputTokensOf(request),
    cachedTokens: 0,
    outputTokens: estimateTokens(written),
  };
  const priced = way.price ? { costMicros: costOf(way.price, used), savedMicros: savedOf(way.price, used) } : { costMicros: null };
  return { usage: used, estimated: usage === null, ...priced };
}

/** What a call can cost at most: all that is sent read anew, and as much written as it may. */
export function worstCost(price: Price | null, request: AnswerRequest): Money | null {
  if (!price) return null;
  const inputTokens = inputTokensOf(request);
  const dearest = { ...price, inputMicros: Math.max(price.inputMicros, price.writtenMicros) };
  return {
    micros: costOf(dearest, { inputTokens, cachedTokens: 0, outputTokens: request.maxTokens }),
    currency: price.currency,
  };
}

/** A large one, whole. */
const PICTURE_TOKENS = 1600;

function inputTokensOf(request: AnswerRequest): number {
  return (
    estimateTokens(request.system) +
    estimateTokens(request.context) +
    request.turns.reduce((sum, { text, pictures = [] }) => sum + estimateTokens(text) + 4 + pictures.length * PICTURE_TOKENS, 0) +
    (request.tools?.length ? estimateTokens(JSON.stringify(request.tools)) : 0) +
    (request.rounds ?? []).reduce((sum, round) => sum + tokensOfRound(round), 0)
  );
}

function tokensOfRound({ text, calls, results }: ToolRound): number {
  const texts = [text, ...calls.flatMap(({ name, input }) => [name, input]), ...results.map((result) => result.text)];
  return texts.reduce((sum, each) => sum + estimateTokens(each) + 4, 0);
}
