import type { BotVersion } from '../bots/index.ts';
import { fits, type Passage } from '../knowledge/index.ts';
import { Masker, ProviderError, type AnswerRequest, type Turn } from '../providers/index.ts';
import { courtesyOf } from '../lib/courtesy.ts';
import type { Workspace } from '../workspace.ts';
import { usedBy, worstCost, type Asking } from './ask-in-turn.ts';
import { OverBudget } from './calls.ts';
import { compose } from './compose.ts';
import { languageFor } from './language-for.ts';
import { detailRules, detailsIn, withoutDetails, type SignedDetail } from './leads/detail-signs.ts';
import { shownTo } from './media/show-pictures.ts';
import { openRun, type NewRun, type OpenRun, type RunEnd } from './runs.ts';
import { searchTalk } from './search-talk.ts';
import { hear, type Heard } from './tools/hear.ts';
import { outcomesFor } from './tools/outcome-in-words.ts';
import { ToolBox } from './tools/tool-box.ts';
import { VisibleText, type Meaning } from './visible-text.ts';
import { openNext, waysOf, type OpenWay, type Way } from './ways.ts';

const PASSAGES = 6;

export interface Question {
  version: BotVersion;
  turns: Turn[];
  question: string;
  /** What is asked may be about a picture or a document in the turns. */
  files?: boolean;
  /** What was asked before, for a question that leans on it ("and on Sundays?"). */
  earlier: string;
  /** What was said before `turns`, in short. */
  recap?: string;
  /** The language the customer's app is set to, where the channel tells. */
  language: string | null;
  conversationId: number | null;
  answersThrough: number | null;
  kind: NewRun['kind'];
  /** In the transaction that opens its run: what must be found again with it after a kill. */
  onOpened?(runId: number): void;
}

/** Everything that is known before the provider is asked. */
export interface Prepared {
  question: Question;
  passages: Passage[];
  searchMs: number;
  request: AnswerRequest;
  /** What is asked, and what is asked after it where it fails. */
  first: OpenWay;
  others: Way[];
  /** Why pictures that the customer sent are left out; null or absent where none are. */
  blind?: string | null;
  /** What may be called; absent or null where nothing may. */
  box?: ToolBox | null;
}

export interface Made {
  run: OpenRun;
  meaning: Meaning;
  /** The provider said that the model refused, or ended for length. */
  reason: 'stop' | 'length' | 'refused';
  text: string;
  shown: string;
  /** Why pictures that the customer sent were left out; null where none were. */
  blind: string | null;
  /** Why the model hands over, in its own words, for the team; null where it doesn't. */
  handsOver: string | null;
  /** It has said goodbye: the conversation is done once that is said. */
  ends: boolean;
  /** Calls that are to wait for a person. */
  waiting: readonly number[];
  /** What the customer told of what they were asked for, as the model heard it. */
  details: readonly SignedDetail[];
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
  const box = boxFor(ws, question);
  const request = compose({
    business: name,
    botName: settings.name,
    botId: question.version.botId,
    settings,
    passages,
    turns: question.turns,
    recap: question.recap ?? '',
    language: languageFor(ws, question),
    today: dateIn(timezone).format(ws.clock.now()),
    workspaceId: ws.id,
    tools: box?.offered ?? [],
    outcomes: [...(box && question.conversationId !== null ? outcomesFor(ws, question.conversationId) : []), ...rulesFor(ws, question)],
  });
  // Without AI, nothing is quoted where nothing fits: the question is refused, and no model can be talked into an answer. Where
  // there are tools, the answer may be what one of them returns.
  const others = unknown && asks(question.question) && !box && !question.files ? [{ keyId: null, model: request.model }] : waysOf(settings);
  const first = openNext(ws, others, signal, new Masker(ws, settings.masking, question.conversationId));
  const shown = shownTo(ws, settings, { ...request, model: first.model }, { keyId: first.open.keyId, model: first.model });
  return { question, passages, searchMs, ...shown, first, others, box };
}

/** What the model is to ask for; in the playground there is nobody to ask. */
function rulesFor(ws: Workspace, { version: { settings }, conversationId, kind }: Question): string[] {
  if (settings.leads.length === 0 || kind !== 'answer' || conversationId === null) return [];
  const contactId = ws.prepare('SELECT contact_id FROM conversations WHERE id = ?').pluck().get(conversationId) as number;
  return detailRules(ws, settings, contactId);
}

/** What the model may call; null where its bot was allowed nothing, which costs no query. */
function boxFor(ws: Workspace, { version: { settings }, conversationId, kind }: Question): ToolBox | null {
  if (settings.tools.length + settings.builtIns.length === 0) return null;
  const box = new ToolBox(ws, { settings, conversationId, aside: kind !== 'answer' });
  return box.offered.length > 0 ? box : null;
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

/**
 * Opens the run, asks the provider, and tells `onVisible` what a customer may see as it comes. Throws OverBudget when a budget
 * forbids it, and NotMade: the run is then still open, and the caller closes it in the transaction that decides what follows.
 */
export async function makeAnswer(
  ws: Workspace,
  prepared: Prepared,
  signal: AbortSignal,
  onVisible: (text: string, run: OpenRun) => void,
): Promise<Made> {
  const opened = await ws.writeTogether(() => {
    const now = openRun(ws, newRunOf(prepared));
    if (now.run) prepared.question.onOpened?.(now.run.runId);
    return now;
  });
  if (!opened.run) throw new OverBudget(opened.refused);
  const { first, others, question, request, box = null, blind = null } = prepared;
  const { botId, settings } = question.version;
  const asking: Asking = { run: opened.run, botId, settings, way: first, others, request, usage: null, blind };
  const text = new VisibleText();
  const heard: Heard = { text, from: 0, began: ws.clock.steady(), firstTokenMs: null };
  const show = (more: string): void => {
    if (more !== '') onVisible(more, asking.run);
  };
  let reason: Made['reason'];
  try {
    reason = await hear(ws, { asking, heard, box }, signal, show);
  } catch (error) {
    const known = error instanceof ProviderError ? { kind: error.kind, says: error.says } : null;
    throw new NotMade(asking.run, text.shown, figuresOf(ws, asking, heard, known), error);
  }
  const { handsOver = null, ends = false, waiting = [] } = box ?? {};
  const meaning = handsOver === null ? text.meaning : 'call person';
  if (meaning === 'answer' && reason !== 'refused') show(text.finish());
  const told = {
    text: withoutDetails(text.text).trim(),
    details: detailsIn(text.text),
    shown: text.shown,
    figures: figuresOf(ws, asking, heard, null),
  };
  return { run: asking.run, meaning, reason, blind: asking.blind, handsOver, ends, waiting, ...told };
}

function newRunOf({ question, request, passages, searchMs, first }: Prepared): NewRun {
  const { provider, keyId, host } = first.open;
  return {
    conversationId: question.conversationId,
    botId: question.version.botId,
    botVersionId: question.version.id,
    kind: question.kind,
    answersThrough: question.answersThrough,
    question: question.question,
    request: first.open.sent(request),
    passages,
    searchMs,
    provider: { id: provider.id, keyId, host },
    most: worstCost(first.price, request),
  };
}

function figuresOf(ws: Workspace, asking: Asking, heard: Heard, error: RunEnd['error']): Made['figures'] {
  const { text, shown } = heard.text;
  return {
    answer: text === '' ? null : text,
    shown: shown === '' ? null : shown,
    firstTokenMs: heard.firstTokenMs,
    totalMs: ws.clock.steady() - heard.began,
    ...usedBy(asking, text.slice(heard.from), error),
    error,
  };
}
