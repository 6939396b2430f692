/** The steps of a message's way, each with its time and in words. */
import { durationText, pluralText } from '../web/formats.ts';
import { runEnd } from './run-page.ts';
import type { Trace, TracedDelivery, TracedEvent, TracedMessage, TracedRun } from './trace.queries.ts';

export interface Step {
  /** UTC ms; null: it has no time, or not yet one. Such a step stands at the end. */
  at: number | null;
  says: string;
  detail?: string;
  /** As a state is drawn; '' is an ordinary step. */
  kind: '' | 'well' | 'wanted' | 'failed' | 'busy';
  link?: { href: string; says: string };
}

/** What steps need beyond the rows. */
export interface Telling {
  /** `/w/<workspace>` */
  base: string;
  name(userId: number): string;
}

/** From the customer's hand to the moment it was stored. */
export function arrival({ message, place, files, together }: Trace, telling: Telling): Step[] {
  const { saidAt, createdAt, editedAt, revokedAt } = message;
  const late = createdAt - saidAt;
  const steps: Step[] = [
    ...(late > 0 ? [{ at: saidAt, says: 'Written', detail: `By ${place.channelName}’s own clock.`, kind: '' as const }] : []),
    { at: createdAt, says: 'Came in, and was stored', detail: cameIn(message, files), kind: message.tooOld === 1 ? 'wanted' : '' },
    ...together.map((other) => withIt(message, other, telling)),
  ];
  if (editedAt !== null) steps.push({ at: editedAt, says: 'Changed by the customer', kind: '' });
  if (revokedAt !== null) steps.push({ at: revokedAt, says: 'Taken back by the customer', kind: '' });
  return steps;
}

function cameIn({ saidAt, createdAt, tooOld }: TracedMessage, files: Trace['files']): string {
  const late = createdAt - saidAt;
  const way = late < 0 ? 'Its channel’s clock is ahead of ours.' : late === 0 ? '' : `${durationText(late)} after it was written.`;
  const old = tooOld === 1 ? 'That is too old for the bot: a person was called.' : '';
  return [way, old, ...files.map(fileSays)].filter((text) => text !== '').join(' ');
}

const KINDS: Record<string, string> = { image: 'a picture', audio: 'a voice message', video: 'a video', file: 'a file' };

function fileSays({ kind, name, state, says }: Trace['files'][number]): string {
  const what = `With ${KINDS[kind] ?? `a ${kind}`}${name === null ? '' : `, “${name}”`}`;
  if (state === null || state === 'kept') return `${what}.`;
  return state === 'wanted' ? `${what}, which is being fetched.` : `${what}, which isn’t here: ${says ?? 'it could not be fetched.'}`;
}

function withIt(message: TracedMessage, other: TracedMessage, { base }: Telling): Step {
  return {
    at: other.createdAt,
    says: other.id < message.id ? 'The customer had written before' : 'The customer wrote again',
    detail: `“${other.text}” Both are one turn, and are answered together.`,
    kind: '',
    link: { href: `${base}/messages/${other.id}/trace`, says: 'Its trace' },
  };
}

/** Two steps for each attempt of the bot: taken up, and how it ended. */
export function attempts({ message, runs }: Trace, { base }: Telling): Step[] {
  return runs.flatMap((run, index): Step[] => {
    const nth = runs.length > 1 ? ` (attempt ${index + 1} of ${runs.length})` : '';
    const unread = message.author === 'customer' && run.answersThrough < message.id;
    const began: Step = {
      at: run.startedAt - (run.searchMs ?? 0),
      says: `${unread ? 'The bot was at what came before' : 'Taken up by the bot'}${nth}`,
      detail: `${pluralText(run.passages, 'passage')} of the knowledge found${run.searchMs === null ? '' : ` in ${durationText(run.searchMs)}`}.`,
      kind: '',
    };
    const link = { href: `${base}/conversations/${message.conversationId}/runs/${run.id}`, says: 'How it was made' };
    return [began, { at: run.endedAt, ...ended(run), link }];
  });
}

const ENDED: Record<TracedRun['state'], { says: string; kind: Step['kind'] }> = {
  open: { says: 'The answer is being written', kind: 'busy' },
  answered: { says: 'The answer was whole', kind: 'well' },
  'fell-back': { says: 'The bot found no answer', kind: 'wanted' },
  dropped: { says: 'The answer was dropped', kind: '' },
  failed: { says: 'The bot got no answer', kind: 'failed' },
  died: { says: 'The server stopped while the bot was answering', kind: 'failed' },
};

function ended(run: TracedRun): Pick<Step, 'says' | 'kind' | 'detail'> {
  const first = run.state === 'answered' && run.firstTokenMs !== null ? `Its first word came after ${durationText(run.firstTokenMs)}.` : '';
  const shown = run.state !== 'answered' && run.shown === 1 ? 'What the customer had seen of it stays, marked as cut off.' : '';
  const detail = [first, runEnd(run.why), run.says ?? '', shown].filter((text) => text !== '').join(' ');
  return { ...ENDED[run.state], detail };
}

const EVENTS: Record<string, { says: string; kind: Step['kind'] }> = {
  wanted: { says: 'A person was called', kind: 'wanted' },
  'took-over': { says: 'A person took over', kind: '' },
  'handed-back': { says: 'The bot’s turn again', kind: '' },
  'nobody-came': { says: 'Nobody came', kind: 'wanted' },
  'no-answer': { says: 'No answer is needed', kind: 'well' },
  'answer-needed': { says: 'An answer is needed after all', kind: '' },
  resolved: { says: 'Marked as done', kind: 'well' },
  reopened: { says: 'Opened again', kind: '' },
};

export function happenings({ events }: Trace, { name }: Telling): Step[] {
  return events.map(({ event, userId, text, createdAt }: TracedEvent): Step => {
    if (event === null) return { at: createdAt, says: 'The business said', detail: `“${text}”`, kind: '' };
    const detail = userId === null ? text : `${name(userId)} ${text}`;
    return { at: createdAt, ...(EVENTS[event] ?? { says: 'In the conversation', kind: '' }), detail };
  });
}

/** Stored, handed over part by part, and what the customer made of it. */
export function reply(trace: Trace, telling: Telling): Step[] {
  const { answer, deliveries, place } = trace;
  if (!answer) return [];
  const { name } = telling;
  const by =
    answer.author === 'person'
      ? answer.userId === null
        ? 'By hand, on the business’s own phone'
        : `By ${name(answer.userId)}`
      : 'By the bot';
  const own = answer.author === 'bot' && answer.runId === null ? 'A sentence of the business itself.' : '';
  const stored: Step = {
    at: answer.createdAt,
    says: answer.cutOff === 1 ? 'What was shown was kept' : 'The reply was stored',
    detail: `${by}. ${own}`.trim(),
    kind: '',
  };
  return [stored, ...partSteps(deliveries, place, telling), ...opinions(answer, telling)];
}

/** Parts that went the same way at the same times are told of once. */
function partSteps(deliveries: TracedDelivery[], place: Trace['place'], telling: Telling): Step[] {
  const alike = new Map<string, { delivery: TracedDelivery; parts: number[] }>();
  for (const [index, delivery] of deliveries.entries()) {
    const way = JSON.stringify(delivery);
    const known = alike.get(way);
    if (known) known.parts.push(index + 1);
    else alike.set(way, { delivery, parts: [index + 1] });
  }
  return [...alike.values()].flatMap(({ delivery, parts }) => {
    const of = deliveries.length;
    const which =
      parts.length === of
        ? of === 1
          ? ''
          : `All ${of} parts: `
        : `${parts.length === 1 ? 'Part' : 'Parts'} ${parts.join(', ')} of ${of}: `;
    return deliverySteps(delivery, which, place, telling);
  });
}

function deliverySteps(delivery: TracedDelivery, part: string, { channelName, channelKind }: Trace['place'], telling: Telling): Step[] {
  const { sendingAt, sentAt, deliveredAt, readAt, attempts: tries } = delivery;
  const step = (at: number | null, says: string, kind: Step['kind'] = '', detail = ''): Step[] =>
    at === null ? [] : [{ at, says: part === '' ? says : `${part}${says.charAt(0).toLowerCase()}${says.slice(1)}`, kind, detail }];
  const settled = delivery.settledBy === null ? '' : ` So says ${telling.name(delivery.settledBy)}.`;
  return [
    ...step(sendingAt, `Handed to ${channelName}`, '', tries > 1 ? `The last of ${tries} attempts.` : ''),
    ...step(sentAt, channelKind === 'widget' ? 'Ready for the customer’s page' : `Taken by ${channelName}`),
    ...step(deliveredAt, 'Delivered', 'well', settled.trim()),
    ...step(readAt, 'Read', 'well'),
    ...unfinished(delivery, part, channelName, settled),
  ];
}

function unfinished({ state, says, settledBy }: TracedDelivery, part: string, channelName: string, settled: string): Step[] {
  const detail = says ?? '';
  switch (state) {
    case 'queued':
      return [{ at: null, says: `${part}Waits to be sent`, kind: 'busy', detail }];
    case 'sending':
      return [{ at: null, says: `${part}On its way to ${channelName}`, kind: 'busy', detail }];
    case 'failed':
      return [{ at: null, says: `${part}Not sent`, kind: 'failed', detail }];
    case 'uncertain':
      return [{ at: null, says: `${part}Uncertain: not sent again`, kind: 'failed', detail }];
    case 'cancelled':
      return [
        { at: null, says: `${part}${settledBy === null ? 'Not sent' : 'Given up for another send'}`, kind: '', detail: detail + settled },
      ];
    default:
      return [];
  }
}

function opinions({ reaction, rating, ratedAt, wrongBy, wrongAt }: TracedMessage, { name }: Telling): Step[] {
  return [
    ...(reaction === null ? [] : [{ at: null, says: `The customer reacted: ${reaction}`, kind: '' as const }]),
    ...(rating === null
      ? []
      : [{ at: ratedAt, says: rating === 'good' ? 'The customer: it helped' : 'The customer: it didn’t help', kind: '' as const }]),
    ...(wrongBy === null
      ? []
      : [{ at: wrongAt, says: 'The answer was wrong', detail: `So says ${name(wrongBy)}.`, kind: 'failed' as const }]),
  ];
}
