/** A round as its page tells it: each question with its answer, beside another version's or beside what the customer was told. */
import { durationText, firstWordText, moneyText, numberText, pluralText } from '../../web/formats.ts';
import type { Workspace } from '../../workspace.ts';
import { resultOfTest, resultsOf, roundById, roundsBeside, type Counts, type Result, type Round } from './rounds.queries.ts';
import { folded } from './says.ts';
import type { Check } from './wants.ts';

export const A_PAGE = 100;

export interface ResultView {
  id: number;
  question: string;
  conversation: number | null;
  sides: SideView[];
  /** What differs between the two sides; null where nothing does, or there is one. */
  change: { kind: '' | 'well' | 'failed' | 'wanted'; says: string } | null;
}

export interface SideView {
  head: string;
  state: { kind: string; says: string };
  answer: string;
  why: string[];
  /** "1.2 s, €0.001". */
  figures: string;
  run: number | null;
  judge: number | null;
}

const STATES: Record<Result['state'], SideView['state']> = {
  waiting: { kind: '', says: 'Waiting' },
  asking: { kind: 'busy', says: 'Being asked' },
  judging: { kind: 'busy', says: 'Being judged' },
  passed: { kind: 'well', says: 'Passed' },
  failed: { kind: 'failed', says: 'Failed' },
  unclear: { kind: 'wanted', says: 'Not clear' },
  asked: { kind: '', says: 'Asked' },
};

export function stateOf({ state }: Pick<Result, 'state'>): SideView['state'] {
  return STATES[state];
}

/** One line, beside the same test in `beside`. */
export function resultView(ws: Workspace, round: Round, result: Result, beside: Round | undefined): ResultView {
  const sides = [sideOf(result, round.version)];
  const other = beside && result.testId !== null ? resultOfTest(ws, beside.id, result.testId) : undefined;
  if (beside) sides.unshift(other ? sideOf(other, beside.version) : nothingOf(beside.version));
  if (round.kind === 'replay') sides.unshift(beforeOf(result));
  const change = round.kind === 'replay' ? changeOfReplay(result) : other ? changeBetween(other, result) : null;
  return { id: result.id, question: result.question, conversation: result.conversationId, sides, change };
}

function sideOf(result: Result, head: string): SideView {
  const { totalMs, costMicros, currency, answer, byPerson, runId, judgeRunId } = result;
  const figures = [
    totalMs === null ? '' : durationText(totalMs),
    costMicros === null || costMicros === 0 || currency === null ? '' : moneyText(costMicros, currency),
  ];
  return {
    head,
    state: STATES[result.state],
    answer: byPerson ? '' : (answer ?? ''),
    why: whyOf(result),
    figures: figures.filter(Boolean).join(', '),
    run: runId,
    judge: judgeRunId,
  };
}

function nothingOf(head: string): SideView {
  return { head, state: { kind: '', says: 'Not asked' }, answer: '', why: [], figures: '', run: null, judge: null };
}

function beforeOf({ beforeAnswer }: Result): SideView {
  const state = beforeAnswer === null ? { kind: '', says: 'A person was called' } : { kind: '', says: 'Answered' };
  return { ...nothingOf('Then'), state, answer: beforeAnswer ?? '' };
}

const ASKED: Record<Check['kind'], (asked: string) => string> = {
  by: (asked) => (asked === 'person' ? 'Must call a person.' : 'Must be answered.'),
  holds: (asked) => `Must contain “${asked}”.`,
  lacks: (asked) => `Must not contain “${asked}”.`,
  cites: (asked) => `Must cite “${asked}”.`,
  rule: (asked) => `Rule: ${asked}`,
};

/** What didn't pass, and what a judge said. */
function whyOf({ state, says, checks, byPerson }: Result): string[] {
  const told = checks
    .filter(({ kind, passed }) => passed !== true || kind === 'rule')
    .map(({ kind, asked, says: why }) => [ASKED[kind](asked), why].filter(Boolean).join(' '));
  if (byPerson && checks.every(({ passed }) => passed === true)) told.unshift(checks[0]?.says ?? 'A person is called.');
  return state === 'unclear' && checks.length === 0 && says !== null ? [says] : told;
}

function changeBetween(before: Result, now: Result): ResultView['change'] {
  if (before.state === 'failed' && now.state === 'passed') return { kind: 'well', says: 'Passes now' };
  if (before.state === 'passed' && now.state === 'failed') return { kind: 'failed', says: 'Fails now' };
  return saidAnew(before, now) ? { kind: 'wanted', says: 'Says something else' } : null;
}

function saidAnew(before: Result, now: Result): boolean {
  if (before.answer === null || now.answer === null) return false;
  return before.byPerson !== now.byPerson || folded(before.answer) !== folded(now.answer);
}

function changeOfReplay({ state, beforeAnswer, answer, byPerson }: Result): ResultView['change'] {
  if (state !== 'asked') return null;
  if (byPerson) return beforeAnswer === null ? null : { kind: 'failed', says: 'Calls a person now' };
  if (beforeAnswer === null) return { kind: 'well', says: 'Answers now' };
  return folded(beforeAnswer) === folded(answer ?? '') ? null : { kind: 'wanted', says: 'Says something else' };
}

/** "11 of 12 passed, 1 failed." */
export function lineOf({ counts, kind, state }: Pick<Round, 'counts' | 'kind' | 'state'>): string {
  const { passed, failed, unclear, left } = counts;
  const all = numberText(counts.all);
  const done = `${numberText(counts.all - left)} of ${all} are done`;
  if (state !== 'done') return state === 'paused' ? `${done}; the rest waits.` : `${done}.`;
  const notClear = unclear === 0 ? '' : `, ${numberText(unclear)} ${unclear === 1 ? 'is' : 'are'} not clear`;
  if (kind === 'replay') return `${pluralText(counts.all, 'question')} ${counts.all === 1 ? 'was' : 'were'} asked again${notClear}.`;
  if (passed === counts.all) return passed === 1 ? 'The one test passed.' : `All ${all} tests passed.`;
  return `${numberText(passed)} of ${all} passed${failed === 0 ? '' : `, ${numberText(failed)} failed`}${notClear}.`;
}

/** What changes above the lines while a round goes on. */
export interface RoundHead {
  title: string;
  round: Round;
  line: string;
  then: string;
  going: boolean;
  done: number;
  counts: Counts;
}

export interface RoundPage extends RoundHead {
  results: ResultView[];
  heads: string[];
  only: string;
  onlyChoices: { value: string; label: string }[];
  /** The page of lines; `page` is a helper of the views. */
  nth: number;
  before: number | null;
  after: number | null;
  besides: { value: string; label: string }[];
  beside: string;
}

export interface RoundAddress {
  beside: number;
  failing: boolean;
  page: number;
}

const ONLY = [
  { value: 'all', label: 'All questions' },
  { value: 'failing', label: 'What failed or isn’t clear' },
];

export function roundHead(ws: Workspace, round: Round): RoundHead {
  return {
    title: `${round.kind === 'replay' ? 'Recent questions' : 'Tests'}, ${round.version}`,
    round,
    line: lineOf(round),
    then: thenOf(ws, round),
    going: round.state !== 'done',
    done: round.counts.all - round.counts.left,
    counts: round.counts,
  };
}

export function roundPage(ws: Workspace, round: Round, address: RoundAddress): RoundPage {
  const others = round.kind === 'tests' ? roundsBeside(ws, round) : [];
  const beside = besideOf(ws, round, others, address.beside);
  const from = (address.page - 1) * A_PAGE;
  const found = resultsOf(ws, round.id, { failing: address.failing, from, atMost: A_PAGE + 1 });
  const results = found.slice(0, A_PAGE).map((result) => resultView(ws, round, result, beside));
  return {
    ...roundHead(ws, round),
    results,
    heads: results[0]?.sides.map(({ head }) => head) ?? [],
    only: address.failing ? 'failing' : 'all',
    onlyChoices: ONLY,
    nth: address.page,
    before: address.page > 1 ? address.page - 1 : null,
    after: found.length > A_PAGE ? address.page + 1 : null,
    besides: others.map((other) => ({ value: String(other.id), label: labelOf(other) })),
    beside: beside ? String(beside.id) : '',
  };
}

/** "Version 2: 11 of 12 passed, 1 failed. 20 s, €0.03". */
function labelOf(round: Round): string {
  return `${round.version}: ${lineOf(round)} ${[durationText(round.ms), round.cost].filter(Boolean).join(', ')}`;
}

/** What it took, and of questions asked again whether the answers differ. */
function thenOf(ws: Workspace, round: Round): string {
  const { kind, ms, cost, state } = round;
  const took = ms === 0 ? '' : `The answers took ${durationText(ms)}${cost === '' ? '' : `, and cost ${cost}`}.`;
  return [kind === 'replay' && state === 'done' ? differs(ws, round) : '', took].filter(Boolean).join(' ');
}

/** Of all lines, whichever are shown. */
function differs(ws: Workspace, { id, counts }: Round): string {
  const results = resultsOf(ws, id, { failing: false, from: 0, atMost: counts.all });
  const changed = results.filter((result) => changeOfReplay(result) !== null).length;
  return changed === 0 ? 'No answer differs.' : `${firstWordText(changed)} ${changed === 1 ? 'answer differs' : 'answers differ'}.`;
}

/** What was chosen, or the newest earlier round of another version; 0 asks for none. */
export function besideOf(ws: Workspace, round: Round, others: readonly Round[], chosen: number): Round | undefined {
  if (round.kind !== 'tests' || chosen === 0) return undefined;
  if (chosen > 0) return roundById(ws, round.botId, chosen);
  const earlier = others.filter(({ id }) => id < round.id);
  return earlier.find(({ versionNumber }) => versionNumber !== round.versionNumber) ?? earlier[0];
}
