/** What stands around the messages: who has the conversation, what can be done, and who the customer is. */
import { channelKinds, LARGEST_ATTACHMENT } from '../channels/index.ts';
import type { ContactCard } from '../contacts/index.ts';
import { FILES_AT_ONCE } from './attachments/receive-said.ts';
import { channelIcon, customerName, listHref, markedWith, memberName, type Looking } from './inbox-view.ts';
import type { ConversationHead } from './inbox.queries.ts';
import type { Label } from './list/labels.ts';
import { panelView, type PanelView } from './list/panel-view.ts';
import { ratingMark, type RatingMark } from './rating/rating-words.ts';
import type { TimeWindow } from './time-window.ts';
import { once } from '../lib/once.ts';

export interface TalkView {
  id: number;
  /** Forms post below this path. */
  path: string;
  back: string;
  name: string;
  /** For sentences: "Write to Jonas". */
  shortName: string;
  channelIcon: string;
  channelName: string;
  channelId: number;
  channelSays: string | null;
  done: boolean;
  holder: { who: 'you' | 'other' | 'bot' | 'nobody'; name: string };
  /** A person is wanted and none has come. */
  wanted: { since: number; why: string | null } | null;
  /** Somebody has it, and the customer waits: since when is said once it is long. */
  unanswered: { since: number | null } | null;
  mayAnswer: boolean;
  /** Its channel takes files. */
  files: { most: number; largest: number } | null;
  /** Why nothing can be written; null when it can. */
  closed: string | null;
  /** The channel's time window is over: why, and where a template is sent, if the channel has any. */
  shut: { says: string; template: string | null } | null;
  /** Until when it is open to people; null where the channel has no such window. */
  openUntil: number | null;
  /** That its time has passed for a bot, and not yet for people; '' where both may write. */
  onlyPeople: string;
  /** What can be done to it: assign, label, put off. */
  panel: PanelView;
  labels: Label[];
  /** Who is to see to it, where that isn't who has it. */
  assignee: string | null;
  snoozedUntil: number | null;
  rating: RatingMark | null;
  /** Others who wait, for the small bell on a phone. */
  waiting: number;
}

export function talkView(
  looking: Looking,
  head: ConversationHead,
  more: { mayAnswer: boolean; silenced: boolean; waiting: number; window: TimeWindow | null },
): TalkView {
  const name = customerName(head);
  const open = head.status === 'open';
  const wanted = head.wantedSince !== null && open;
  const held = head.turn === 'person' && head.holderId !== null;
  return {
    id: head.id,
    path: `${looking.base}/conversations/${head.id}`,
    back: listHref(looking, looking.filter),
    name,
    shortName: head.name ? (head.name.split(/\s/)[0] ?? head.name) : 'the visitor',
    channelIcon: channelIcon(head.channelKind),
    channelName: head.channelName,
    channelId: head.channelId,
    channelSays: head.channelStatus === 'broken' ? head.channelSays : null,
    done: head.status === 'resolved',
    holder: holderOf(looking, head),
    wanted: wanted && !held && head.wantedSince !== null ? { since: head.wantedSince, why: head.wantedWhy } : null,
    unanswered: held && open && head.unanswered ? { since: head.wantedSince } : null,
    mayAnswer: more.mayAnswer,
    files: channelKinds[head.channelKind]?.sendsFiles ? { most: FILES_AT_ONCE, largest: LARGEST_ATTACHMENT } : null,
    closed: closedBecause(head, more),
    shut:
      more.window === null || more.window.open.person
        ? null
        : { says: passed(more.window), template: more.window.templates ? `${looking.base}/conversations/${head.id}/template` : null },
    openUntil: more.window?.open.person ? more.window.until.person : null,
    onlyPeople: more.window?.open.person && !more.window.open.bot ? timePassed(more.window, 'bot') : '',
    panel: panelView(looking, head),
    ...markedWith(looking, head),
    waiting: more.waiting - (wanted ? 1 : 0),
  };
}

function holderOf(looking: Looking, head: ConversationHead): TalkView['holder'] {
  if (head.turn === 'bot') return head.botName === null ? { who: 'nobody', name: '' } : { who: 'bot', name: head.botName };
  if (head.holderId === null) return { who: 'nobody', name: '' };
  return head.holderId === looking.userId ? { who: 'you', name: 'You' } : { who: 'other', name: memberName(looking, head.holderId) };
}

function passed(window: TimeWindow): string {
  const { channel, until, templates } = window;
  if (templates) return until.person === 0 ? `${channel} lets nobody write first but by a template.` : timePassed(window, 'person');
  return until.person === 0
    ? `${channel} lets nobody write before the customer does.`
    : `${timePassed(window, 'person')} You can answer again as soon as they write.`;
}

const timePassed = ({ channel, lasts }: TimeWindow, author: 'bot' | 'person'): string => `${channel}’s ${lasts[author]} have passed.`;

function closedBecause(head: ConversationHead, { silenced }: { silenced: boolean }): string | null {
  if (silenced) return 'This contact is blocked or restricted, or wants no messages, and gets none.';
  if (head.channelStatus === 'disconnected') return `${head.channelName} is no longer connected, so nothing can be sent.`;
  return null;
}

export interface CardView {
  /** The contact's page. */
  href: string;
  blocked: boolean;
  name: string;
  since: number;
  known: { name: string; value: string }[];
  more: { name: string; value: string }[];
  notice: { version: string; at: number } | null;
  /** Of this conversation, with what they said to it. */
  rating: (RatingMark & { at: number; comment: string | null }) | null;
}

/** The customer beside the thread. Who may only look sees ids and numbers masked. */
export function cardView(card: ContactCard, head: ConversationHead, { base, masked }: Pick<Looking, 'base' | 'masked'>): CardView {
  const show = (value: string): string => (masked ? mask(value) : value);
  const named = (name: string, field: string): string => (card.given.has(field) ? `${name}, from them` : name);
  return {
    href: `${base}/contacts/${card.id}`,
    blocked: card.blockedAt !== null,
    name: customerName(head),
    since: card.createdAt,
    known: card.identities.map((identity) => ({ name: identity.channelName, value: knownAs(identity, show) })),
    more: [
      ...(card.email === null ? [] : [{ name: named('E-mail', 'email'), value: show(card.email) }]),
      ...(card.phone === null ? [] : [{ name: named('Phone', 'phone'), value: show(card.phone) }]),
      ...(card.language === null ? [] : [{ name: 'Writes in', value: languageName(card.language) }]),
      ...card.values.map(({ fieldId, name, kind, value }) => ({
        name: named(name, String(fieldId)),
        value: kind === 'email' || kind === 'phone' ? show(value) : value,
      })),
    ],
    notice: head.noticeSeen,
    rating: head.rating && head.ratedAt !== null ? { ...ratingMark(head.rating), at: head.ratedAt, comment: head.ratingComment } : null,
  };
}

/** A widget's visitor id is a random number that says nothing to anybody, but for who is signed in on the website. */
export function knownAs(identity: ContactCard['identities'][number], show: (value: string) => string): string {
  if (identity.channelKind === 'widget') {
    const [, user] = /^user:(.+)$/.exec(identity.externalId) ?? [];
    const name = identity.displayName ?? 'Visitor';
    return user === undefined ? name : `${name}, user ${show(user)}`;
  }
  if (identity.username !== null) return show(`@${identity.username}`);
  return show(identity.channelKind === 'whatsapp' && /^\d+$/.test(identity.externalId) ? `+${identity.externalId}` : identity.externalId);
}

/** First two and last two characters, which is enough to tell two people apart. */
export function mask(value: string): string {
  const characters = [...value];
  return characters.length < 6 ? '…' : `${characters.slice(0, 2).join('')} … ${characters.slice(-2).join('')}`;
}

const languages = once(() => new Intl.DisplayNames('en', { type: 'language', fallback: 'code' }));

export function languageName(tag: string): string {
  try {
    return languages().of(tag) ?? tag;
  } catch {
    return tag;
  }
}
