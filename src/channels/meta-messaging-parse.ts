/**
 * Webhooks of Messenger and Instagram as channel events. Pure: every entry and every item, in order; what isn't known is
 * kept. A thread is named by the customer's id, which belongs to one person and one account for good.
 */
import type { ChannelEvent } from './channel.ts';
import { keptText } from '../lib/kept-text.ts';
import { partsOf, touchedPart } from './meta-messaging-parts.ts';
import * as shapes from './meta-messaging-shapes.ts';

const unrecognised = (body: unknown): ChannelEvent => ({ type: 'unrecognised', body: keptText(body) });

/** The entries of a body, each with the account that it is for. */
export function metaAccounts(object: string, body: unknown): { accountId: string | null; body: unknown }[] {
  const read = shapes.envelope.safeParse(body);
  if (!read.success || read.data.object !== object) return [{ accountId: null, body }];
  return read.data.entry.map((each) => ({
    accountId: shapes.entry.safeParse(each).data?.id ?? null,
    body: { object, entry: [each] },
  }));
}

export function parseMessaging(object: string, body: unknown): ChannelEvent[] {
  const read = shapes.envelope.safeParse(body);
  if (!read.success || read.data.object !== object) return [unrecognised(body)];
  const events = read.data.entry.flatMap((each) => eventsOfEntry(each));
  if (events.length === 0) return [unrecognised(body)];
  // Instagram echoes what we send as well, without a word of ours by which it is known.
  return object === 'instagram' ? events.map((event) => (event.type === 'echo' ? { ...event, unmarked: true } : event)) : events;
}

function eventsOfEntry(body: unknown): ChannelEvent[] {
  const read = shapes.entry.safeParse(body);
  if (!read.success) return [unrecognised(body)];
  const { id: account, time, messaging = [], standby = [] } = read.data;
  const events = [
    ...messaging.flatMap((each) => eventsOfItem(each, account, time)),
    // Another app answers there: nothing of it may wake a bot of ours. What became of our own is true all the same.
    ...standby.flatMap((each) =>
      eventsOfItem(each, account, time).map((event) => (isReceipt(event) ? event : unrecognised({ standby: each }))),
    ),
  ];
  return events.length > 0 ? events : [unrecognised(body)];
}

const isReceipt = ({ type }: ChannelEvent): boolean => type === 'receipt' || type === 'receipt-through';

/** Of whom and when an item is. */
interface About {
  thread: string;
  sender: { externalId: string };
  at: number;
}

function eventsOfItem(body: unknown, account: string, time: number | undefined): ChannelEvent[] {
  const read = shapes.item.safeParse(body);
  if (!read.success) return [unrecognised(body)];
  const { sender, recipient, timestamp, ...holds } = read.data;
  const at = timestamp ?? time;
  const outgoing = sender.id === account;
  const customer = outgoing ? recipient?.id : sender.id;
  if (at === undefined || customer === undefined || customer === account) return [unrecognised(body)];
  const about = { thread: customer, sender: { externalId: customer }, at };
  return (outgoing ? echoOf(holds, about) : eventsOf(holds, about)) ?? [unrecognised(body)];
}

/** Something that left the account. What was taken back or reacted to from there is kept as it came. */
function echoOf(holds: Record<string, unknown>, { thread, sender, at }: About): ChannelEvent[] | null {
  const said = shapes.message.safeParse(holds['message']).data;
  if (!said?.is_echo || said.is_deleted) return null;
  const reference = said.metadata ? { reference: said.metadata } : {};
  return [{ type: 'echo', thread, recipient: sender, externalId: said.mid, saidAt: at, parts: partsOf(said), ...reference }];
}

const KINDS: Record<string, (body: unknown, about: About) => ChannelEvent[] | null> = {
  message: messageOf,
  postback: postbackOf,
  message_edit: editOf,
  reaction: reactionOf,
  delivery: deliveryOf,
  read: readOf,
};

function eventsOf(holds: Record<string, unknown>, about: About): ChannelEvent[] | null {
  for (const [name, eventsIn] of Object.entries(KINDS)) if (Object.hasOwn(holds, name)) return eventsIn(holds[name], about);
  return null;
}

function messageOf(body: unknown, { thread, sender, at }: About): ChannelEvent[] | null {
  const said = shapes.message.safeParse(body).data;
  if (!said || said.is_echo) return null;
  const externalId = said.mid;
  if (said.is_deleted) return [{ type: 'revoked', thread, sender, externalId, at }];
  const replyTo = said.reply_to?.mid;
  return [{ type: 'message', thread, sender, externalId, saidAt: at, parts: partsOf(said), ...(replyTo === undefined ? {} : { replyTo }) }];
}

/** A button that was pressed, of ours or of the account's own menu: it says what stands on it. */
function postbackOf(body: unknown, { thread, sender, at }: About): ChannelEvent[] | null {
  const pressed = shapes.postback.safeParse(body).data;
  if (!pressed) return null;
  const { title, payload, mid: externalId = `postback ${at}` } = pressed;
  return [{ type: 'message', thread, sender, externalId, saidAt: at, parts: [touchedPart(title, payload)] }];
}

function editOf(body: unknown, { thread, sender, at }: About): ChannelEvent[] | null {
  const edited = shapes.edit.safeParse(body).data;
  if (!edited) return null;
  const { mid: externalId, text, num_edit: revision } = edited;
  return [{ type: 'message', thread, sender, externalId, saidAt: at, parts: [{ kind: 'text', text }], revision }];
}

/** Older apps name a reaction, and draw it themselves. */
const EMOJI: Record<string, string> = { love: '❤️', like: '👍', dislike: '👎', smile: '😆', angry: '😠', sad: '😢', wow: '😮' };

function reactionOf(body: unknown, { thread, sender, at }: About): ChannelEvent[] | null {
  const reacted = shapes.reaction.safeParse(body).data;
  if (!reacted) return null;
  const { mid: to, action, reaction: name = '' } = reacted;
  if (action === 'unreact') return [{ type: 'reaction', thread, sender, to, emoji: null, at }];
  const emoji = reacted.emoji || (Object.hasOwn(EMOJI, name) ? EMOJI[name] : undefined);
  return emoji ? [{ type: 'reaction', thread, sender, to, emoji, at }] : null;
}

function deliveryOf(body: unknown, { thread, sender, at }: About): ChannelEvent[] | null {
  const delivered = shapes.delivery.safeParse(body).data;
  if (!delivered) return null;
  const { mids = [], watermark } = delivered;
  return [
    ...mids.map((externalId) => ({ type: 'receipt' as const, externalId, state: 'delivered' as const, at })),
    { type: 'receipt-through', thread, sender, state: 'delivered', through: watermark },
  ];
}

function readOf(body: unknown, { thread, sender, at }: About): ChannelEvent[] | null {
  const seen = shapes.read.safeParse(body).data;
  if (!seen) return null;
  if ('mid' in seen) return [{ type: 'receipt', externalId: seen.mid, state: 'read', at, andBefore: true }];
  return [{ type: 'receipt-through', thread, sender, state: 'read', through: seen.watermark }];
}
