import { publishedOf, type BotVersion } from '../bots/index.ts';
import {
  conversationById,
  handToPerson,
  keepWhatWasShown,
  replyAsBot,
  sayAsBusiness,
  wantPerson,
  type Conversation,
  type Replied,
} from '../conversations/index.ts';
import { TryLater, type Job } from '../jobs/job.ts';
import { textsIn } from '../lib/catalogue.ts';
import { noteFailure, ProviderError } from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';
import { asksForPerson } from './asks-for-person.ts';
import { finishWithRun } from './finish-with-run.ts';
import { gather, type Gathered } from './gather.ts';
import { languageFor } from './language-for.ts';
import { makeAnswer, NotMade, prepare, type Made, type Prepared } from './make-answer.ts';
import { closeRun, sourcesCited, type OpenRun, type RunEnd } from './runs.ts';
import { showTyping } from './show-typing.ts';
import { Dropped, watchConversation } from './watch.ts';

/** A failure of the provider that may pass is tried again this often, while the customer has seen nothing. */
const TRIES = 3;
const LONGEST_WAIT_MS = 8000;
/** After so many answers dropped for newer messages, or this long, an answer stands for what it read. */
const DROPS_AT_MOST = 2;
const DROPPING_AT_MOST_MS = 20_000;

interface Turn {
  conversation: Conversation;
  version: BotVersion;
  gathered: Gathered;
  stands: boolean;
}

/**
 * The job 'answer': one burst of a customer's messages gets one answer. Whatever came meanwhile has asked for the job
 * again, so that a dropped answer is made anew with both.
 */
export async function answerConversation(ws: Workspace, job: Job, stop: AbortSignal): Promise<void> {
  const turn = turnOf(ws, Number(job.key));
  if (!turn) {
    job.finishQuietly();
    return;
  }
  if (asksForPerson(turn.gathered.question)) {
    await job.finish(() => callPerson(ws, turn, 'The customer asked for a person.'));
    return;
  }
  const { conversation, gathered } = turn;
  const watch = watchConversation(ws, conversation.id, gathered.answersThrough, turn.stands, stop);
  const stopTyping = showTyping(ws, conversation);
  try {
    await answer(ws, job, turn, watch.signal);
  } finally {
    stopTyping();
    watch.end();
  }
}

/** What is to be answered now; undefined when it isn't the bot's turn or nobody waits. */
function turnOf(ws: Workspace, conversationId: number): Turn | undefined {
  const conversation = conversationById(ws, conversationId);
  if (conversation?.status !== 'open' || conversation.turn !== 'bot' || conversation.silenced || conversation.botId === null)
    return undefined;
  const gathered = gather(ws, conversationId);
  if (!gathered) return undefined;
  const version = publishedOf(ws, conversation.botId);
  if (!version) {
    ws.durable(() => wantPerson(ws, conversation, 'The bot of this channel has never been published.'));
    return undefined;
  }
  return { conversation, version, gathered, stands: mustStand(ws, conversation) };
}

/** A customer who writes every few seconds would never be answered, and each dropped answer costs. */
function mustStand(ws: Workspace, { id, answeredThrough }: Conversation): boolean {
  const dropped = ws
    .prepare(
      "SELECT count(*) AS n, min(started_at) AS since FROM runs WHERE conversation_id = ? AND answers_through > ? AND state = 'dropped' AND why = 'newer message'",
    )
    .get(id, answeredThrough) as { n: number; since: number | null };
  return dropped.n >= DROPS_AT_MOST || (dropped.since !== null && ws.clock.now() - dropped.since > DROPPING_AT_MOST_MS);
}

async function answer(ws: Workspace, job: Job, turn: Turn, signal: AbortSignal): Promise<void> {
  const { conversation, gathered, version } = turn;
  const conversationId = conversation.id;
  let prepared: Prepared | undefined;
  try {
    prepared = await prepare(
      ws,
      {
        version,
        turns: gathered.turns,
        question: gathered.question,
        earlier: gathered.earlier,
        language: gathered.language,
        conversationId,
        answersThrough: gathered.answersThrough,
        kind: 'answer',
      },
      signal,
    );
    const made = await makeAnswer(ws, prepared, signal, (text, { runId }) =>
      ws.bus.publish({ type: 'draft', conversationId, runId, text }),
    );
    await finishWithRun(ws, job, { conversationId, ...made }, () => conclude(ws, turn, prepared, made));
  } catch (error) {
    if (error instanceof NotMade) await notMade(ws, job, turn, error);
    else if (signal.aborted && error === signal.reason) dropBeforeRun(job, error);
    else if (error instanceof ProviderError) await job.finish(() => fallBack(ws, turn, null, error.says));
    else throw error;
  }
}

/** Dropped before there was a run: nothing was shown and nothing spent. */
function dropBeforeRun(job: Job, reason: unknown): void {
  if (!(reason instanceof Dropped)) throw reason;
  job.finishQuietly();
}

/** The answer is whole. It becomes a message, or a person is called, or it comes too late; all in the job's own end. */
function conclude(ws: Workspace, turn: Turn, prepared: Prepared | undefined, made: Made): void {
  const passages = prepared?.passages ?? [];
  if (made.meaning === 'call person') {
    closeRun(ws, made.run, { ...made.figures, state: 'answered', why: 'called a person' });
    const shown = keepShown(ws, turn, made.run, made.shown);
    callPerson(ws, turn, 'The customer asked for a person.');
    draftEnded(ws, turn, made.run, shown);
    return;
  }
  if (made.meaning !== 'answer' || made.reason === 'refused') {
    const why =
      made.meaning === 'no answer' || made.reason === 'refused'
        ? 'nothing found'
        : `the model wrote ${made.meaning === 'empty' ? 'nothing' : 'what is not for people'}`;
    closeRun(ws, made.run, { ...made.figures, state: 'fell-back', why });
    keepShown(ws, turn, made.run, made.shown);
    fallBack(ws, turn, made.run, `The bot found no answer to: “${shorten(turn.gathered.question)}”`);
    return;
  }
  const replied = replyAsBot(ws, {
    conversationId: turn.conversation.id,
    runId: made.run.runId,
    answersThrough: turn.gathered.answersThrough,
    text: made.text,
    sources: sourcesCited(made.text, passages),
    language: languageFor(ws, turn.gathered),
    stands: turn.stands,
  });
  closeRun(ws, made.run, { ...made.figures, ...outcomeOf(replied) });
  draftEnded(ws, turn, made.run, replied.said ? replied.messageId : keepShown(ws, turn, made.run, made.shown));
}

function outcomeOf(replied: Replied): Pick<RunEnd, 'state' | 'why'> {
  return replied.said ? { state: 'answered', why: null } : { state: 'dropped', why: replied.why };
}

/** Aborted, or the provider failed. May throw, to be tried again. */
async function notMade(ws: Workspace, job: Job, turn: Turn, failure: NotMade): Promise<void> {
  const { cause, figures, run } = failure;
  const ended = { conversationId: turn.conversation.id, run, figures };
  const { providerKeyId } = turn.version.settings;
  if (cause instanceof ProviderError && providerKeyId !== null) noteFailure(ws, providerKeyId, cause);
  if (cause instanceof ProviderError && passes(cause) && failure.shown === '' && job.attempts + 1 < TRIES) {
    ws.durable(() => closeRun(ws, run, { ...figures, state: 'failed', why: cause.kind }));
    throw new TryLater(cause.retryAfter ?? 700 * (job.attempts + 1), cause.kind);
  }
  if (cause instanceof ProviderError) {
    await finishWithRun(ws, job, ended, () => {
      closeRun(ws, run, { ...figures, state: 'failed', why: cause.kind });
      keepShown(ws, turn, run, failure.shown);
      fallBack(ws, turn, run, cause.says);
    });
    return;
  }
  const end = (state: 'dropped' | 'failed', why: string): void => {
    closeRun(ws, run, { ...figures, state, why });
    draftEnded(ws, turn, run, keepShown(ws, turn, run, failure.shown));
  };
  if (cause instanceof Dropped) {
    await finishWithRun(ws, job, ended, () => end('dropped', cause.why));
    return;
  }
  // The server stops, or something of ours broke: the run is closed, the job is tried again.
  ws.durable(() => end('failed', 'stopped'));
  throw cause;
}

function passes(error: ProviderError): boolean {
  if ((error.retryAfter ?? 0) > LONGEST_WAIT_MS) return false;
  return (
    error.kind === 'rate' ||
    error.kind === 'overloaded' ||
    error.kind === 'silent' ||
    error.kind === 'unreachable' ||
    error.kind === 'broken'
  );
}

/** The customer gets the fallback sentence, never an error; a person is called, and told why. */
function fallBack(ws: Workspace, turn: Turn, run: OpenRun | null, why: string): void {
  const language = languageFor(ws, turn.gathered);
  const { settings } = turn.version;
  const business = ws.prepare('SELECT language FROM business WHERE id = 1').pluck().get() as string;
  // The owner's own sentence is in the business's language; a customer who writes in another gets the catalogue's.
  const text =
    settings.fallback !== '' && (language === business || settings.language !== 'customer')
      ? settings.fallback
      : textsIn(language).fallback;
  const replied = replyAsBot(ws, {
    conversationId: turn.conversation.id,
    runId: run?.runId ?? null,
    answersThrough: turn.gathered.answersThrough,
    text,
    sources: [],
    language,
    stands: turn.stands,
  });
  if (replied.said) wantPerson(ws, turn.conversation, why);
  if (run) draftEnded(ws, turn, run, replied.said ? replied.messageId : null);
}

function callPerson(ws: Workspace, turn: Turn, why: string): void {
  const { conversation, gathered } = turn;
  const sentence = textsIn(languageFor(ws, gathered)).personCalled;
  if (handToPerson(ws, conversation, why)) sayAsBusiness(ws, conversation.id, sentence, gathered.answersThrough);
}

/** What a visitor may have seen stays: it is stored as cut off. */
function keepShown(ws: Workspace, turn: Turn, run: OpenRun, shown: string): number | null {
  return keepWhatWasShown(ws, { conversationId: turn.conversation.id, runId: run.runId, text: shown }) ?? null;
}

function draftEnded(ws: Workspace, turn: Turn, run: OpenRun, messageId: number | null): void {
  ws.afterCommit(() => ws.bus.publish({ type: 'draft-ended', conversationId: turn.conversation.id, runId: run.runId, messageId }));
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80).toWellFormed()}…` : text;
}

/** The third death, or failing again and again: the customer isn't left without a word. */
export function answerParked(ws: Workspace, job: { key: string }): void {
  const turn = turnOf(ws, Number(job.key));
  if (turn) fallBack(ws, turn, null, 'The bot failed again and again at this message. The log of the server says why.');
}
