/** What stands in small print under whatever was said: how it went out, what it cost, and what people thought of it. */
import type { DeliveryView, MessageView } from './inbox.queries.ts';
import { memberName } from './inbox-view.ts';
import type { ThreadOf } from './thread-view.ts';

export interface Receipt {
  kind: '' | 'failed' | 'read';
  icon: string | null;
  says: string;
  at: number | null;
  /** What a person can settle: it arrived, send it again. */
  settle: { action: string; arrived: boolean; again: boolean } | null;
  run: { href: string; ms: number | null; costMicros: number | null; currency: string | null } | null;
  /** What people thought of an answer of the bot. */
  opinion: Opinion | null;
}

export interface Opinion {
  rated: string | null;
  wrong: string | null;
  /** Says that it was wrong, or takes that back. */
  judge: { action: string; says: string } | null;
}

/** Of several parts, the one that went worst speaks for the message. */
const WORST_FIRST: DeliveryView['state'][] = ['failed', 'uncertain', 'sending', 'queued', 'cancelled', 'sent', 'delivered', 'read'];

export function receiptOf(of: ThreadOf, message: MessageView): Receipt {
  const [worst] = [...message.deliveries].sort((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state));
  const { run } = message;
  return {
    ...(worst ? deliveryReceipt(of, worst) : { kind: '' as const, icon: null, says: '', at: null, settle: null }),
    run: run && {
      href: `${of.looking.base}/conversations/${message.conversationId}/runs/${run.id}`,
      ms: run.totalMs,
      costMicros: run.costMicros,
      currency: run.currency,
    },
    opinion: opinionOf(of, message),
  };
}

/** Fallback sentences are no answers, and nobody judges what was cut off. */
function opinionOf(of: ThreadOf, { id, conversationId, author, cutOff, run, rating, wrongBy }: MessageView): Opinion | null {
  if (author !== 'bot' || cutOff || run?.state !== 'answered') return null;
  const path = `${of.looking.base}/conversations/${conversationId}/messages/${id}`;
  const judge =
    wrongBy === null ? { action: `${path}/wrong`, says: 'This answer was wrong' } : { action: `${path}/right`, says: 'Take that back' };
  return {
    rated: rating === null ? null : rating === 'good' ? 'The customer: it helped' : 'The customer: it didn’t help',
    wrong: wrongBy === null ? null : `Wrong, says ${memberName(of.looking, wrongBy)}`,
    judge: of.mayAnswer ? judge : null,
  };
}

function deliveryReceipt(of: ThreadOf, { id, state, says, at }: DeliveryView): Omit<Receipt, 'run' | 'opinion'> {
  const plain = { kind: '' as const, at: null, settle: null };
  const action = `${of.looking.base}/deliveries/${id}/settle`;
  switch (state) {
    case 'read':
      return { kind: 'read', icon: 'checks', says: 'Read', at, settle: null };
    case 'delivered':
      return { ...plain, icon: 'checks', says: 'Delivered', at };
    case 'sent':
      return { ...plain, icon: 'check', says: 'Sent', at };
    case 'queued':
      return { ...plain, icon: 'clock', says: says === null ? 'Sending' : `Waits to be sent. ${says}` };
    case 'sending':
      return { ...plain, icon: 'clock', says: 'Sending' };
    case 'cancelled':
      return { ...plain, icon: 'x', says: `Not sent. ${says ?? ''}`.trim() };
    case 'uncertain':
      return {
        kind: 'failed',
        icon: 'alert-triangle',
        says: `Uncertain: not confirmed by ${of.head.channelName}`,
        at: null,
        settle: of.mayAnswer ? { action, arrived: true, again: true } : null,
      };
    case 'failed':
      return {
        kind: 'failed',
        icon: 'x',
        says: `Not sent. ${says ?? ''}`.trim(),
        at: null,
        settle: of.mayAnswer ? { action, arrived: false, again: true } : null,
      };
  }
}
