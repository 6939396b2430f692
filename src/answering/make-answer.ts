import type { BotVersion } from '../bots/index.ts';
import { fits, type Passage } from '../knowledge/index.ts';
import {
  costOf,
  openProvider,
  priceOf,
  ProviderError,
  type AnswerRequest,
  type OpenProvider,
  type Price,
  type Turn,
  type Usage,
} from '../providers/index.ts';
import { courtesyOf } from '../lib/courtesy.ts';
import { estimateTokens } from '../lib/tokens.ts';
import type { Workspace } from '../workspace.ts';
import { compose } from './compose.ts';
import { languageFor } from './language-for.ts';
import { openRun, type NewRun, type OpenRun, type RunEnd } from './runs.ts';
import { searchTalk } from './search-talk.ts';
import { VisibleText, type Meaning } from './visible-text.ts';

const PASSAGES = 6;

export interface Question {
  version: BotVersion;
  turns: Turn[];
  question: string;
  /** What was asked before, for a question that leans on it ("and on Sundays?"). */
  earlier: string;
  /** The language the customer's app is set to, where the channel tells. */
  language: string | null;
  conversationId: number | null;
  answersThrough: number | null;
  kind: 'answer' | 'playground';
}

/** Everything that is known before the provider is asked. */
export interface Prepared {
  question: Question;
  passages: Passage[];
  searchMs: number;
  request: AnswerRequest;
  provider: OpenProvider;
  price: Price | null;
}

export interface Made {
  run: OpenRun;
  meaning: Meaning;
  /** The provider said that the model refused, or ended for length. */
  reason: 'stop' | 'length' | 'refused';
  text: string;
  shown: string;
  /** What closes the run, but for its state; the caller knows what became of the answer. */
  figures: Omit<RunEnd, 'state' | 'why'>;
}

/** An answer that was not made: aborted, or the provider failed. The run is still open; `figures` closes it. */
export class NotMade extends Error {
  readonly run: OpenRun;
  readonly shown: string;
  readonly figures: Omit<RunEnd, 'state' | 'why'>;

  constructor(run: OpenRun, shown: string, figures: Omit<RunEnd, 'state' | 'why'>, cause: unknown) {
    super('the answer was not made', { cause });
    this.run = run;
    this.shown = shown;
    this.figures = figures;
  }
}

/** Searches and composes. Throws the signal's reason when aborted, ProviderError when the bot's key is gone. */
export async function prepare(ws: Workspace, question: Question, signal: AbortSignal): Promise<Prepared> {
  const { settings } = question.version;
  const began = ws.clock.steady();
  const found = await searchTalk(ws, question, PASSAGES, signal);
  const unknown = settings.groundedOnly && isUnknown(question.question, found);
  // Too weak to answer from, and a temptation to guess from.
  const passages = unknown ? [] : found;
  const searchMs = ws.clock.steady() - began;
  const { name, timezone } = ws.prepare('SELECT name, timezone FROM business WHERE id = 1').get() as { name: string; timezone: string };
  const request = compose({
    business: name,
    botName: settings.name,
    botId: question.version.botId,
    settings,
    passages,
    turns: question.turns,
    language: languageFor(ws, question),
    today: dateIn(timezone).format(ws.clock.now()),
    workspaceId: ws.id,
  });
  // Without AI, nothing is quoted where nothing fits: the question is refused, and no model can be talked into an answer.
  const provider = openProvider(ws, unknown && asks(question.question) ? null : settings.providerKeyId, signal);
  return { question, passages, searchMs, request, provider, price: priceOf(ws, provider.provider.id, request.model) };
}

/** In a longer message much is said besides the question, and however well a passage answers that, it covers little of all. */
const LONGEST_JUDGED = 120;

function isUnknown(text: string, [best]: readonly Passage[]): boolean {
  return text.length <= LONGEST_JUDGED && !fits(best);
}

const QUESTION_MARK = /[?？؟\u037e]/u;

/** Anything else a model understands better: "my name is Ana", "the second one", hello in a language that isn't known here. */
function asks(text: string): boolean {
  return QUESTION_MARK.test(text) && courtesyOf(text) === null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function dateIn(timezone: string): Intl.DateTimeFormat {
  const format = formats.get(timezone) ?? new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: timezone });
  formats.set(timezone, format);
  return format;
}

/** What has come of an answer so far. */
interface Heard {
  text: VisibleText;
  /** By the steady clock. */
  began: number;
  firstTokenMs: number | null;
  usage: Usage | null;
}

/**
 * Opens the run, asks the provider, and tells `onVisible` what a customer may see as it comes. Throws NotMade: the run is
 * then still open, and the caller closes it in the transaction that decides what follows.
 */
export async function makeAnswer(
  ws: Workspace,
  prepared: Prepared,
  signal: AbortSignal,
  onVisible: (text: string, run: OpenRun) => void,
): Promise<Made> {
  const run = await ws.writeTogether(() => openRun(ws, newRunOf(prepared)));
  const text = new VisibleText();
  const heard: Heard = { text, began: ws.clock.steady(), firstTokenMs: null, usage: null };
  const show = (more: string): void => {
    if (more !== '') onVisible(more, run);
  };
  let reason: Made['reason'];
  try {
    reason = await hear(ws, prepared, heard, signal, show);
  } catch (error) {
    const known = error instanceof ProviderError ? { kind: error.kind, says: error.says } : null;
    throw new NotMade(run, text.shown, figuresOf(ws, prepared, heard, known), error);
  }
  const { meaning } = text;
  if (meaning === 'answer' && reason !== 'refused') show(text.finish());
  return { run, meaning, reason, text: text.text, shown: text.shown, figures: figuresOf(ws, prepared, heard, null) };
}

function newRunOf({ question, request, passages, searchMs, provider, price }: Prepared): NewRun {
  return {
    conversationId: question.conversationId,
    botVersionId: question.version.id,
    kind: question.kind,
    answersThrough: question.answersThrough,
    question: question.question,
    request,
    passages,
    searchMs,
    provider: { id: provider.provider.id, keyId: provider.keyId, host: provider.host },
    reservedMicros: price ? costOf(price, { inputTokens: inputTokensOf(request), cachedTokens: 0, outputTokens: request.maxTokens }) : 0,
    currency: price?.currency ?? null,
  };
}

/** Takes in what the provider sends, and returns why it ended. Throws ProviderError, or the signal's reason. */
async function hear(
  ws: Workspace,
  { provider, request }: Prepared,
  heard: Heard,
  signal: AbortSignal,
  show: (more: string) => void,
): Promise<Made['reason']> {
  let reason: Made['reason'] | undefined;
  signal.throwIfAborted();
  for await (const event of provider.provider.answer(provider.access, request)) {
    if (event.type === 'delta') {
      heard.firstTokenMs ??= ws.clock.steady() - heard.began;
      show(heard.text.push(event.text));
    } else if (event.type === 'usage') heard.usage = event.usage;
    else reason = event.reason;
  }
  signal.throwIfAborted();
  if (reason === undefined) throw new ProviderError('broken', 'The answer broke off.');
  return reason;
}

function figuresOf(ws: Workspace, { request, price }: Prepared, heard: Heard, error: RunEnd['error']): Made['figures'] {
  const { text, shown } = heard.text;
  const usage = heard.usage ?? { inputTokens: inputTokensOf(request), cachedTokens: 0, outputTokens: estimateTokens(text) };
  return {
    answer: text === '' ? null : text,
    shown: shown === '' ? null : shown,
    firstTokenMs: heard.firstTokenMs,
    totalMs: ws.clock.steady() - heard.began,
    usage,
    estimated: heard.usage === null,
    costMicros: price ? costOf(price, usage) : null,
    error,
  };
}

function inputTokensOf(request: AnswerRequest): number {
  return (
    estimateTokens(request.system) +
    estimateTokens(request.context) +
    request.turns.reduce((sum, turn) => sum + estimateTokens(turn.text) + 4, 0)
  );
}
