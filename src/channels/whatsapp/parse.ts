/** WhatsApp's webhooks as channel events. Pure: every entry, change, message and status, in order; the rest is kept. */
import type { z } from 'zod';
import type { ChannelEvent, Sender } from '../channel.ts';
import { keptText } from '../../lib/kept-text.ts';
import { saysOfCode } from './errors.ts';
import { partsOf } from './parts.ts';
import { change, contact, echo, envelope, message, status, userIdUpdate, type Contact, type Message } from './shapes.ts';

type Value = z.infer<typeof change>['value'];

/** A number has one thread with each person, by whatever id they write: ids of messages are unique everywhere. */
const THREAD = 'direct';

const unrecognised = (body: unknown): ChannelEvent => ({ type: 'unrecognised', body: keptText(body) });

/** The changes of a body, each with the number that it is for. */
export function whatsappAccounts(body: unknown): { accountId: string | null; body: unknown }[] {
  const read = envelope.safeParse(body);
  if (!read.success) return [{ accountId: null, body }];
  const { object, entry } = read.data;
  return entry.flatMap((each) =>
    each.changes.map((one) => ({
      accountId: change.safeParse(one).data?.value.metadata?.phone_number_id ?? null,
      body: { object, entry: [{ ...each, changes: [one] }] },
    })),
  );
}

export function parseWhatsapp(body: unknown): ChannelEvent[] {
  const read = envelope.safeParse(body);
  if (!read.success) return [unrecognised(body)];
  const events = read.data.entry.flatMap(({ changes }) => changes.flatMap(eventsOfChange));
  return events.length > 0 ? events : [unrecognised(body)];
}

function eventsOfChange(body: unknown): ChannelEvent[] {
  const read = change.safeParse(body);
  if (!read.success) return [unrecognised(body)];
  const { field, value } = read.data;
  const events = eventsOfField(field, value);
  return events.length > 0 ? events : [unrecognised(body)];
}

function eventsOfField(field: string, value: Value): ChannelEvent[] {
  if (field === 'messages') {
    return [...(value.messages ?? []).map((each) => messageEvent(each, value)), ...(value.statuses ?? []).map((each) => statusEvent(each))];
  }
  if (field === 'smb_message_echoes') return (value.message_echoes ?? []).map((each) => echoEvent(each));
  if (field === 'user_id_update') return (value.user_id_update ?? []).map((each) => updateEvent(each));
  return [];
}

function messageEvent(body: unknown, value: Value): ChannelEvent {
  const read = message.safeParse(body);
  // A group is no customer: nobody there asked this business.
  if (!read.success || read.data.group_id !== undefined) return unrecognised(body);
  const said = read.data;
  const sender = senderOf(said, value);
  if (!sender) return unrecognised(body);
  const { id: externalId, timestamp: at, reaction, edit, revoke } = said;
  const about = { thread: THREAD, sender };
  if (said.type === 'reaction' && reaction)
    return { type: 'reaction', ...about, to: reaction.message_id, emoji: reaction.emoji || null, at };
  if (said.type === 'system') return systemEvent(said) ?? unrecognised(body);
  if (said.type === 'revoke' && revoke) return { type: 'revoked', ...about, externalId: revoke.original_message_id, at };
  if (said.type === 'edit' && edit?.message) {
    const revision = at + sameSecond(externalId);
    return { type: 'message', ...about, externalId: edit.original_message_id, saidAt: at, parts: partsOf(edit.message), revision };
  }
  const replyTo = said.context?.id;
  return { type: 'message', ...about, externalId, saidAt: at, parts: partsOf(said), ...(replyTo === undefined ? {} : { replyTo }) };
}

/** Two edits within one second have the same time; their own ids tell them apart. */
function sameSecond(externalId: string): number {
  let sum = 0;
  for (const character of externalId) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1000;
  return sum;
}

/** Who wrote. A person with a username may have no number; where both ids are there, the user id is the surer one. */
function senderOf({ from, from_user_id }: Message, { contacts = [], messages = [] }: Value): Sender | null {
  const known = contacts.flatMap((each) => contact.safeParse(each).data ?? []);
  const theirs =
    known.find((each) => (from_user_id !== undefined && each.user_id === from_user_id) || (from !== undefined && each.wa_id === from)) ??
    (known.length === 1 && messages.length === 1 ? known[0] : undefined);
  return person(from_user_id ?? theirs?.user_id, from ?? theirs?.wa_id, theirs);
}

function person(userId: string | undefined, phone: string | undefined, known?: Contact): Sender | null {
  const externalId = userId ?? phone;
  if (externalId === undefined) return null;
  return {
    externalId,
    ...(userId !== undefined && phone !== undefined && phone !== userId ? { alias: phone } : {}),
    ...(known?.profile?.name ? { displayName: known.profile.name } : {}),
    ...(known?.profile?.username ? { username: known.profile.username } : {}),
  };
}

/** A number or a user id that changed. What tells no new id is kept for a person to see. */
function systemEvent({ id: externalId, timestamp: at, from, from_user_id, system }: Message): ChannelEvent | null {
  const now = person(system?.user_id, system?.wa_id ?? system?.new_wa_id);
  // Of what changed alone: a number takes the place of the number, never that of a user id.
  const before = system?.user_id === undefined ? person(undefined, from ?? from_user_id) : person(from_user_id, from);
  if (!now || !before || now.externalId === before.externalId) return null;
  return { type: 'identity', thread: THREAD, externalId, from: before, now, at };
}

function updateEvent(body: unknown): ChannelEvent {
  const read = userIdUpdate.safeParse(body);
  if (!read.success) return unrecognised(body);
  const { user_id, wa_id, timestamp: at } = read.data;
  const now = person(user_id.current, wa_id);
  if (!now) return unrecognised(body);
  return {
    type: 'identity',
    thread: THREAD,
    externalId: `${user_id.previous} ${user_id.current}`,
    from: { externalId: user_id.previous },
    now,
    at,
  };
}

const STATES: Record<string, 'sent' | 'delivered' | 'read' | 'failed'> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  failed: 'failed',
};

function statusEvent(body: unknown): ChannelEvent {
  const read = status.safeParse(body);
  const state = read.success && Object.hasOwn(STATES, read.data.status) ? STATES[read.data.status] : undefined;
  if (!read.success || !state) return unrecognised(body);
  const { id: externalId, timestamp: at, biz_opaque_callback_data: reference, errors } = read.data;
  return {
    type: 'receipt',
    externalId,
    state,
    at,
    ...(reference ? { reference } : {}),
    ...(state === 'failed' ? { says: saysOfCode(errors?.[0]?.code) } : {}),
  };
}

/** What the owner wrote on their own phone. What they took back or changed there is kept as it came. */
function echoEvent(body: unknown): ChannelEvent {
  const read = echo.safeParse(body);
  if (!read.success || ['edit', 'revoke', 'reaction'].includes(read.data.type)) return unrecognised(body);
  const { id: externalId, timestamp: saidAt, to, to_user_id } = read.data;
  const recipient = person(to_user_id, to);
  if (!recipient) return unrecognised(body);
  return { type: 'echo', thread: THREAD, recipient, externalId, saidAt, parts: partsOf(read.data) };
}
