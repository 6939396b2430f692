import { HANDS_OVER, versionById } from '../bots/index.ts';
import { eq } from '../db/drizzle.ts';
import { runs } from '../db/schema/workspace.ts';
import type { Passage } from '../knowledge/index.ts';
import { ProviderError, type Turn } from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';
import { OverBudget } from './calls.ts';
import { earlierOf } from './gather.ts';
import { asksForPerson } from './asks-for-person.ts';
import { handsOverBefore, isUnsure } from './hand-over.ts';
import { makeAnswer, NotMade, prepare, type Question } from './make-answer.ts';
import { closeRun, type RunEnd } from './runs.ts';

export type TriedRun = typeof runs.$inferSelect;

export type Trying =
  | { type: 'delta'; text: string }
  /** Last. `says` is set when there is no answer: why, in plain words for the owner; `failure` when nobody could be asked. */
  | { type: 'done'; run: TriedRun | null; says: string | null; failure: ProviderError | OverBudget | null };

/** Asks a version of a bot outside any conversation: the playground. It costs what an answer costs, and is a run like any. */
export async function* tryBot(ws: Workspace, init: { versionId: number; turns: Turn[]; signal: AbortSignal }): AsyncGenerator<Trying> {
  const version = versionById(ws, init.versionId);
  if (!version) throw new RangeError('no such version');
  const asked = init.turns.filter((turn) => turn.role === 'user').map((turn) => turn.text);
  const question = {
    version,
    turns: init.turns,
    question: asked.at(-1) ?? '',
    earlier: earlierOf(asked.slice(0, -1).reverse()),
    language: null,
    conversationId: null,
    answersThrough: null,
    kind: 'playground' as const,
  };
  yield* askAside(ws, question, init.signal);
}

/** What a bot would say, told as it comes, without saying it to anybody. It costs what an answer costs, and is a run like any. */
export async function* askAside(ws: Workspace, question: Question, signal: AbortSignal): AsyncGenerator<Trying> {
  const pieces: string[] = [];
  let wake = (): void => undefined;
  const work = run(ws, question, signal, (text) => {
    pieces.push(text);
    wake();
  });
  let ended = false;
  const end = (): void => {
    ended = true;
    wake();
  };
  work.then(end, end);
  for (;;) {
    const text = pieces.splice(0).join('');
    if (text !== '') yield { type: 'delta', text };
    else if (ended) break;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
  yield await work;
}

async function run(ws: Workspace, question: Question, signal: AbortSignal, onVisible: (text: string) => void): Promise<Trying> {
  try {
    const prepared = await prepare(ws, question, signal);
    const made = await makeAnswer(ws, prepared, signal, onVisible);
    const answered = made.meaning === 'answer' && made.reason !== 'refused';
    // Whoever asks for a suggestion is that person.
    const over = question.kind === 'suggestion' ? undefined : handsOver(ws, question, prepared.passages);
    const end: Pick<RunEnd, 'state' | 'why'> = answered
      ? { state: 'answered', why: null }
      : { state: 'fell-back', why: made.meaning === 'call person' ? 'called a person' : 'nothing found' };
    if (over) end.why = HANDS_OVER + over;
    ws.write(() => closeRun(ws, made.run, { ...made.figures, ...end }));
    return { type: 'done', run: runById(ws, made.run.runId), says: answered ? null : saysOf(end.why, question.kind), failure: null };
  } catch (error) {
    if (error instanceof ProviderError || error instanceof OverBudget) return { type: 'done', run: null, says: error.says, failure: error };
    if (!(error instanceof NotMade)) throw error;
    const { cause, figures } = error;
    ws.write(() =>
      closeRun(ws, error.run, {
        ...figures,
        state: cause instanceof ProviderError || cause instanceof OverBudget ? 'failed' : 'dropped',
        why: cause instanceof ProviderError ? cause.kind : cause instanceof OverBudget ? 'over budget' : 'stopped',
      }),
    );
    if (!(cause instanceof ProviderError || cause instanceof OverBudget)) throw cause;
    return { type: 'done', run: runById(ws, error.run.runId), says: cause.says, failure: cause };
  }
}

/** Why customers who ask this would get a person, whatever the model says; the owner still reads what it says. */
function handsOver(ws: Workspace, { version: { settings }, question }: Question, passages: readonly Passage[]): string | undefined {
  if (asksForPerson(question)) return 'The customer asked for a person.';
  return (handsOverBefore(ws, settings, question, null) ?? isUnsure(settings, question, passages))?.why;
}

function saysOf(why: string | null, kind: Question['kind']): string {
  if (kind === 'suggestion') return 'The bot has nothing to suggest: it found no answer in the knowledge.';
  return why === 'called a person'
    ? 'Here the bot calls a person.'
    : 'The bot found no answer in the knowledge. A customer gets the fallback sentence, and a person is called.';
}

/** A run with everything that is kept of it; null when there is none. */
export function runById(ws: Workspace, runId: number): TriedRun | null {
  return ws.db.select().from(runs).where(eq(runs.id, runId)).get() ?? null;
}
