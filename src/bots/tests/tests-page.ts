/** The tab of a bot's tests. */
import { publishedOf, type BotVersion } from '../bot-versions.ts';
import { signOf } from '../differences.ts';
import type { EditedBot } from '../bots.queries.ts';
import { firstWordText } from '../../web/formats.ts';
import type { Workspace } from '../../workspace.ts';
import { testsOf, type AnswerTest } from './answer-tests.ts';
import { heldUpBy, planOf, type Plan } from './plan.ts';
import { lineOf, stateOf, type SideView } from './round-page.ts';
import { goingRound, lastRound, resultOfTest, roundsOf, type Round } from './rounds.queries.ts';
import type { Wants } from './wants.ts';

const A_PAGE = 100;
const ROUNDS = 8;

interface Choice {
  value: string;
  label: string;
}

export interface TestsPage {
  count: number;
  tests: { id: number; question: string; wants: string[]; draft: SideView['state'] | null; live: SideView['state'] | null }[];
  line: string;
  before: number | null;
  after: number | null;
  going: (Round & { done: number }) | undefined;
  rounds: (Round & { line: string })[];
  plan: Plan;
  everyChoices: Choice[];
  manyChoices: Choice[];
  whoChoices: Choice[];
  heldUp: string | null;
  /** It was edited after its tests were run last. */
  draftChanged: boolean;
  liveName: string | null;
}

export function testsPage(ws: Workspace, { id, draft, live }: EditedBot, page: number): TestsPage {
  const all = testsOf(ws, id);
  const going = goingRound(ws, id);
  const [ofDraft, ofLive] = [lastRound(ws, id, 0), live ? lastRound(ws, id, live.number) : undefined];
  const from = (page - 1) * A_PAGE;
  return {
    count: all.length,
    tests: all.slice(from, from + A_PAGE).map((test) => ({
      id: test.id,
      question: test.question,
      wants: wantsInWords(test.wants),
      draft: stateIn(ws, ofDraft, test),
      live: stateIn(ws, ofLive, test),
    })),
    line: all.length === 0 ? 'No test yet.' : `${firstWordText(all.length)} ${all.length === 1 ? 'test' : 'tests'}.`,
    before: page > 1 ? page - 1 : null,
    after: all.length > from + A_PAGE ? page + 1 : null,
    going: going && { ...going, done: going.counts.all - going.counts.left },
    rounds: roundsOf(ws, id, ROUNDS).map((round) => ({ ...round, line: lineOf(round) })),
    plan: planOf(ws, id),
    everyChoices: EVERY,
    manyChoices: MANY,
    whoChoices: live ? WHO : WHO.slice(0, 1),
    heldUp: heldUpBy(ws, draft),
    draftChanged: ofDraft !== undefined && ofDraft.settingsSign !== signOf(draft.settings),
    liveName: live ? `Version ${live.number}` : null,
  };
}

const EVERY = [
  { value: 'never', label: 'Only when somebody runs them' },
  { value: 'day', label: 'Every day' },
  { value: 'week', label: 'Every week' },
];

const MANY = [20, 50, 100].map((many) => ({ value: String(many), label: `The last ${many}` }));
const WHO = [
  { value: 'draft', label: 'The draft' },
  { value: 'live', label: 'What is live' },
];

function stateIn(ws: Workspace, round: Round | undefined, { id }: AnswerTest): SideView['state'] | null {
  const result = round && resultOfTest(ws, round.id, id);
  return result ? stateOf(result) : null;
}

/** What a test wants, a sentence each. */
export function wantsInWords({ by, holds, lacks, cites, rule }: Wants): string[] {
  if (by === 'person') return ['Calls a person'];
  return [
    ...holds.map((phrase) => `Contains “${phrase}”`),
    ...lacks.map((phrase) => `Doesn’t contain “${phrase}”`),
    ...(cites === '' ? [] : [`Cites “${cites}”`]),
    ...(rule === '' ? [] : [`Judged: ${rule}`]),
  ];
}

/** The version that a round is to ask; undefined when there is none. */
export function versionToAsk(ws: Workspace, { id, draft }: EditedBot, who: 'draft' | 'live'): BotVersion | undefined {
  return who === 'draft' ? draft : publishedOf(ws, id);
}
