import { publishedOf, type BotVersion } from '../bots/index.ts';
import { conversationById, NoConversation } from '../conversations/index.ts';
import { estimateTokens } from '../lib/tokens.ts';
import { Masker, mayPass, ProviderError, type AnswerRequest } from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';
import { OverBudget } from './calls.ts';
import { makeAnswer, NotMade, type Made, type Prepared } from './make-answer.ts';
import { closeRun } from './runs.ts';
import { openNext, waysOf } from './ways.ts';

/** What the team asks of a model beside any answer: it is told to nobody but them. */
export interface Aside<Kept> {
  conversationId: number;
  kind: 'translation' | 'summary' | 'recap';
  /** What is asked about: the newest message of it. Null for what isn't said yet. */
  about: number | null;
  /** What to do: the same for each of its kind, so that it can be cached. */
  task: string;
  text: string;
  maxTokens: number;
  /** Runs in the transaction that closes the run. */
  keep(text: string, runId: number): Kept;
}

export type Told<Kept> = { ok: true; kept: Kept; cost: Cost } | { ok: false; says: string; passing: boolean };

export interface Cost {
  runId: number;
  micros: number | null;
  currency: string | null;
}

const NO_MODEL =
  'This needs an AI model, and the bot of this conversation has none. An owner or admin chooses one under Bots, in the bot’s settings.';
const NO_BOT = 'This needs an AI model, and no bot is live on this channel. An owner or admin gives it one under Channels.';
export const SILENCED = 'This contact is blocked or restricted, so what they wrote goes to no model.';
const TWICE = 'Somebody asked for this a moment ago. It comes by itself.';

/**
 * Asks the model of the conversation's bot. No other bot's: customers of this channel are told which providers read what
 * they write. It costs what an answer costs, is held by the same budgets, and is a run like any. `says` is why nothing came
 * of it, in plain words; `passing` that it may work a little later. Throws NoConversation, and the signal's reason.
 */
export async function askModel<Kept>(ws: Workspace, aside: Aside<Kept>, signal: AbortSignal): Promise<Told<Kept>> {
  const conversation = conversationById(ws, aside.conversationId);
  if (!conversation) throw new NoConversation(String(aside.conversationId));
  if (conversation.silenced) return { ok: false, says: SILENCED, passing: false };
  const version = conversation.botId === null ? undefined : publishedOf(ws, conversation.botId);
  if (!version) return { ok: false, says: NO_BOT, passing: false };
  if (version.settings.providerKeyId === null) return { ok: false, says: NO_MODEL, passing: false };
  if (isUnderWay(ws, aside)) return { ok: false, says: TWICE, passing: true };
  try {
    const made = await makeAnswer(ws, prepared(ws, aside, version, signal), signal, () => undefined);
    return concluded(ws, aside, made);
  } catch (error) {
    if (error instanceof ProviderError) return failed(error);
    if (error instanceof OverBudget) return { ok: false, says: error.says, passing: false };
    if (!(error instanceof NotMade)) throw error;
    return notMade(ws, error);
  }
}

/** The same is being asked by somebody else, or by a second press. */
function isUnderWay(ws: Workspace, { conversationId, kind, about }: Aside<unknown>): boolean {
  const open = "SELECT 1 FROM runs WHERE conversation_id = ? AND kind = ? AND answers_through = ? AND state = 'open' AND boot = ?";
  return about !== null && ws.prepare(open).get(conversationId, kind, about, ws.installation.boot) !== undefined;
}

function prepared(ws: Workspace, aside: Aside<unknown>, version: BotVersion, signal: AbortSignal): Prepared {
  const others = waysOf(version.settings);
  const first = openNext(ws, others, signal, new Masker(ws, version.settings.masking, aside.conversationId));
  const request: AnswerRequest = {
    model: first.model,
    system: aside.task,
    context: '',
    turns: [{ role: 'user', text: aside.text }],
    passages: [],
    language: 'en',
    maxTokens: aside.maxTokens,
    temperature: null,
    cacheKey: `${ws.id}:${aside.kind}`,
  };
  const { conversationId, kind, about, text } = aside;
  const question = {
    version,
    turns: request.turns,
    question: text,
    earlier: '',
    language: null,
    conversationId,
    answersThrough: about,
    kind,
  };
  return { question, passages: [], searchMs: 0, request, first, others };
}

function concluded<Kept>(ws: Workspace, aside: Aside<Kept>, made: Made): Told<Kept> {
  const { runId } = made.run;
  const why =
    made.reason === 'refused' ? 'refused' : made.text === '' ? 'the model wrote nothing' : made.reason === 'length' ? 'cut' : null;
  const kept = ws.write(() => {
    closeRun(ws, made.run, { ...made.figures, state: why === null ? 'answered' : 'failed', why });
    return why === null ? { value: aside.keep(made.text, runId) } : null;
  });
  if (kept) return { ok: true, kept: kept.value, cost: costOf(ws, runId) };
  const says =
    why === 'refused' ? 'The model refused to do this.' : why === 'cut' ? 'The model’s text broke off.' : 'The model wrote nothing.';
  return { ok: false, says: `${says} Try again, or choose another model for the bot.`, passing: false };
}

function notMade(ws: Workspace, { run, figures, cause }: NotMade): { ok: false; says: string; passing: boolean } {
  const known = cause instanceof ProviderError;
  ws.write(() => closeRun(ws, run, { ...figures, state: known ? 'failed' : 'dropped', why: known ? cause.kind : 'stopped' }));
  if (!known) throw cause;
  return failed(cause);
}

const failed = ({ kind, says }: ProviderError) => ({ ok: false as const, says, passing: mayPass(kind) });

function costOf(ws: Workspace, runId: number): Cost {
  const row = ws.prepare('SELECT cost_micros AS micros, currency FROM runs WHERE id = ?').get(runId) as Omit<Cost, 'runId'>;
  return { runId, ...row };
}

/** Room for about as much again as is sent: languages differ in length, and in how many tokens a word is. */
export function roomFor(text: string): number {
  return Math.min(16_000, 300 + 3 * estimateTokens(text));
}
