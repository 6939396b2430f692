/** What a model wanted called, as the page of a run tells it. */
import { durationText } from '../../web/formats.ts';
import type { RunView } from '../run.queries.ts';

export interface ToolCallView {
  title: string;
  state: { kind: string; says: string };
  says: string | null;
  facts: { name: string; value: string }[];
  sent: string;
  sentId: string;
  hasBody: boolean;
  result: string;
  resultId: string;
}

type ToolCall = RunView['toolCalls'][number];

const STATES: Record<ToolCall['state'], { kind: string; says: string }> = {
  running: { kind: 'busy', says: 'Under way' },
  done: { kind: 'well', says: 'Done' },
  failed: { kind: 'failed', says: 'Failed' },
  refused: { kind: 'failed', says: 'Not called' },
  waiting: { kind: 'wanted', says: 'Waits for a person' },
  approved: { kind: 'busy', says: 'Approved' },
  executing: { kind: 'busy', says: 'Under way' },
  declined: { kind: '', says: 'Declined' },
  expired: { kind: '', says: 'Too late' },
  uncertain: { kind: 'failed', says: 'Uncertain' },
};

export function toolCallView({ id, name, title, input, state, says, sent, result, startedAt, endedAt }: ToolCall): ToolCallView {
  const facts: [name: string, value: string][] = [
    ['Called as', name],
    ['With', input === '' ? 'nothing' : input],
    ['Took', endedAt === null ? '' : durationText(endedAt - startedAt)],
  ];
  return {
    title,
    state: STATES[state],
    says,
    facts: facts.filter(([, value]) => value !== '').map(([name, value]) => ({ name, value })),
    sent: sent === null ? '' : `${sent.method} ${sent.url}${sent.body === null ? '' : `\n\n${sent.body}`}`,
    sentId: `sent-${id}`,
    hasBody: sent?.body !== null && sent !== null,
    result: result ?? '',
    resultId: `result-${id}`,
  };
}
