/** The playground's conversation, read back from its runs: the page keeps no more than their numbers. */
import { and, asc, eq, inArray } from '../db/drizzle.ts';
import { botVersions, providerCalls, runs } from '../db/schema/workspace.ts';
import type { RunPassage } from '../db/schema/answering.ts';
import { businessOf } from '../accounts/index.ts';
import { chooseLanguage, textsIn } from '../lib/catalogue.ts';
import { markdownToHtml } from '../lib/markdown.ts';
import { versionById, type BotVersion } from './bot-versions.ts';
import type { Workspace } from '../workspace.ts';

export type Side = 'draft' | 'live';
export const whos = ['draft', 'live', 'both'] as const;

/** A longer trial begins again: nobody reads that far back. */
const RUNS_AT_MOST = 40;

type Run = typeof runs.$inferSelect;

export interface TrialAnswer {
  run: number;
  bot: number;
  side: Side;
  /** "Draft", "Version 12". */
  version: string;
  text: string;
  html: string;
  sources: { n: number; title: string; source: number }[];
  /** Plain words when no model answered. */
  trouble: string | null;
  model: string;
  quoted: boolean;
  found: number;
  used: number;
  searchMs: number | null;
  firstTokenMs: number | null;
  totalMs: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costMicros: number | null;
  currency: string | null;
  passages: (RunPassage & { percent: number; scoreText: string; shown: string })[];
  prompt: Run['prompt'];
}

export interface Asked {
  question: string;
  answers: TrialAnswer[];
}

/** Run numbers out of an address or a form: "12,13". Anything else is left out. */
export function runIds(text: unknown): number[] {
  if (typeof text !== 'string') return [];
  return text
    .split(',')
    .filter((id) => /^[1-9]\d{0,14}$/.test(id))
    .map(Number)
    .slice(-RUNS_AT_MOST);
}

/** What was asked and answered in these runs of this bot's playground; other runs' numbers are passed over. */
export function trialOf(workspace: Workspace, botId: number, ids: number[]): Asked[] {
  if (ids.length === 0) return [];
  const rows = workspace.db
    .select({ run: runs })
    .from(runs)
    .innerJoin(botVersions, eq(botVersions.id, runs.botVersionId))
    .where(and(inArray(runs.id, ids), eq(runs.kind, 'playground'), eq(botVersions.botId, botId)))
    .orderBy(asc(runs.id))
    .all();
  const trial: Asked[] = [];
  for (const { run } of rows) {
    const version = versionById(workspace, run.botVersionId);
    if (!version) continue;
    const answer = answerOf(workspace, run, version);
    const last = trial.at(-1);
    // Draft and live, asked together, stand under one question.
    if (last && last.question === run.question && last.answers.every((other) => other.side !== answer.side)) last.answers.push(answer);
    else trial.push({ question: run.question ?? '', answers: [answer] });
  }
  return trial;
}

/** "Draft", "Version 12". */
export function nameOfVersion(number: number): string {
  return number === 0 ? 'Draft' : `Version ${number}`;
}

/** Begins why a run of the playground would have ended with a person, whatever the model said. */
export const HANDS_OVER = 'hands over: ';

const WHY: Record<string, string> = {
  'called a person': 'Here a person is called.',
  stopped: 'Stopped before the answer was whole.',
};
const WHY_ELSE = 'Nothing in the knowledge answers this. Customers read this sentence, and a person is called.';

function answerOf(workspace: Workspace, run: Run, version: BotVersion): TrialAnswer {
  const call = workspace.db.select().from(providerCalls).where(eq(providerCalls.runId, run.id)).orderBy(providerCalls.id).all().at(-1);
  const used = run.passages.filter((passage) => passage.used);
  const text =
    run.state === 'answered'
      ? (run.answer ?? '')
      : version.settings.fallback || textsIn(chooseLanguage(businessOf(workspace).language)).fallback;
  return {
    run: run.id,
    bot: version.botId,
    side: version.number === 0 ? 'draft' : 'live',
    version: nameOfVersion(version.number),
    text,
    html: markdownToHtml(text, (n) => (used.some((passage) => passage.n === n) ? `#run${run.id}-${n}` : null)),
    sources: used.map(({ n, title, sourceId }) => ({ n, title, source: sourceId })),
    trouble: troubleOf(run, call?.says ?? null),
    model: call?.model ?? '',
    quoted: call === undefined || call.provider === 'quote',
    found: run.passages.length,
    used: used.length,
    searchMs: run.searchMs,
    firstTokenMs: run.firstTokenMs,
    totalMs: run.totalMs,
    inputTokens: run.inputTokens,
    outputTokens: run.outputTokens,
    costMicros: run.costMicros,
    currency: run.currency,
    passages: run.passages.map((passage) => ({
      ...passage,
      percent: Math.round(passage.score * 100),
      scoreText: passage.score.toFixed(2),
      shown: beginning(passage.text),
    })),
    prompt: run.prompt,
  };
}

function troubleOf({ state, why }: Run, says: string | null): string | null {
  if (why?.startsWith(HANDS_OVER)) return `Customers get a person instead. ${why.slice(HANDS_OVER.length)}`;
  return state === 'answered' ? null : (says ?? WHY[why ?? ''] ?? WHY_ELSE);
}

const SHOWN = 240;

function beginning(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN).trimEnd()}…`;
}

/** The turns before a new question, as this side would remember them: its own answers, else the other side's. */
export function turnsBefore(trial: Asked[], side: Side): { role: 'user' | 'assistant'; text: string }[] {
  return trial.flatMap(({ question, answers }) => {
    const own = answers.find((answer) => answer.side === side) ?? answers[0];
    return own && own.text !== ''
      ? [
          { role: 'user' as const, text: question },
          { role: 'assistant' as const, text: own.text },
        ]
      : [];
  });
}
