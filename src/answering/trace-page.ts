/** A message's way as its page tells it: the line, and the steps with what lies between them. */
import { membersOf } from '../accounts/index.ts';
import { durationText, timeText } from '../web/formats.ts';
import type { Zone } from '../web/zones.ts';
import type { Workspace } from '../workspace.ts';
import { arrival, attempts, happenings, reply, type Step, type Telling } from './trace-steps.ts';
import type { Trace } from './trace.queries.ts';

export interface TracePage {
  line: string;
  then: string;
  wanted: boolean;
  /** Its words; null where they are taken back. */
  text: string | null;
  /** As a bubble is drawn. */
  author: string;
  conversation: string;
  steps: (Step & { gap: string | null })[];
}

export function tracePage(ws: Workspace, trace: Trace, zone: Zone): TracePage {
  const { message } = trace;
  const base = `/w/${ws.id}`;
  const names = new Map(membersOf(ws).map(({ userId, firstName }) => [userId, firstName]));
  const telling: Telling = { base, name: (userId) => names.get(userId) ?? 'Somebody who left' };
  const customers = message.author === 'customer';
  const steps = [
    ...(customers ? arrival(trace, telling) : []),
    ...attempts(trace, telling),
    ...happenings(trace, telling),
    ...reply(trace, telling),
    ...(customers && !trace.answer ? outstanding(trace, zone, ws.clock.now()) : []),
  ];
  return {
    ...(customers ? lineOf(trace, telling, ws.clock.now()) : lineOfOurs(trace)),
    text: message.revokedAt === null ? message.text : null,
    author: message.author,
    conversation: `${base}/conversations/${message.conversationId}`,
    steps: inOrder(steps),
  };
}

/** By time, those without one at the end; what happened at the same instant stays in the order it was told. */
function inOrder(steps: Step[]): TracePage['steps'] {
  let last: number | null = null;
  return steps
    .toSorted((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity) || 0)
    .map((step) => {
      const gap: string | null = step.at === null || last === null || step.at === last ? null : durationText(step.at - last);
      last = step.at ?? last;
      return { ...step, gap };
    });
}

/** What it waits for, where nothing answers it yet. */
function outstanding({ message, place }: Trace, zone: Zone, now: number): Step[] {
  if (message.revokedAt !== null || message.id <= place.answeredThrough) return [];
  if (place.jobParkedAt !== null) return [{ at: place.jobParkedAt, says: 'The bot gave up', detail: place.jobSays ?? '', kind: 'failed' }];
  if (place.jobLeased === 1) return [{ at: null, says: 'The bot is at it', kind: 'busy' }];
  if (place.jobDueAt !== null) {
    const tried = place.jobAttempts ? `Tried ${place.jobAttempts === 1 ? 'once' : `${place.jobAttempts} times`} before.` : '';
    const until = place.jobDueAt > now ? ` until ${timeText(zone, now, place.jobDueAt, 'second')}` : '';
    return [{ at: null, says: `Waits for the bot${until}`, detail: tried, kind: 'busy' }];
  }
  if (place.status === 'resolved' || place.silenced === 1) return [];
  return [{ at: null, says: place.holderId === null ? 'Waits for a person' : 'Waits for an answer', kind: 'wanted' }];
}

type Line = Pick<TracePage, 'line' | 'then' | 'wanted'>;

function lineOf({ message, place, answer, deliveries }: Trace, { name }: Telling, now: number): Line {
  const plain = (line: string, then = ''): Line => ({ line, then, wanted: false });
  if (answer) {
    const by = answer.author === 'bot' ? 'by the bot' : answer.userId === null ? 'by hand' : `by ${name(answer.userId)}`;
    return plain(`Answered ${by} ${afterText(answer.createdAt - message.createdAt)}.`, deliveryLine(deliveries));
  }
  if (message.revokedAt !== null) return plain('The customer took it back before it was answered.');
  if (message.id <= place.answeredThrough) return plain('It needed no answer.');
  if (place.status === 'resolved') return plain('The conversation was marked as done without an answer.');
  if (place.silenced === 1) return plain('It has no answer: this contact gets none.');
  return { line: `It has had no answer for ${durationText(now - message.createdAt)}.`, then: '', wanted: true };
}

const AT_ONCE_MS = 100;

function afterText(ms: number): string {
  return ms < AT_ONCE_MS ? 'at once' : `${durationText(ms)} after it came`;
}

function lineOfOurs({ message, deliveries }: Trace): Line {
  if (message.author === 'note') return { line: 'A note stays among the team: it goes nowhere.', then: '', wanted: false };
  if (message.author === 'event') return { line: 'This is the conversation’s own history: it goes nowhere.', then: '', wanted: false };
  return { line: 'How this went out.', then: deliveryLine(deliveries), wanted: false };
}

/** Of several parts, the one that went worst speaks for all. */
const WORST: [Trace['deliveries'][number]['state'], string][] = [
  ['failed', 'It was not sent.'],
  ['uncertain', 'Whether it arrived is uncertain: it was not sent again.'],
  ['sending', 'It is on its way.'],
  ['queued', 'It waits to be sent.'],
  ['sent', 'It was sent.'],
  ['delivered', 'It was delivered.'],
  ['read', 'It was read.'],
];

function deliveryLine(deliveries: Trace['deliveries']): string {
  const states = new Set(deliveries.map(({ state }) => state));
  return WORST.find(([state]) => states.has(state))?.[1] ?? (states.has('cancelled') ? 'It was not sent.' : '');
}
