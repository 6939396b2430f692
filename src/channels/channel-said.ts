/** What is said with a message beside its words. A part of the contract in channel.ts. */

/**
 * An answer that is offered to the customer. Each channel shows it in its own form: a button, a quick reply, a row of a
 * list. Touched, it comes back as a message whose text is the title, and whose part has `detail.choice`, the id. At most
 * `CHOICES_AT_MOST` go with a message, each within what the narrowest channel takes, so that none has to be cut.
 */
export interface Choice {
  /** 1 to 40 of a-z, 0-9 and -. */
  id: string;
  /** 1 to `CHOICE_TITLE` UTF-16 units, or to the channel's `choiceTitleLength`; unique within its message. */
  title: string;
}

export const CHOICES_AT_MOST = 10;
/** What fits on every channel's button. */
export const CHOICE_TITLE = 20;

/** What a customer's message may be reacted to with: what every channel takes that knows reactions. */
export const REACTIONS = ['👍', '❤️', '😁', '🎉', '🙏', '👏'] as const;

/** The business reacts to a message, or takes that back by null. */
export interface Reaction {
  thread: string;
  recipient: string;
  to: Quoted;
  emoji: (typeof REACTIONS)[number] | null;
}

/** A message of the thread, as another one refers to it. */
export interface Quoted {
  /** The channel's id of it. */
  id: string;
  /** The customer who said it, by their id on the channel; null for what the business said. */
  author: string | null;
  /** As it was said, in light Markdown where the business said it. */
  text: string;
}
