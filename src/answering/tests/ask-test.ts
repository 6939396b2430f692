/** One line of a round: the question is asked as a customer would, and the answer checked. */
import { HANDS_OVER, type BotVersion, type Check, type Wants } from '../../bots/index.ts';
import { ProviderError } from '../../providers/index.ts';
import type { Workspace } from '../../workspace.ts';
import { OverBudget } from '../calls.ts';
import { withoutCitations } from '../../lib/citations.ts';
import { runEnd } from '../run-page.ts';
import { askAside, runById, type TriedRun } from '../try-bot.ts';
import { checkAnswer, type Answered } from './check-answer.ts';
import { judgeAnswer, readVerdict } from './judge-answer.ts';
import { keepAnswer, keepResult, keepUnclear, LineGone, linkRun, putLineBack } from './keep-result.ts';
import { wantsNoModel, type AskedLine } from './round.queries.ts';

/** What a line's end means for the others. */
export type Then =
  | { then: 'go on' }
  /** The provider asks to come again. */
  | { then: 'later'; afterMs: number }
  /** The others would fail as well. */
  | { then: 'pause'; says: string };

const GO_ON: Then = { then: 'go on' };
const TRIES = 5;
const AGAIN_MS = 20_000;
const LONGEST_AGAIN_MS = 5 * 60_000;
const LEFT_ALONE = 'Whoever asked this wants to be left alone: it goes to no model.';
/** What a provider refuses to everybody, until somebody mends it. */
const FOR_ALL: readonly ProviderError['kind'][] = ['wrong-key', 'no-credit', 'no-model'];

/** Asks, where there is no answer yet, then checks it and has it judged. Throws the signal's reason when the server stops. */
export async function askTest(ws: Workspace, version: BotVersion, line: AskedLine, signal: AbortSignal): Promise<Then> {
  try {
    if (wantsNoModel(ws, line.id)) {
      keepUnclear(ws, line, LEFT_ALONE);
      return GO_ON;
    }
    const run = line.runId === null ? await ask(ws, version, line, signal) : runById(ws, line.runId);
    if (run?.state === 'answered' || run?.state === 'fell-back') await check(ws, version, line, run, signal);
    else keepUnclear(ws, line, runEnd(run?.why ?? null) || 'The bot could not answer.');
    return GO_ON;
  } catch (error) {
    return afterFailure(ws, line, error);
  }
}

/** Throws ProviderError and OverBudget, which `askAside` tells in words. */
async function ask(ws: Workspace, version: BotVersion, line: AskedLine, signal: AbortSignal): Promise<TriedRun | null> {
  const asked = {
    version,
    turns: [{ role: 'user' as const, text: line.question }],
    question: line.question,
    earlier: '',
    language: null,
    conversationId: null,
    answersThrough: null,
    kind: 'test' as const,
    onOpened: (runId: number) => linkRun(ws, line.id, 'run_id', runId),
  };
  for await (const event of askAside(ws, asked, signal)) {
    if (event.type !== 'done') continue;
    if (event.failure) throw event.failure;
    return event.run;
  }
  return null;
}

/** The answer is kept before its judge is asked: a kill in between asks nothing twice. */
async function check(ws: Workspace, version: BotVersion, line: AskedLine, run: TriedRun, signal: AbortSignal): Promise<void> {
  const answered = answeredOf(run);
  keepAnswer(ws, line, answered, run);
  if (line.wants === null) {
    keepResult(ws, line, { state: 'asked', checks: [] });
    return;
  }
  const checks = checkAnswer(line.wants, answered);
  if (line.wants.rule !== '') checks.push(await checkRule(ws, version, line, line.wants, answered, checks, signal));
  keepResult(ws, line, { state: stateOf(checks), checks });
}

async function checkRule(
  ws: Workspace,
  version: BotVersion,
  line: AskedLine,
  { rule }: Wants,
  { text }: Answered,
  others: readonly Check[],
  signal: AbortSignal,
): Promise<Check> {
  const check = { kind: 'rule' as const, asked: rule };
  // What has failed already needs no judge, who costs money.
  if (others.some(({ passed }) => passed === false)) return { ...check, passed: null, says: 'Not judged: it failed already.' };
  if (version.settings.providerKeyId === null)
    return {
      ...check,
      passed: null,
      says: 'A rule is judged by the bot’s model, and this bot has none. Choose one under Model and money.',
    };
  const judged = line.judgeRunId === null ? null : runById(ws, line.judgeRunId);
  // The server stopped between its verdict and our writing it down.
  if (judged?.state === 'answered') return { ...check, ...readVerdict(judged.answer ?? '') };
  const onOpened = (runId: number): void => linkRun(ws, line.id, 'judge_run_id', runId);
  return { ...check, ...(await judgeAnswer(ws, { version, rule, question: line.question, answer: text, onOpened }, signal)) };
}

function stateOf(checks: readonly Check[]): 'passed' | 'failed' | 'unclear' {
  if (checks.some(({ passed }) => passed === false)) return 'failed';
  return checks.every(({ passed }) => passed === true) ? 'passed' : 'unclear';
}

/** Exactly what a customer would get. */
function answeredOf(run: TriedRun): Answered {
  const rule = run.why?.startsWith(HANDS_OVER) ? run.why.slice(HANDS_OVER.length) : null;
  const byPerson = run.state !== 'answered' || rule !== null;
  return {
    text: byPerson ? '' : withoutCitations(run.answer ?? '').trim(),
    byPerson,
    why: byPerson ? (rule ?? runEnd(run.why)) : '',
    passages: run.passages,
  };
}

function afterFailure(ws: Workspace, line: AskedLine, error: unknown): Then {
  if (error instanceof LineGone) return GO_ON;
  if (error instanceof OverBudget) return pauseFor(ws, line, error.says);
  if (!(error instanceof ProviderError)) throw error;
  if (FOR_ALL.includes(error.kind)) return pauseFor(ws, line, error.says);
  if ((error.kind === 'rate' || error.kind === 'overloaded') && line.tries + 1 < TRIES) {
    putLineBack(ws, line, { tries: line.tries + 1, anew: true });
    return { then: 'later', afterMs: Math.min(error.retryAfter ?? AGAIN_MS, LONGEST_AGAIN_MS) };
  }
  keepUnclear(ws, line, error.says);
  return GO_ON;
}

function pauseFor(ws: Workspace, line: AskedLine, says: string): Then {
  putLineBack(ws, line, { tries: line.tries, anew: true });
  return { then: 'pause', says };
}
