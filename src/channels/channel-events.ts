/** What a channel hears, in the core's words. A part of the contract in channel.ts. */

export type PartKind = 'text' | 'image' | 'audio' | 'video' | 'file' | 'sticker' | 'location' | 'contact' | 'order' | 'unknown';

export interface InPart {
  kind: PartKind;
  text?: string;
  /** The channel's own reference to fetch a file by, with what it says of it. */
  file?: { reference: string; name?: string; mime?: string; bytes?: number };
  detail?: Record<string, string | number | boolean>;
}

/** Who wrote, as the channel knows them. */
export interface Sender {
  /** The surest id that the channel gives: it belongs to one person for good. */
  externalId: string;
  /** Another id by which they may be known here; it may pass to somebody else later (a phone number). */
  alias?: string;
  displayName?: string;
  username?: string;
  /** BCP 47, where the channel tells. */
  language?: string;
  /** Where somebody vouches for it: the business's own server that signed the visitor in. */
  email?: string;
}

export type ChannelEvent =
  | {
      type: 'message';
      /** The channel's thread (a chat id); message ids are unique within it. */
      thread: string;
      sender: Sender;
      externalId: string;
      /** UTC ms, the channel's own time. */
      saidAt: number;
      parts: InPart[];
      /** An edit of a message has the same id and a higher revision. */
      revision?: number;
      /** The id of the message, of either side, that this one replies to. */
      replyTo?: string;
    }
  | { type: 'revoked'; thread: string; sender: Sender; externalId: string; at: number }
  /** The customer reacted to a message of either side; null takes it back. It asks for no answer. */
  | { type: 'reaction'; thread: string; sender: Sender; to: string; emoji: string | null; at: number }
  /** The channel knows a person by other ids from now on; those of `from` end. */
  | { type: 'identity'; thread: string; externalId: string; from: Sender; now: Sender; at: number }
  | {
      type: 'receipt';
      /** Ours, as given to `send`; where the channel hands it back. */
      reference?: string;
      externalId?: string;
      state: 'sent' | 'delivered' | 'read' | 'failed';
      /** What went to the customer before it has come as far. */
      andBefore?: true;
      says?: string;
      at: number;
    }
  /** All that went to the customer up to a moment of the channel's own clock was delivered or read. */
  | { type: 'receipt-through'; thread: string; sender: Sender; state: 'delivered' | 'read'; through: number }
  | {
      type: 'echo';
      /** Something left this account that we may not have sent: a person answered elsewhere, unless `reference` is ours. */
      thread: string;
      recipient: Sender;
      reference?: string;
      /** The channel echoes what we send as well, and hands no reference back. */
      unmarked?: true;
      externalId: string;
      saidAt: number;
      parts: InPart[];
    }
  /** The contact asked to begin or to be forgotten by the channel's own means (/start, /delete). */
  | {
      type: 'command';
      thread: string;
      sender: Sender;
      externalId: string;
      command: 'start' | 'human' | 'delete';
      /** What the link they came by says of where they come from. 1 to 64 of A-Z, a-z, 0-9, _ and -. */
      payload?: string;
      saidAt: number;
    }
  /** The customer shut this account out, or let it in again: whether anything can reach them. It asks for no answer. */
  | { type: 'reach'; thread: string; sender: Sender; open: boolean; at: number }
  | { type: 'unrecognised'; body: string };
