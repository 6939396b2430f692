/** Tells the customer what came of an action that a person had to decide about: the answer goes on from its row. */
import { publishedOf } from '../../bots/index.ts';
import { conversationById, goOnAsBot, waitsForAnswer, wantPerson, type Conversation } from '../../conversations/index.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import { TryLater, type Job } from '../../jobs/job.ts';
import { ProviderError } from '../../providers/index.ts';
import { markTold, type Action, type CallState } from '../../tools/index.ts';
import type { Workspace } from '../../workspace.ts';
import { OverBudget } from '../calls.ts';
import { finishWithRun } from '../finish-with-run.ts';
import { talkSoFar } from '../gather.ts';
import { makeAnswer, NotMade, prepare, type Made } from '../make-answer.ts';
import { closeRun } from '../runs.ts';
import { Dropped, watchConversation } from '../watch.ts';
import { outcomeInWords } from './outcome-in-words.ts';

/** Who has written meanwhile is answered first. */
const ANSWERED_FIRST_MS = 2000;
const SETTLED: readonly CallState[] = ['done', 'failed', 'uncertain', 'declined', 'expired'];

export async function tellOutcome(ws: Workspace, job: Job, action: Action, stop: AbortSignal): Promise<void> {
  const conversation = conversationById(ws, action.conversationId);
  if (
    !conversation ||
    !SETTLED.includes(action.state) ||
    conversation.status !== 'open' ||
    conversation.turn !== 'bot' ||
    conversation.silenced
  ) {
    await job.finish(() => markTold(ws, action.id));
    return;
  }
  if (waitsForAnswer(ws, conversation.id)) throw answeredFirst();
  const watch = watchConversation(ws, conversation.id, conversation.lastCustomerMessageId ?? 0, false, stop);
  try {
    await tell(ws, job, { action, conversation }, watch.signal);
  } finally {
    watch.end();
  }
}

function answeredFirst(): TryLater {
  return new TryLater(ANSWERED_FIRST_MS, 'the customer has written, and is answered first', { counts: false });
}

interface Telling {
  action: Action;
  conversation: Conversation;
}

async function tell(ws: Workspace, job: Job, telling: Telling, signal: AbortSignal): Promise<void> {
  const conversationId = telling.conversation.id;
  try {
    const made = await makeWords(ws, telling, signal);
    if (made) await finishWithRun(ws, job, { conversationId, ...made }, () => conclude(ws, telling, made));
    else await job.finish(() => leaveToPerson(ws, telling));
  } catch (error) {
    if (error instanceof NotMade) await notMade(ws, job, telling, error);
    else if (error instanceof ProviderError || error instanceof OverBudget) await job.finish(() => leaveToPerson(ws, telling));
    else if (error instanceof Dropped) throw answeredFirst();
    else throw error;
  }
}

/** Throws TryLater where something came in between, or what broke, to be tried again. */
async function notMade(ws: Workspace, job: Job, telling: Telling, { run, figures, cause }: NotMade): Promise<void> {
  const conversationId = telling.conversation.id;
  const end = (state: 'dropped' | 'failed', why: string): void => {
    closeRun(ws, run, { ...figures, state, why });
    draftEnded(ws, conversationId, run.runId, null);
  };
  const leave = (state: 'dropped' | 'failed', why: string): Promise<void> =>
    finishWithRun(ws, job, { conversationId, run, figures }, () => {
      end(state, why);
      leaveToPerson(ws, telling);
    });
  if (cause instanceof ProviderError) return await leave('failed', cause.kind);
  if (cause instanceof OverBudget) return await leave('failed', 'over budget');
  if (!(cause instanceof Dropped)) {
    // The server stops, or something of ours broke.
    ws.durable(() => end('failed', 'stopped'));
    throw cause;
  }
  // They don't want to hear it from the bot: it isn't begun again.
  if (cause.why === 'stopped by the customer') return await leave('dropped', cause.why);
  ws.durable(() => end('dropped', cause.why));
  throw answeredFirst();
}

/** The bot's own words for it; undefined where no bot is live any more. */
async function makeWords(ws: Workspace, { action, conversation }: Telling, signal: AbortSignal): Promise<Made | undefined> {
  const version = conversation.botId === null ? undefined : publishedOf(ws, conversation.botId);
  if (!version) return undefined;
  const { turns, language } = talkSoFar(ws, conversation.id);
  const note = `[Not written by the customer. ${outcomeInWords(action)} Tell the customer what came of it, in one or two sentences, in the language they write in.]`;
  const prepared = await prepare(
    ws,
    {
      version,
      turns: [...turns, { role: 'user', text: note }],
      question: action.title,
      earlier: '',
      language,
      conversationId: conversation.id,
      answersThrough: null,
      kind: 'answer',
    },
    signal,
  );
  // What came back from outside stands in it: by that nothing more is called.
  const request = { ...prepared.request, mustAnswer: true };
  return await makeAnswer(ws, { ...prepared, request }, signal, (text, { runId }) =>
    ws.bus.publish({ type: 'draft', conversationId: conversation.id, runId, text }),
  );
}

function conclude(ws: Workspace, telling: Telling, made: Made): void {
  const conversationId = telling.conversation.id;
  const { runId } = made.run;
  const well = made.meaning === 'answer' && made.reason !== 'refused';
  const replied = well ? goOnAsBot(ws, { conversationId, runId, text: made.text }) : undefined;
  closeRun(ws, made.run, {
    ...made.figures,
    ...(replied?.said
      ? { state: 'answered', why: null }
      : replied
        ? { state: 'dropped', why: replied.why }
        : { state: 'fell-back', why: 'nothing found' }),
  });
  draftEnded(ws, conversationId, runId, replied?.said ? replied.messageId : null);
  if (replied?.said) markTold(ws, telling.action.id);
  // They wrote in the last instant: the job runs once more, behind their answer.
  else if (replied?.why === 'newer message')
    enqueue(ws, { kind: 'run-action', key: String(telling.action.id), dueAt: ws.clock.now() + ANSWERED_FIRST_MS });
  else leaveToPerson(ws, telling);
}

function draftEnded(ws: Workspace, conversationId: number, runId: number, messageId: number | null): void {
  ws.afterCommit(() => ws.bus.publish({ type: 'draft-ended', conversationId, runId, messageId }));
}

/** The customer still doesn't know: whoever decided finds it on top of the list. */
function leaveToPerson(ws: Workspace, { action }: Telling): void {
  markTold(ws, action.id);
  wantPerson(ws, { id: action.conversationId }, `Tell the customer what came of this: ${action.title}.`);
}
