/** Takes in what a model says and wants called, round by round, until it has answered. */
import { ProviderError, type AnswerEvent } from '../../providers/index.ts';
import type { Workspace } from '../../workspace.ts';
import { askInTurn, askOn, type Asking } from '../ask-in-turn.ts';
import type { VisibleText } from '../visible-text.ts';
import type { ToolBox } from './tool-box.ts';

/** What has come of an answer so far. */
export interface Heard {
  text: VisibleText;
  /** Where in `text` the words of the call under way begin. */
  from: number;
  /** By the steady clock. */
  began: number;
  firstTokenMs: number | null;
}

export type Ended = 'stop' | 'length' | 'refused';

/**
 * Returns why it ended. What was said before a call stays at the beginning of the answer: somebody may have read it. Throws
 * ProviderError, OverBudget, or the signal's reason.
 */
export async function hear(
  ws: Workspace,
  { asking, heard, box }: { asking: Asking; heard: Heard; box: ToolBox | null },
  signal: AbortSignal,
  show: (more: string) => void,
): Promise<Ended> {
  for (;;) {
    signal.throwIfAborted();
    const said = await hearRound(ws, asking, heard, signal, show);
    signal.throwIfAborted();
    if (!said.called) return said.reason;
    // Told to answer, it called all the same: what it has said until then is all there is.
    if (!box || asking.request.mustAnswer) return 'stop';
    const { calls, kept } = said.called;
    const text = heard.text.text.slice(heard.from).trim();
    const results = await box.call(calls, asking.run.runId, signal);
    if (box.handsOver !== null) return 'stop';
    if (box.spent) asking.request = { ...asking.request, mustAnswer: true };
    await askOn(ws, asking, { text, firstTokenMs: heard.firstTokenMs }, { text, calls, kept, results });
    heard.from = heard.text.text.length;
  }
}

interface Said {
  reason: Ended;
  called: Extract<AnswerEvent, { type: 'calls' }> | null;
}

async function hearRound(ws: Workspace, asking: Asking, heard: Heard, signal: AbortSignal, show: (more: string) => void): Promise<Said> {
  let reason: Ended | undefined;
  let called: Said['called'] = null;
  let first = true;
  for await (const event of askInTurn(ws, asking, signal)) {
    if (event.type === 'delta') {
      heard.firstTokenMs ??= ws.clock.steady() - heard.began;
      const apart = first && heard.text.text !== '' ? '\n\n' : '';
      first = false;
      show(heard.text.push(apart + event.text));
    } else if (event.type === 'usage') asking.usage = event.usage;
    else if (event.type === 'calls') called = event;
    else reason = event.reason === 'calls' ? 'stop' : event.reason;
  }
  if (reason === undefined) throw new ProviderError('broken', 'The answer broke off.');
  return { reason, called };
}
