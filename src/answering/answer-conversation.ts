import { publishedOf } from '../bots/index.ts';
import { conversationById, wantPerson, type Conversation } from '../conversations/index.ts';
import type { Job } from '../jobs/job.ts';
import { ProviderError } from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';
import { asksForPerson } from './asks-for-person.ts';
import { OverBudget } from './calls.ts';
import { callPerson, conclude, declineFiles, fallBack, notMade, type BotTurn } from './conclude-answer.ts';
import { finishWithRun } from './finish-with-run.ts';
import { gather } from './gather.ts';
import { abilitiesOf, NONE } from './media/abilities.ts';
import { loadPictures } from './media/load-pictures.ts';
import { waitForFiles } from './media/wait-for-files.ts';
import { handsOverBefore, isUnsure } from './hand-over.ts';
import { collect, sayCollected } from './leads/collect.ts';
import { makeAnswer, NotMade, prepare } from './make-answer.ts';
import { showDrafts } from './show-drafts.ts';
import { showTyping } from './show-typing.ts';
import { Dropped, watchConversation } from './watch.ts';

/** After so many answers dropped for newer messages, or this long, an answer stands for what it read. */
const DROPS_AT_MOST = 2;
const DROPPING_AT_MOST_MS = 20_000;

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
  const over = handsOverBefore(ws, turn.version.settings, turn.gathered.question, turn.conversation);
  if (over) {
    await job.finish(() => callPerson(ws, turn, over.why, over.says));
    return;
  }
  const collected = collect(ws, turn);
  if ('says' in collected) {
    await sayCollected(ws, job, turn, collected);
    return;
  }
  if (turn.gathered.waits.length > 0) waitForFiles(ws, turn.gathered.waits);
  if (turn.gathered.unread && turn.gathered.question === '' && !turn.gathered.pictures) {
    await job.finish(() => declineFiles(ws, turn));
    return;
  }
  if (!ws.installation.space.forBots) {
    await job.finish(() => fallBack(ws, turn, null, 'The server’s disk is almost full: bots are silent until there is room.'));
    return;
  }
  const asked = collected.turn;
  const { conversation, gathered } = asked;
  const watch = watchConversation(ws, conversation.id, gathered.answersThrough, turn.stands, stop);
  const stopTyping = showTyping(ws, conversation);
  const stopDrafts = showDrafts(ws, conversation);
  try {
    await answer(ws, job, asked, watch.signal);
  } finally {
    stopDrafts();
    stopTyping();
    watch.end();
  }
}

/** What is to be answered now; undefined when it isn't the bot's turn or nobody waits. */
function turnOf(ws: Workspace, conversationId: number): BotTurn | undefined {
  const conversation = conversationById(ws, conversationId);
  if (conversation?.status !== 'open' || conversation.turn !== 'bot' || conversation.silenced || conversation.botId === null)
    return undefined;
  const version = publishedOf(ws, conversation.botId);
  const gathered = gather(ws, conversationId, () => (version ? abilitiesOf(ws, version.settings) : NONE));
  if (!gathered) return undefined;
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

async function answer(ws: Workspace, job: Job, turn: BotTurn, signal: AbortSignal): Promise<void> {
  const { conversation, gathered, version } = turn;
  const conversationId = conversation.id;
  try {
    const prepared = await prepare(
      ws,
      {
        version,
        turns: await loadPictures(ws, gathered.turns),
        question: gathered.question,
        files: gathered.files,
        earlier: gathered.earlier,
        recap: gathered.recap,
        language: gathered.language,
        conversationId,
        answersThrough: gathered.answersThrough,
        kind: 'answer',
      },
      signal,
    );
    if (prepared.blind && gathered.question === '') {
      await job.finish(() => declineFiles(ws, turn, { blind: prepared.blind ?? null }));
      return;
    }
    const unsure = gathered.question === '' ? undefined : isUnsure(version.settings, gathered.question, prepared.passages);
    if (unsure) {
      await job.finish(() => callPerson(ws, turn, unsure.why, unsure.says));
      return;
    }
    const made = await makeAnswer(ws, prepared, signal, (text, { runId }) =>
      ws.bus.publish({ type: 'draft', conversationId, runId, text }),
    );
    await finishWithRun(ws, job, { conversationId, ...made }, () => conclude(ws, turn, prepared.passages, made));
  } catch (error) {
    if (error instanceof NotMade) await notMade(ws, job, turn, error);
    else if (signal.aborted && error === signal.reason) dropBeforeRun(job, error);
    else if (error instanceof ProviderError) await job.finish(() => fallBack(ws, turn, null, error.says));
    // In the words for a person who is called, and once: the bot is silent until the conversation is handed back.
    else if (error instanceof OverBudget) await job.finish(() => callPerson(ws, turn, error.says));
    else throw error;
  }
}

/** Dropped before there was a run: nothing was shown and nothing spent. */
function dropBeforeRun(job: Job, reason: unknown): void {
  if (!(reason instanceof Dropped)) throw reason;
  job.finishQuietly();
}

/** The third death, or failing again and again: the customer isn't left without a word. */
export function answerParked(ws: Workspace, job: { key: string }): void {
  const turn = turnOf(ws, Number(job.key));
  if (turn) fallBack(ws, turn, null, 'The bot failed again and again at this message. The log of the server says why.');
}
