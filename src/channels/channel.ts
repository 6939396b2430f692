/**
 * The contract of a channel: how one kind of account speaks. A channel stores nothing and knows no conversation; it is
 * handed its settings and state, parses what comes in to events, and sends one part at a time. It classifies failures;
 * the core decides. The contract suite in test/channels runs every channel through the same situations.
 */
import type { Agent } from 'node:http';
import type { Dispatcher } from 'undici';
import type { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import type { ChannelEvent, Sender } from './channel-events.ts';
import type { DeviceStore } from './channel-device.ts';
import type { Choice, Quoted, Reaction } from './channel-said.ts';

export * from './channel-device.ts';
export * from './channel-errors.ts';
export * from './channel-events.ts';
export * from './channel-said.ts';

export type Fetch = typeof globalThis.fetch;

/** What each call gets. Settings hold the revealed secrets for this call only. */
export interface ChannelAccess<Settings = Record<string, unknown>> {
  channelId: number;
  settings: Settings;
  /** What `connect` called the account; '' before it is connected. */
  name?: string;
  /** What the channel kept last time (an offset); null at first. */
  state: unknown;
  /** Where the far side speaks, without a slash at the end; the operator may have set another. '' where there is none. */
  apiRoot: string;
  /** Bound to the far side's origin, as all of its connections are. */
  fetch: Fetch;
  /** Bound to where the far side keeps customers' files, where those are other origins. */
  fetchFile?: Fetch;
  /** Where that is, without a slash at the end. */
  fileRoot?: string;
  /** The same for an SDK that takes one of Node's agents; it throws where there is no far side. */
  agent: () => Agent;
  /** The same for files and an SDK that takes undici's dispatcher. */
  fileDispatcher?: () => Dispatcher;
  /** For a channel with `isDevice`, once it is stored. One and the same object for one channel, as long as its workspace is open. */
  device?: DeviceStore;
  /** Where the far side may post what comes in. */
  webhook?: () => Webhook;
  clock: Clock;
  signal: AbortSignal;
}

export interface Webhook {
  /** null where this server has no public address with https. */
  url: string | null;
  /** What the far side shows with each post, where it takes one: 32 of 0-9 and a-f. The channel's own, and never stored. */
  secret: string;
}

/** To whom a body came, and when: what some bodies don't say themselves. */
export interface Heard {
  /** As `connect` told them. */
  account: { id: string; name: string };
  /** UTC ms. */
  at: number;
}

/** One part, ready to be sent. */
export interface Outbound {
  thread: string;
  recipient: string;
  /** Ours, unique, stored before this call. */
  reference: string;
  /** The customer's newest message, by the channel's id, where several people write in one thread and each is replied to. */
  answers?: string;
  /** The message of this thread that a person replies to. Only where `repliesTo`, and with the first part. */
  replyTo?: Quoted;
  /** How often this part was tried, this time included. */
  attempt: number;
  kind: 'text' | 'template' | 'file';
  /** Who says it: some of what a channel lets people do it forbids to bots. */
  author: 'bot' | 'person';
  /** Plain text or light Markdown (bold, italic, code, links, lists). Never longer than `limits.textLength`. */
  text: string;
  /** Of a 'file': what is sent; `text` then stands under it, and may be ''. */
  file?: OutFile;
  /** What a template is filled with; `text` is then what it reads as. */
  template?: FilledTemplate;
  /** With the last part of a message: what the customer may answer with one touch. */
  choices?: Choice[];
}

/** A text that the channel has approved beforehand; it may be sent outside of the time window. */
export interface Template {
  name: string;
  /** The channel's own code. */
  language: string;
  /** With its placeholders as they stand in it, like {{1}} or {{first_name}}. */
  header: string;
  body: string;
  footer: string;
  /** The placeholders of header and body, in order. */
  fields: { id: string; in: 'header' | 'body'; name: string }[];
  /** Whether placeholders have names; else they are numbered. */
  named: boolean;
}

export interface FilledTemplate {
  name: string;
  language: string;
  named: boolean;
  values: { in: 'header' | 'body'; name: string; value: string }[];
}

export interface Sent {
  /** The channel's id of what was sent; null where it gives none. */
  externalId: string | null;
  /** How much this answer proves: accepted ('sent') or in the customer's hands ('delivered'). */
  state: 'sent' | 'delivered';
}

/** Bytes of a file, in or out. Telegram hands on no larger ones, and no other channel takes much more. */
export const LARGEST_ATTACHMENT = 20 * 1024 * 1024;

/** A file on its way to a customer. */
export interface OutFile {
  name: string;
  /** What its content shows it to be. */
  mime: string;
  bytes: number;
  /** Its content, whole. */
  read(): Promise<Uint8Array>;
}

/** How fast a far side may be given messages; what is over it waits here. */
export interface Rate {
  /** Over the whole account. */
  perSecond: number;
  /** To one person in a thread, or to all who are in it `together`: a burst, and then one each `everyMs`. */
  thread(thread: string): { burst: number; everyMs: number; together?: true };
}

export interface ChannelLimits {
  textLength: number;
  textUnit: 'utf16' | 'bytes';
  /** What may stand under a file, in `textUnit`. Where absent, a text is sent beside its file. */
  captionLength?: number;
  /** What may be said with choices, in `textUnit`, where that is less than `textLength`. */
  choicesTextLength?: number;
  /** UTF-16 units that a choice's title may have, where it may be longer than `CHOICE_TITLE`. */
  choiceTitleLength?: number;
  /** ms a customer may pause before the bot answers. */
  quietMs: number;
  /** Sends in the channel's own time window after the customer's last message; null: any time. */
  windowMs: number | null;
  /** Where people, and never a bot, may write for longer than `windowMs` after the customer's last message: ms. */
  personWindowMs?: number;
  /** Absent where no far side counts. */
  rate?: Rate;
  /** What is said at once goes out as one message where it fits, not as a row of bubbles. */
  oneBubble?: true;
  /** ms after which the sign "an answer is on its way" is shown again. 4 s where absent. */
  typingMs?: number;
}

export interface ConnectResult {
  /** A name to show: "@aurora_bot". */
  name: string;
  /** The account's own id: one account is connected once per installation. */
  accountId: string;
  state?: unknown;
  /** When its access ends by itself, UTC ms; null for never. */
  endsAt?: number | null;
}

/** How long an account's access lasts by itself. */
export interface Lasting<Settings = Record<string, unknown>> {
  /** UTC ms; null for never. */
  endsAt: number | null;
  /** Settings that were renewed by it: the core seals them in the place of the old ones. */
  settings?: Partial<Settings>;
}

export interface Channel<Schema extends z.ZodObject = z.ZodObject> {
  readonly kind: string;
  readonly name: string;
  /** Draws the connect form; a field's meta `{secret: true}` is sealed, `{label, hint}` are shown. */
  readonly settings: Schema;
  readonly limits: ChannelLimits;
  /** The customer reads straight from what is stored (the widget): stored is sent, `send` is never called, drafts are seen. */
  readonly fromStore?: boolean;
  /** Parts of the kind 'file' can be sent by it. */
  readonly sendsFiles?: boolean;
  /** A message can be shown as the reply to a certain one. Where it can't, the core quotes that one in words. */
  readonly repliesTo?: boolean;
  /**
   * It is a device of the account itself: a person links it while it listens, and only then is the account known. What it
   * is known by at the far side it keeps in `access.device`. `connect` asks nothing.
   */
  readonly isDevice?: boolean;
  /** Its address with `?start=` opens a chat whose first event is the command 'start' with that as its payload. */
  readonly startsByLink?: boolean;
  /** `send` goes by what `listen` holds open: while the channel is 'connecting', what waits for it isn't tried. */
  readonly sendsByItsLine?: boolean;

  /** Checks the settings with the far side. Throws DeliveryError with what to do. */
  connect(access: ChannelAccess<z.infer<Schema>>): Promise<ConnectResult>;
  /** Lets go of the far side; never throws for an account that is already gone. */
  disconnect(access: ChannelAccess<z.infer<Schema>>): Promise<void>;
  /** Asks the far side whether the account is well. Throws DeliveryError when not. */
  health(access: ChannelAccess<z.infer<Schema>>): Promise<void>;
  /** Asks when the account's access ends by itself, and renews it where it would end otherwise. Throws DeliveryError. */
  lasts?(access: ChannelAccess<z.infer<Schema>>): Promise<Lasting<z.infer<Schema>>>;

  /** True when the raw request was really sent by the channel. `secret`: that of `Webhook`. Absent where there is no webhook. */
  verify?(
    request: { headers: Record<string, string | string[] | undefined>; raw: Buffer },
    settings: z.infer<Schema>,
    secret?: () => string,
  ): boolean;
  /**
   * Pure. Parts a webhook's body by the account that each piece is for, in order: several accounts may share an address.
   * Null where no account is named. Absent where an address has one account.
   */
  accounts?(body: unknown): { accountId: string | null; body: unknown }[];
  /** Pure. Every event of the body, in order; what is unknown comes back as 'unrecognised'. Never throws. */
  parse(body: unknown, heard?: Heard): ChannelEvent[];
  /** Pure. What a post is answered with once it is stored, where the far side waits for more than 200; null where it doesn't. */
  acknowledge?(body: unknown): object | null;

  /**
   * Fetches a customer's file by the `reference` of its part, as a stream. What it says of the file isn't believed: size and
   * kind are looked at as it comes in. Throws AttachmentError, also while it is read.
   */
  fetchAttachment?(access: ChannelAccess<z.infer<Schema>>, reference: string): Promise<AsyncIterable<Uint8Array>>;

  /** Sends one part. Throws DeliveryError. */
  send(access: ChannelAccess<z.infer<Schema>>, outbound: Outbound): Promise<Sent>;

  /** Pure. Whether the customer's message that the channel knows by this id can be reacted to. Goes with `react`. */
  reactsTo?(thread: string, id: string): boolean;

  /** Puts an emoji to a customer's message, in place of the one before. Throws DeliveryError. */
  react?(access: ChannelAccess<z.infer<Schema>>, reaction: Reaction): Promise<void>;

  /**
   * For channels that pull: runs until the signal aborts. `onEvents` resolves after what it was given is committed
   * together with `state`; only then may the channel go on. Its first call, with no events where there are none, says
   * that the far side was heard. Throws ListenError, and whatever `onEvents` threw.
   */
  listen?(access: ChannelAccess<z.infer<Schema>>, onEvents: (events: ChannelEvent[], state: unknown) => Promise<void>): Promise<void>;

  /** Asks what a customer is called, where what comes from them doesn't say. Throws DeliveryError. */
  profile?(access: ChannelAccess<z.infer<Schema>>, externalId: string): Promise<Pick<Sender, 'displayName' | 'username'>>;

  /** Shows that an answer is on its way, and that `newest`, the customer's last message, was read. Best effort; never throws. */
  typing?(access: ChannelAccess<z.infer<Schema>>, thread: string, newest?: string, recipient?: string): Promise<void>;

  /**
   * Shows what there is of an answer while it is being written, where the channel can in that thread: `text` from its
   * beginning, in light Markdown. Followed by `send` of the whole, or by nothing. Resolves to the ms to wait before the
   * next one: 0 where there is no need, Infinity where none will do. Best effort; never throws.
   */
  draft?(access: ChannelAccess<z.infer<Schema>>, thread: string, draft: { id: number; text: string }): Promise<number>;

  /**
   * Of a device that waits to be linked: asks for a code that is typed on the phone with this number, digits alone, in place
   * of the picture that its camera reads. It is shown by `access.device`. Throws DeliveryError.
   */
  linkByCode?(access: ChannelAccess<z.infer<Schema>>, phone: string): Promise<void>;

  /** The templates that the account may send. Throws DeliveryError. */
  templates?(access: ChannelAccess<z.infer<Schema>>): Promise<Template[]>;
}
