/** What the contract suite needs of each channel: a file beside this one for each, listed in index.ts. */
import type { Channel, ChannelAccess } from '../../../src/channels/channel.ts';
import type { Fault } from '../../simulators/telegram.ts';

/** Situations that a channel may be unable to come into. */
export type Situation =
  'files-in' | 'files-out' | 'sends' | 'blocked' | 'rate' | 'cut' | 'absent' | 'revoked' | 'broken-markup' | 'batches';

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
  /** A body with three messages and something unknown between them, and the texts of the messages. */
  batch: { body: unknown; texts: string[] };
  /** A rate limit's pause, ms. */
  pauseMs: number;
  /** What a customer reads of the link "[d](e)". */
  link: string;
  access(more?: Partial<ChannelAccess>): ChannelAccess;
  /** Makes the next send fail like this. */
  cause(situation: 'blocked' | 'rate' | 'cut' | 'revoked'): void;
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
