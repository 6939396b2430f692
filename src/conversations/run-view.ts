/** How an answer was made, as its page tells it. */
import { withoutCitations } from '../lib/citations.ts';
import { markdownToHtml } from '../lib/markdown.ts';
import { durationText, moneyText, pluralText, wordText } from '../web/formats.ts';
import type { RunPassage } from '../db/schema/workspace.ts';
import type { RunCall, RunView } from './run.queries.ts';

export interface RunPage {
  id: number;
  line: string;
  then: string;
  botName: string;
  startedAt: number;
  question: string | null;
  /** HTML. */
  answer: string;
  facts: { name: string; value: string }[];
  passages: (RunPassage & { share: number; shown: string })[];
  prompt: { title: string; text: string; id: string }[];
  calls: (RunCall & { title: string; stateKind: string; stateSays: string; cost: string })[];
}

const ENDS: Record<RunView['state'], string> = {
  open: 'The bot is answering now.',
  answered: 'The bot answered.',
  'fell-back': 'The bot said that it doesn’t know.',
  dropped: 'The bot’s answer was dropped before it was sent.',
  failed: 'The bot could not answer.',
  died: 'The server stopped while the bot was answering.',
};
const ROLES = { system: 'Instructions and passages', user: 'Customer', assistant: 'Answered before' } as const;
const CALL_ENDS: Record<RunCall['state'], [kind: string, says: string]> = {
  open: ['busy', 'Under way'],
  ended: ['well', 'Answered'],
  failed: ['failed', 'Failed'],
  aborted: ['', 'Stopped by us'],
};

export function runView(run: RunView): RunPage {
  return {
    id: run.id,
    line: ENDS[run.state],
    then: detail(run),
    botName: run.botName,
    startedAt: run.startedAt,
    question: run.question,
    answer: markdownToHtml(withoutCitations(run.answer ?? run.shown ?? '')),
    facts: factsOf(run),
    passages: run.passages.map((passage) => ({ ...passage, share: Math.round(passage.score * 100), shown: passage.score.toFixed(2) })),
    prompt: run.prompt.map((part, index) => ({ title: ROLES[part.role], text: part.text, id: `prompt-${index}` })),
    calls: run.calls.map(callView),
  };
}

function detail(run: RunView): string {
  if (run.state !== 'answered' && run.state !== 'fell-back') return run.why === null ? '' : `Why: ${run.why}.`;
  const used = run.passages.filter((passage) => passage.used).length;
  const from = used === 0 ? 'without a passage of your knowledge' : `from ${wordText(used)} ${used === 1 ? 'passage' : 'passages'}`;
  const cost = run.costMicros === null || run.currency === null ? '' : `, for ${moneyText(run.costMicros, run.currency)}`;
  return `It took ${run.totalMs === null ? 'a moment' : durationText(run.totalMs)}, ${from}${cost}.`;
}

function factsOf(run: RunView): RunPage['facts'] {
  const facts: [name: string, value: string | null][] = [
    ['Bot', `${run.botName}, ${run.botVersion === 0 ? 'draft' : `version ${run.botVersion}`}`],
    [`${pluralText(run.passages.length, 'passage')} found in`, run.searchMs === null ? null : durationText(run.searchMs)],
    ['First word after', run.firstTokenMs === null ? null : durationText(run.firstTokenMs)],
    ['Done after', run.totalMs === null ? null : durationText(run.totalMs)],
    [
      'Tokens read',
      run.inputTokens === null
        ? null
        : `${run.inputTokens.toLocaleString('en-GB')}${run.cachedTokens ? `, ${run.cachedTokens.toLocaleString('en-GB')} of them from the provider’s cache` : ''}`,
    ],
    ['Tokens written', run.outputTokens === null ? null : run.outputTokens.toLocaleString('en-GB')],
    ['Cost', run.costMicros === null || run.currency === null ? null : moneyText(run.costMicros, run.currency)],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
}

function callView(call: RunCall): RunPage['calls'][number] {
  const [stateKind, stateSays] = CALL_ENDS[call.state];
  const cost = call.costMicros === null || call.currency === null ? '' : moneyText(call.costMicros, call.currency);
  return { ...call, title: call.model, stateKind, stateSays, cost: call.estimated && cost !== '' ? `about ${cost}` : cost };
}
