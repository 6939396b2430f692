/** What a channel that is a device of an account keeps and shows. A part of the contract in channel.ts. */
import type { Choice, Quoted } from './channel-said.ts';

/**
 * Sealed values of one channel, by kind and id. They are gone when the channel is disconnected. The object is also the
 * lease of the account: whoever connects by it keeps to one connection for each.
 */
export interface DeviceStore {
  /** The values that there are, by id. */
  get(kind: string, ids: string[]): Map<string, string>;
  /** All values of a kind, the oldest first. */
  all(kind: string): string[];
  /** Writes all or nothing, flushed before it returns. Throws when the channel was disconnected. */
  set(changes: DeviceChange[]): void;
  /** Forgets everything: the account ended the link. */
  clear(): void;
  /** Shows a person what to do next; null takes it away. Only as long as this process runs. */
  show(step: LinkStep | null): void;
  /** Notes the account that was linked. Null; or why it may not be this one, in plain words, and then nothing is written. */
  linked(account: { accountId: string; name: string }): string | null;
  /** What was sent by this reference, for a phone that couldn't read it; null for a file, and when it is gone. */
  sent(reference: string): SentWords | null;
}

/** As it was given to `send`. */
export interface SentWords {
  text: string;
  choices: Choice[];
  replyTo?: Quoted;
}

export interface DeviceChange {
  kind: string;
  id: string;
  /** Null takes it away. */
  value: string | null;
}

/** What a person has to do so that the account is linked. `until` is UTC ms. */
export type LinkStep =
  | { kind: 'picture'; text: string; until: number }
  | { kind: 'code'; code: string; phone: string; until: number }
  /** The phone has agreed. */
  | { kind: 'finishing' };
