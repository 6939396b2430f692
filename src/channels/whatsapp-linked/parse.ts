/** What a linked phone hears, as channel events. Pure: every message and state, in order; the rest is kept. */
import { keptText } from '../../lib/kept-text.ts';
import type { ChannelEvent, Sender } from '../channel.ts';
import { saysOfRefusal } from './errors.ts';
import { DIRECT, isGroup, personOf, referenceOf, userOf } from './ids.ts';
import { contentOf, contextOf, isSaid, partsOf } from './parts.ts';
import { body, said, update, type Body, type Content, type Said } from './shapes.ts';

const REVOKE = 0;
const EDIT = 14;
/** Of the notes that a chat shows by itself: a message that couldn't be opened, and calls that nobody took. */
const UNOPENED = 2;
const MISSED_CALLS = new Set([40, 41, 45, 46]);
/** Kept to be looked at; more of it isn't. */
const KEPT_AT_MOST = 20_000;

const unrecognised = (of: unknown): ChannelEvent => ({
  type: 'unrecognised',
  body: keptText(of).slice(0, KEPT_AT_MOST),
});

export function parseLinked(given: unknown): ChannelEvent[] {
  const read = body.safeParse(given);
  if (!read.success) return [unrecognised(given)];
  const { messages, updates } = read.data;
  return [...messages.flatMap((each) => eventsOfMessage(each, read.data)), ...updates.flatMap((each) => eventsOfUpdate(each, read.data))];
}

function eventsOfMessage(given: unknown, about: Body): ChannelEvent[] {
  const read = said.safeParse(given);
  if (!read.success) return [unrecognised(given)];
  const { key, message, messageStubType: stub } = read.data;
  if (/@(broadcast|newsletter)$/.test(key.remoteJid)) return [];
  if (message === undefined || message === null) return withoutWords(read.data, stub ?? null, about);
  const inner = contentOf(message);
  if (!inner) return [unrecognised(given)];
  if (!isSaid(inner)) return [];
  if (isGroup(key.remoteJid)) return about.groups && isForUs(inner, about) ? heard(read.data, inner, about) : [];
  return key.fromMe ? echoed(read.data, inner, about) : heard(read.data, inner, about);
}

/** In a group people talk to each other: only who mentions this number, or replies to it, talks to the business. */
function isForUs(inner: Content, { own }: Body): boolean {
  const { saidBy, mentioned } = contextOf(inner);
  return [saidBy ?? '', ...mentioned].some((jid) => own.includes(userOf(jid)));
}

function withoutWords(told: Said, stub: number | null, about: Body): ChannelEvent[] {
  const sender = senderOf(told);
  if (told.key.fromMe || !sender || isGroup(told.key.remoteJid)) return [];
  // What can't be opened comes again by the same id: as a message it would keep the real one out.
  if (stub === UNOPENED) return [unrecognised({ unopened: told.key, at: about.at })];
  const type = told.key.isViewOnce ? 'view-once' : stub !== null && MISSED_CALLS.has(stub) ? 'missed-call' : null;
  return type === null ? [] : [{ type: 'message', ...common(told, sender), parts: [{ kind: 'unknown', detail: { type } }] }];
}

function senderOf({ key, pushName }: Said): Sender | null {
  const jids = isGroup(key.remoteJid) ? [key.participant, key.participantAlt] : [key.remoteJid, key.remoteJidAlt];
  return personOf(jids, pushName ?? undefined);
}

function common({ key, messageTimestamp }: Said, sender: Sender) {
  const thread = isGroup(key.remoteJid) ? key.remoteJid : DIRECT;
  return { thread, sender, externalId: key.id, saidAt: messageTimestamp * 1000 };
}

function heard(told: Said, inner: Content, { own }: Body): ChannelEvent[] {
  const sender = senderOf(told);
  if (!sender) return [unrecognised(told)];
  if (told.key.fromMe || own.includes(userOf(sender.externalId))) return [];
  const { thread, externalId, saidAt: at } = common(told, sender);
  const { reactionMessage: reaction, protocolMessage: protocol } = inner;
  if (reaction) return [{ type: 'reaction', thread, sender, to: reaction.key.id, emoji: reaction.text || null, at }];
  if (protocol) return changed(told, protocol, sender);
  const { replyTo } = contextOf(inner);
  const parts = partsOf(inner, told.key);
  return [{ type: 'message', thread, sender, externalId, saidAt: at, parts, ...(replyTo === undefined ? {} : { replyTo }) }];
}

/** A message that was changed or taken back. The rest of these keep the devices of an account in step. */
function changed(told: Said, protocol: NonNullable<Content['protocolMessage']>, sender: Sender): ChannelEvent[] {
  const { type = REVOKE, key, editedMessage, timestampMs } = protocol;
  if (key?.id === undefined) return [];
  const { thread, saidAt: at } = common(told, sender);
  if (type === REVOKE) return [{ type: 'revoked', thread, sender, externalId: key.id, at }];
  const inner = type === EDIT ? contentOf(editedMessage) : null;
  if (!inner) return [];
  const parts = partsOf(inner, { ...told.key, id: key.id });
  return [{ type: 'message', thread, sender, externalId: key.id, saidAt: at, parts, revision: timestampMs ?? at }];
}

/** What the owner wrote on their own phone. What they changed, took back or reacted with there says nothing to the customer's question. */
function echoed(told: Said, inner: Content, { own }: Body): ChannelEvent[] {
  const { key, messageTimestamp } = told;
  if (inner.reactionMessage || inner.protocolMessage) return [];
  const theirs = [key.remoteJid, key.remoteJidAlt].filter((jid) => jid !== undefined && !own.includes(userOf(jid)));
  const recipient = personOf(theirs);
  // A note to oneself is for nobody else.
  if (!recipient) return [];
  const reference = referenceOf(key.id);
  return [
    {
      type: 'echo',
      thread: DIRECT,
      recipient,
      externalId: key.id,
      saidAt: messageTimestamp * 1000,
      parts: partsOf(inner, key),
      ...(reference === undefined ? {} : { reference }),
    },
  ];
}

const STATES = ['failed', null, 'sent', 'delivered', 'read', 'read'] as const;

/** What became of a message of ours. Those that the owner sent by the phone are none of our deliveries. */
function eventsOfUpdate(given: unknown, { at: now }: Body): ChannelEvent[] {
  const read = update.safeParse(given);
  if (!read.success) return [unrecognised(given)];
  const { key, update: news } = read.data;
  const state = STATES[news.status ?? -1] ?? null;
  const reference = referenceOf(key.id);
  if (!key.fromMe || state === null || reference === undefined) return [];
  const at = news.messageTimestamp ? news.messageTimestamp * 1000 : now;
  const says = state === 'failed' ? { says: saysOfRefusal(news.messageStubParameters?.[0]) } : {};
  return [{ type: 'receipt', reference, externalId: key.id, state, at, ...says }];
}
