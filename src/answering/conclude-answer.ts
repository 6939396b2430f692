/** What becomes of an answer: a message, a call for a person, the fallback sentence, or nothing since it comes too late. */
import type { BotVersion } from '../bots/index.ts';
import {
  handToPerson,
  keepWhatWasShown,
  replyAsBot,
  resolveConversation,
  sayAsBusiness,
  wantPerson,
  type Conversation,
  type Replied,
} from '../conversations/index.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { TryLater, type Job } from '../jobs/job.ts';
import type { Passage } from '../knowledge/index.ts';
import { textsIn } from '../lib/catalogue.ts';
import { mayPass, ProviderError } from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';
import { finishWithRun } from './finish-with-run.ts';
import type { Gathered } from './gather.ts';
import { businessLanguage, languageFor } from './language-for.ts';
import { askBehind, askForPerson, settleDetails } from './leads/collect.ts';
import { failuresInRow, handsOverAfter, type HandsOver } from './hand-over.ts';
import type { Made, NotMade } from './make-answer.ts';
import { OverBudget } from './calls.ts';
import { closeRun, sourcesCited, type OpenRun, type RunEnd } from './runs.ts';
import { sayHandedOver } from './say-handed-over.ts';
import { askForAction } from './tools/ask-for-action.ts';
import { Dropped } from './watch.ts';

const UNREAD = 'The customer sent something that the bot can’t open.';
/** A failure of the provider that may pass is tried again this often, while the customer has seen nothing. */
const TRIES = 3;
const LONGEST_WAIT_MS = 8000;

/** The bot's turn to answer, as it was when the answer was begun. */
export interface BotTurn {
  conversation: Conversation;
  version: BotVersion;
  gathered: Gathered;
  /** A newer message doesn't drop it. */
  stands: boolean;
}

/** The answer is whole. It becomes a message, or a person is called, or it comes too late; all in the job's own end. */
export function conclude(ws: Workspace, turn: BotTurn, passages: Passage[], made: Made): void {
  if (made.meaning === 'call person') {
    closeRun(ws, made.run, { ...made.figures, state: 'answered', why: 'called a person' });
    const shown = keepShown(ws, turn, made.run, made.shown);
    settleDetails(ws, turn, null, made.details);
    callPerson(ws, turn, made.handsOver === null ? 'The customer asked for a person.' : `The bot hands over: ${made.handsOver}`);
    settleAsked(ws, turn, made);
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
    settleDetails(ws, turn, null, made.details);
    fallBack(
      ws,
      turn,
      made.run,
      turn.gathered.question === ''
        ? 'The bot had no answer to a picture.'
        : `The bot found no answer to: “${shorten(turn.gathered.question)}”`,
    );
    settleAsked(ws, turn, made);
    return;
  }
  const language = languageFor(ws, turn.gathered);
  const unread = unreadOf(turn, made.blind);
  const behind = askBehind(ws, turn);
  // A model that only signs what it was told has thanked nobody.
  const said = made.text === '' && made.details.length > 0 ? textsIn(language).leadThanks : made.text;
  const replied = replyAsBot(ws, {
    conversationId: turn.conversation.id,
    runId: made.run.runId,
    answersThrough: turn.gathered.answersThrough,
    text: [said, unread === null ? '' : textsIn(language).cannotOpen, behind?.text ?? ''].filter(Boolean).join('\n\n'),
    sources: sourcesCited(made.text, passages),
    language,
    stands: turn.stands,
  });
  if (replied.said && unread !== null) wantPerson(ws, turn.conversation, unread);
  if (replied.said && turn.gathered.nearlyFull && turn.version.settings.providerKeyId !== null)
    enqueue(ws, { kind: 'recap-talk', key: String(turn.conversation.id) });
  closeRun(ws, made.run, { ...made.figures, ...outcomeOf(replied) });
  if (replied.said) settleAsked(ws, turn, made);
  if (replied.said) settleDetails(ws, turn, behind?.asks ?? null, made.details);
  if (replied.said && made.ends && made.waiting.length === 0) resolveConversation(ws, turn.conversation.id, null);
  draftEnded(ws, turn, made.run, replied.said ? replied.messageId : keepShown(ws, turn, made.run, made.shown));
}

/** What the model wanted done, and what waits for a person, is asked for in the thread. Behind any other call: that one isn't over with it. */
function settleAsked(ws: Workspace, turn: BotTurn, { waiting }: Made): void {
  for (const id of waiting) askForAction(ws, turn.conversation, id);
}

/** What the team reads of files that the bot couldn't open, `blind` being why pictures weren't looked at; null where there are none. */
function unreadOf({ gathered }: BotTurn, blind: string | null = null): string | null {
  if (!gathered.unread && blind === null) return null;
  return [UNREAD, gathered.unreadWhy || blind].filter(Boolean).join(' ');
}

function outcomeOf(replied: Replied): Pick<RunEnd, 'state' | 'why'> {
  return replied.said ? { state: 'answered', why: null } : { state: 'dropped', why: replied.why };
}

/** Aborted, or the provider failed. Throws TryLater, or what broke, to be tried again. */
export async function notMade(ws: Workspace, job: Job, turn: BotTurn, failure: NotMade): Promise<void> {
  const { cause, figures, run } = failure;
  const ended = { conversationId: turn.conversation.id, run, figures };
  if (cause instanceof ProviderError && passes(cause) && failure.shown === '' && job.attempts + 1 < TRIES) {
    ws.durable(() => closeRun(ws, run, { ...figures, state: 'failed', why: cause.kind }));
    throw new TryLater(cause.retryAfter ?? 700 * (job.attempts + 1), cause.kind);
  }
  if (cause instanceof ProviderError) {
    await finishWithRun(ws, job, ended, () => {
      closeRun(ws, run, { ...figures, state: 'failed', why: cause.kind });
      keepShown(ws, turn, run, failure.shown);
      if (turn.gathered.pictures && (cause.kind === 'no-sight' || cause.kind === 'refused'))
        declineFiles(ws, turn, { blind: cause.says, run });
      else fallBack(ws, turn, run, cause.says);
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
  // In the middle of an answer that called tools: what it had begun is paid, and no more is begun.
  if (cause instanceof OverBudget) {
    await finishWithRun(ws, job, ended, () => {
      end('failed', 'over budget');
      callPerson(ws, turn, cause.says);
    });
    return;
  }
  // The server stops, or something of ours broke: the run is closed, the job is tried again.
  ws.durable(() => end('failed', 'stopped'));
  throw cause;
}

const passes = ({ kind, retryAfter }: ProviderError): boolean => (retryAfter ?? 0) <= LONGEST_WAIT_MS && mayPass(kind);

/** The customer gets the fallback sentence, never an error; a person is called, and told why. */
export function fallBack(ws: Workspace, turn: BotTurn, run: OpenRun | null, why: string): void {
  const language = languageFor(ws, turn.gathered);
  const { settings } = turn.version;
  const over = run && handsOverAfter(settings, failuresInRow(ws, turn.conversation.id));
  // The owner's own sentence is in the business's language; a customer who writes in another gets the catalogue's.
  const text =
    settings.fallback !== '' && (language === businessLanguage(ws) || settings.language !== 'customer')
      ? settings.fallback
      : textsIn(language).fallback;
  const person = askForPerson(ws, turn);
  const replied = replyAsBot(ws, {
    conversationId: turn.conversation.id,
    runId: run?.runId ?? null,
    answersThrough: turn.gathered.answersThrough,
    text: person ? `${text}\n\n${person.text}` : text,
    sources: [],
    language,
    stands: turn.stands,
  });
  if (replied.said) person?.asked();
  if (replied.said && over) handOverToo(ws, turn, over);
  else if (replied.said) wantPerson(ws, turn.conversation, why);
  if (replied.said && run) enqueue(ws, { kind: 'gather-gap', key: String(replied.messageId) });
  if (run) draftEnded(ws, turn, run, replied.said ? replied.messageId : null);
}

/** The fallback sentence has said that a person comes; what the owner has to say besides follows. */
function handOverToo(ws: Workspace, { conversation, gathered }: BotTurn, { why, says }: HandsOver): void {
  const spoken = languageFor(ws, gathered);
  if (handToPerson(ws, conversation, why) && says !== '' && spoken === businessLanguage(ws)) sayAsBusiness(ws, conversation.id, says);
}

/** Nothing but files: they are never passed over in silence, and a person looks at them. */
export function declineFiles(
  ws: Workspace,
  turn: BotTurn,
  { blind = null, run = null }: { blind?: string | null; run?: OpenRun | null } = {},
): void {
  const language = languageFor(ws, turn.gathered);
  const replied = replyAsBot(ws, {
    conversationId: turn.conversation.id,
    runId: null,
    answersThrough: turn.gathered.answersThrough,
    text: textsIn(language).cannotOpen,
    sources: [],
    language,
    stands: turn.stands,
  });
  if (replied.said) wantPerson(ws, turn.conversation, unreadOf(turn, blind) ?? UNREAD);
  if (run) draftEnded(ws, turn, run, replied.said ? replied.messageId : null);
}

export function callPerson(ws: Workspace, turn: BotTurn, why: string, says = ''): void {
  const { conversation, gathered } = turn;
  const person = askForPerson(ws, turn);
  const more = { answersThrough: gathered.answersThrough, ...(person ? { also: person.text } : {}) };
  if (sayHandedOver(ws, conversation, { why, says }, languageFor(ws, gathered), more)) person?.asked();
}

/** What a visitor may have seen stays: it is stored as cut off. */
function keepShown(ws: Workspace, turn: BotTurn, run: OpenRun, shown: string): number | null {
  return keepWhatWasShown(ws, { conversationId: turn.conversation.id, runId: run.runId, text: shown }) ?? null;
}

function draftEnded(ws: Workspace, turn: BotTurn, run: OpenRun, messageId: number | null): void {
  ws.afterCommit(() => ws.bus.publish({ type: 'draft-ended', conversationId: turn.conversation.id, runId: run.runId, messageId }));
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80).toWellFormed()}…` : text;
}
