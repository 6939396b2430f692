/** What the contract suite needs of each channel: a file beside this one for each, listed in index.ts. */
import type { Channel, ChannelAccess, ChannelEvent } from '../../../src/channels/channel.ts';
import type { Fault } from '../../simulators/telegram.ts';

/** What customers do, each as one body of the far side. */
export type Saying =
  | 'image'
  | 'voice'
  | 'video'
  | 'document'
  | 'sticker'
  | 'location'
  | 'contact'
  | 'reaction'
  | 'reaction-gone'
  | 'reply'
  | 'edit'
  | 'revoke'
  | 'unknown'
  | 'nameless'
  | 'alias';

/** What they say with it: a rig puts these into its bodies, and the suite looks for them in the events. */
export const SAID = {
  caption: 'Do you have this one?',
  name: 'order.pdf',
  place: { latitude: 52.52, longitude: 13.405 },
  contact: { name: 'Jonas Weber', phone: '+49 30 1234567' },
  emoji: '👍',
  /** Of the message that is replied to, reacted to, edited or taken back. */
  about: 'Are you open on Sunday?',
  edited: 'Are you open on Monday?',
} as const;

/** How a send fails. */
export type Cause =
  | 'blocked'
  | 'rate'
  | 'cut'
  | 'revoked'
  /** Their time window is over. */
  | 'window'
  /** The far side has a fault of its own, in its own words. */
  | 'broken'
  /** Somebody else's page, with 502; the far side took nothing. */
  | 'page'
  /** The far side took it, and its answer ends in the middle. */
  | 'half';

/** What a channel may be unable to come into. */
export type Situation =
  | 'says'
  /** Texts come as they are, whatever they hold. */
  | 'any-text'
  /** Texts come whole, however long they are. */
  | 'endless-text'
  /** Messages bring their own time. */
  | 'other-clock'
  | 'files-in'
  /** They are got with the account's own token. */
  | 'files-token'
  | 'files-out'
  | 'sends'
  | 'absent'
  | 'broken-markup'
  | 'batches'
  | 'choices'
  /** A message is shown as the reply to a certain one. */
  | 'replies-out'
  | 'draft'
  /** The business reacts to a message. */
  | 'reacts'
  /** Is posted to, and proves who posts. */
  | 'signed'
  /** The proof is over the very bytes. */
  | 'signed-bytes'
  | Cause
  | Saying;

export interface Kind {
  kind: string;
  /** Why a situation can't come about here. */
  skips: Partial<Record<Situation, string>>;
  start(): Promise<Rig>;
}

/** One channel with its far side. */
export interface Rig {
  channel: Channel;
  secret: string;
  thread: string;
  /** Where it isn't the thread itself. */
  recipient?: string;
  /** A body with three messages and something unknown between them, and the texts of the messages. */
  batch: { body: unknown; texts: string[] };
  /** A rate limit's pause, ms. */
  pauseMs: number;
  /** What a customer reads of the link "[d](e)". */
  link: string;
  access(more?: Partial<ChannelAccess>): ChannelAccess;
  /** Makes the next send fail like this. */
  cause(situation: Cause): void;
  /** A body with one text message of the customer, said at `at`, ms; `id` is the far side's own, so that it can come again. */
  says?(text: string, more?: { at?: number; id?: number }): unknown;
  /** The events of a body that comes another way than by `parse`. */
  hear?(body: unknown): Promise<ChannelEvent[]>;
  /** A body with a message for each of these texts, in order. */
  saysMany?(texts: string[]): unknown;
  /** The body for each thing that a customer does; what isn't here stands in `skips`. */
  bodies?: Partial<Record<Saying, unknown>>;
  /** The titles of the answers that the customer was offered with each message, in order. */
  offered?(): string[][];
  /** The message that each one the customer was sent replies to, by the channel's id, in order. */
  repliedTo?(): (string | undefined)[];
  /** The channel's id of a message of the customer's that is there. */
  heardId?: string;
  /** The business's reactions that the customer has seen, in order; '' where one was taken back. `to` is the channel's id. */
  reactions?(): { to: string; emoji: string }[];
  /** The body that comes when the customer touches the answer with this title, of those they were offered last. */
  touch?(title: string): unknown;
  /** The headers that prove that the far side posts these bytes. */
  sign?(raw: Buffer): Record<string, string>;
  /** The next calls of one method fail like this. */
  fail(method: string, ...faults: Fault[]): void;
  /** What the customer has read, in order. */
  read(): string[];
  /** What the customer was sent that is a file. */
  readFiles(): { name: string; content: Buffer; caption: string }[];
  /** A customer's file at the far side; returns its reference. Absent where the stand-in has none. */
  hold?(content: Uint8Array): string;
  /** What becomes of a file that the far side holds, at its next fetch or for good. */
  spoil?(reference: string, how: 'gone' | 'too-large' | 'not-now'): void;
  /** How often the customer was shown that an answer is on its way. */
  shownTyping(): number;
  /** Resolves once the far side has a send in hand that it doesn't answer. */
  holdNextSend(): Promise<void>;
  /** The far side is gone: nothing answers at its address. */
  leave(): Promise<void>;
  end(): Promise<void>;
}
