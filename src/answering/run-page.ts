/** How an answer was made, as its page tells it. */
import type { RunPassage } from '../db/schema/workspace.ts';
import { withoutCitations } from '../lib/citations.ts';
import { markdownToHtml } from '../lib/markdown.ts';
import { durationText, moneyText, numberText, pluralText, wordText } from '../web/formats.ts';
import type { RunView } from './run.queries.ts';
import { takenOut } from './taken-out.ts';
import { toolCallView, type ToolCallView } from './tools/run-calls.ts';

type Call = RunView['calls'][number];

export interface RunPage {
  /** Its question can be kept as a test. */
  keepable: { bot: number; run: number } | null;
  line: string;
  then: string;
  quoted: boolean;
  /** What was taken out of what was sent, in words; '' for nothing. */
  taken: string;
  /** Nothing was looked up for it. */
  plain: boolean;
  /** How many passages it used. */
  used: number;
  startedAt: number;
  question: string | null;
  /** HTML. */
  answer: string;
  facts: { name: string; value: string }[];
  passages: (RunPassage & { share: number; shown: string })[];
  /** `pictures`: what was shown with it. */
  prompt: { title: string; text: string; id: string; pictures: { id: number; name: string }[] }[];
  /** What the model wanted called, in order. */
  tools: ToolCallView[];
  calls: {
    model: string;
    at: string;
    state: { kind: string; says: string };
    says: string | null;
    read: number | null;
    written: number | null;
    ms: number | null;
    cost: string;
  }[];
}

/** What was done for the team alone, and what became of it otherwise. */
const ASIDES: Partial<Record<RunView['kind'], { done: string; not: string }>> = {
  suggestion: { done: 'The bot suggested an answer to your team.', not: 'No answer was suggested.' },
  translation: { done: 'The bot’s model translated this for your team.', not: 'Nothing was translated.' },
  judge: { done: 'The bot’s model judged an answer by a rule.', not: 'Nothing was judged.' },
  transcription: { done: 'The bot’s model wrote down a voice note.', not: 'The voice note wasn’t written down.' },
  recap: { done: 'The bot’s model summed up what was said so far, for its next answers.', not: 'Nothing was summed up.' },
  summary: { done: 'The bot’s model summed this up for your team.', not: 'Nothing was summed up.' },
};
const ENDS: Record<RunView['state'], string> = {
  open: 'The bot is answering now.',
  answered: 'The bot answered.',
  'fell-back': 'The bot said that it doesn’t know.',
  dropped: 'The bot’s answer was not sent.',
  failed: 'The bot could not answer.',
  died: 'The server stopped while the bot was answering.',
};
/** Why a run ended so, by the word it keeps. */
const WHYS: Record<string, string> = {
  'newer message': 'The customer wrote again first, and both were answered together.',
  person: 'A person had taken over.',
  closed: 'The conversation was done by then.',
  silenced: 'This contact gets no answers.',
  answered: 'It was answered already.',
  'stopped by the customer': 'The customer stopped it.',
  stopped: 'Whoever asked for it left the page first.',
  cut: 'The model’s text broke off.',
  'not stored': 'The answer could not be stored, and was made anew.',
  'called a person': 'A person was called instead.',
  'nothing found': 'Nothing in your knowledge fits the question.',
  'the model wrote nothing': 'The model wrote nothing.',
  'the model wrote what is not for people': 'The model wrote what isn’t meant for people.',
  'wrong-key': 'The provider refused the key. Renew it under Settings, Keys.',
  'no-credit': 'There is no credit left with the provider. Add some there.',
  'no-model': 'The provider doesn’t give this key the model. Choose another for the bot.',
  rate: 'The provider asked to slow down.',
  overloaded: 'The provider had too much to do.',
  refused: 'The provider refused to answer this.',
  'over budget': 'A budget is spent: the answer was stopped in the middle. Raise it under Spending.',
  broken: 'The provider’s answer broke off or could not be read.',
};
const CALL_ENDS: Record<Call['state'], { kind: string; says: string }> = {
  open: { kind: 'busy', says: 'Under way' },
  ended: { kind: 'well', says: 'Answered' },
  failed: { kind: 'failed', says: 'Failed' },
  aborted: { kind: '', says: 'Stopped by us' },
};

/** Why a run ended so, in words; empty where there is nothing to say. */
export function runEnd(why: string | null): string {
  return why === null ? '' : (WHYS[why] ?? '');
}

export function runPage(run: RunView): RunPage {
  // The built-in provider quotes the passages itself: nothing was sent anywhere, and nothing was paid.
  const quoted = run.calls.length > 0 && run.calls.every(({ provider }) => provider === 'quote');
  return {
    keepable: run.kind === 'answer' && (run.question ?? '') !== '' ? { bot: run.botId, run: run.id } : null,
    line: lineOf(run),
    then: detail(run),
    quoted,
    taken: takenOut(run.prompt),
    plain: isPlain(run),
    used: usedOf(run),
    startedAt: run.startedAt,
    // What was spoken is the customer's.
    question: run.kind === 'transcription' ? run.answer : run.question,
    answer: run.kind === 'transcription' ? '' : markdownToHtml(withoutCitations(run.said ?? run.answer ?? run.shown ?? '')),
    facts: factsOf(run, quoted),
    passages: run.passages.map((passage) => ({ ...passage, share: Math.round(passage.score * 100), shown: passage.score.toFixed(2) })),
    prompt: quoted ? [] : promptOf(run),
    tools: run.toolCalls.map(toolCallView),
    calls: quoted ? [] : run.calls.map(callView),
  };
}

function lineOf({ kind, state }: RunView): string {
  const aside = ASIDES[kind];
  if (!aside || state === 'open' || state === 'died') return ENDS[state];
  return state === 'answered' ? aside.done : aside.not;
}

/** It looked nothing up: the words alone were sent. */
function isPlain({ kind }: RunView): boolean {
  return kind === 'translation' || kind === 'summary' || kind === 'judge' || kind === 'transcription' || kind === 'recap';
}

function promptOf(run: RunView): RunPage['prompt'] {
  return run.prompt
    .map(({ role, text, pictures = [] }, index) => ({
      title: isPlain(run) && role === 'user' ? (run.kind === 'transcription' ? 'The recording' : 'The words') : titleOf(index, role),
      text,
      id: `prompt-${index}`,
      pictures,
    }))
    .filter(({ text, pictures }) => text !== '' || pictures.length > 0);
}

/** The instructions come first and stay the same, so that a provider can cache them; then what was found; then the talk. */
function titleOf(index: number, role: RunView['prompt'][number]['role']): string {
  if (role === 'system') return index === 0 ? 'Instructions' : 'Passages';
  return role === 'user' ? 'The customer' : 'The answer before';
}

function usedOf({ passages }: RunView): number {
  return passages.filter((passage) => passage.used).length;
}

function detail(run: RunView): string {
  const why = runEnd(run.why);
  if (why !== '' || run.state !== 'answered') return why;
  const used = usedOf(run);
  if (isPlain(run)) return `It took ${run.totalMs === null ? 'a moment' : durationText(run.totalMs)}${costOf(run, ', and cost ')}.`;
  const from = used === 0 ? 'without a passage of your knowledge' : `from ${wordText(used)} ${used === 1 ? 'passage' : 'passages'}`;
  return `It took ${run.totalMs === null ? 'a moment' : durationText(run.totalMs)}, ${from}${costOf(run, ', for ')}.`;
}

function costOf({ costMicros, currency }: { costMicros: number | null; currency: string | null }, before = ''): string {
  return costMicros === null || currency === null || (costMicros === 0 && before !== '')
    ? ''
    : `${before}${moneyText(costMicros, currency)}`;
}

function factsOf(run: RunView, quoted: boolean): RunPage['facts'] {
  const time = (ms: number | null): string => (ms === null ? '' : durationText(ms));
  const count = (n: number | null): string => (n === null ? '' : numberText(n));
  const paid: [name: string, value: string][] = [
    [run.kind === 'transcription' ? 'Heard, in seconds or tokens as it is charged' : 'Tokens read', count(run.inputTokens)],
    ['Of them kept by the provider', run.cachedTokens ? count(run.cachedTokens) : ''],
    ['Tokens written', count(run.outputTokens)],
    ['Cost', costOf(run)],
    ['The conversation so far', run.talkCost.map(({ micros, currency }) => moneyText(micros, currency)).join(' and ')],
    ['Saved by what it kept', run.savedMicros ? costOf({ costMicros: run.savedMicros, currency: run.currency }) : ''],
  ];
  const facts: [name: string, value: string][] = [
    ['Bot', `${run.botName}, ${run.versionNumber === 0 ? 'draft' : `version ${run.versionNumber}`}`],
    [
      run.passages.length === 0 ? 'Searched in' : `${pluralText(run.passages.length, 'passage')} found in`,
      isPlain(run) ? '' : time(run.searchMs),
    ],
    ['First word after that', time(run.firstTokenMs)],
    ['Done after that', time(run.totalMs)],
    ...(quoted ? [] : paid),
  ];
  return facts.filter(([, value]) => value !== '').map(([name, value]) => ({ name, value }));
}

function callView(call: Call): RunPage['calls'][number] {
  const cost = costOf(call);
  return {
    model: call.model,
    at: [call.provider, call.host].filter(Boolean).join(', '),
    state: CALL_ENDS[call.state],
    says: call.says,
    read: call.inputTokens,
    written: call.outputTokens,
    ms: call.endedAt === null ? null : call.endedAt - call.startedAt,
    cost: call.estimated && cost !== '' ? `about ${cost}` : cost,
  };
}
