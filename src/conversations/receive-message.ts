import { identify, type Identified } from '../contacts/index.ts';
import type { ChannelEvent, InPart, Sender } from '../channels/index.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { publicId } from '../lib/ids.ts';
import type { Workspace } from '../workspace.ts';
import { openConversation, touch, type Conversation } from './conversation.ts';
import type { OpenChannel } from './open-channel.ts';
import type { Received } from './receive-events.ts';
import { storeMessage, type NewPart } from './store-message.ts';
import { wantPerson } from './want-person.ts';

/** However often a customer adds to what they said, the bot answers after this at the latest. */
const LONGEST_QUIET_MS = 8000;
/** A channel gives back what it has; more than this of one message isn't read. */
const TEXT_AT_MOST = 20_000;

type MessageEvent = Extract<ChannelEvent, { type: 'message' }>;
type Revocation = Extract<ChannelEvent, { type: 'revoked' }>;

/**
 * A customer's message: identity, contact, conversation, message and the job that answers it, in the transaction one
 * is in. What was seen before is known by its hash, even after a purge, and changes nothing.
 */
export function receiveMessage(ws: Workspace, channel: OpenChannel, event: MessageEvent): Received {
  const who = identify(ws, channel.id, event.sender);
  if (!markSeen(ws, channel.id, event.thread, event.sender, event.externalId, event.revision ?? 0))
    return earlier(ws, who.identityId, event.externalId);
  if (event.revision) {
    const edited = editMessage(ws, channel, who, event);
    if (edited) return edited;
  }
  const conversation = openConversation(ws, channel.id, who.identityId, event.thread) ?? openNew(ws, channel, who, event);
  const parts = event.parts.map((part) => partOf(ws, channel.id, part));
  const { messageId } = storeMessage(ws, {
    conversationId: conversation.id,
    author: 'customer',
    identityId: who.identityId,
    text: textOf(event.parts),
    parts,
    externalId: event.externalId,
    saidAt: event.saidAt,
  });
  if (!who.silenced) callFor(ws, channel, conversation);
  return { outcome: 'stored', conversationId: conversation.id, messageId };
}

/** Takes back a message in the customer's own words; what the bot said to it stays. */
export function receiveRevocation(ws: Workspace, channel: OpenChannel, event: Revocation): Received {
  const who = identify(ws, channel.id, event.sender);
  const found = messageOf(ws, who.identityId, event.externalId);
  if (!found) return { outcome: 'ignored' };
  ws.prepare('UPDATE messages SET revoked_at = ?, revision = ? WHERE id = ? AND revoked_at IS NULL').run(
    event.at,
    ws.nextRevision(),
    found.id,
  );
  touch(ws, found.conversationId);
  return { outcome: 'edited', conversationId: found.conversationId, messageId: found.id };
}

/** The bot is asked to answer after a quiet time that each new message renews; where there is no bot, a person is called. */
export function callFor(ws: Workspace, channel: OpenChannel, conversation: Conversation): void {
  if (conversation.turn !== 'bot') return;
  if (conversation.botId === null) {
    wantPerson(ws, conversation, 'No bot answers here.');
    return;
  }
  const now = ws.clock.now();
  enqueue(ws, { kind: 'answer', key: String(conversation.id), dueAt: now + channel.quietMs, notLaterThanMs: LONGEST_QUIET_MS });
}

/** False when it was seen before. Telegram's ids are per chat and an edit has the same id: all of it goes into the key. */
function markSeen(ws: Workspace, channelId: number, thread: string, sender: Sender, externalId: string, revision: number): boolean {
  const hash = ws.hash('in', String(channelId), thread, sender.externalId, externalId, String(revision));
  return ws.prepare('INSERT INTO seen (hash, at) VALUES (?, ?) ON CONFLICT DO NOTHING').run(hash, ws.clock.now()).changes > 0;
}

function messageOf(ws: Workspace, identityId: number, externalId: string): { id: number; conversationId: number } | undefined {
  return ws
    .prepare(
      "SELECT id, conversation_id AS conversationId FROM messages WHERE external_id = ? AND identity_id = ? AND author = 'customer' ORDER BY id DESC LIMIT 1",
    )
    .get(externalId, identityId) as { id: number; conversationId: number } | undefined;
}

function earlier(ws: Workspace, identityId: number, externalId: string): Received {
  const found = messageOf(ws, identityId, externalId);
  return found ? { outcome: 'duplicate', conversationId: found.conversationId, messageId: found.id } : { outcome: 'duplicate' };
}

/** An edit of a message we have; one that still waits for its answer is answered as edited. */
function editMessage(ws: Workspace, channel: OpenChannel, who: Identified, event: MessageEvent): Received | undefined {
  const found = messageOf(ws, who.identityId, event.externalId);
  if (!found) return undefined;
  const text = textOf(event.parts);
  ws.prepare('UPDATE messages SET text = ?, edited_at = ?, revision = ? WHERE id = ?').run(text, event.saidAt, ws.nextRevision(), found.id);
  ws.prepare("UPDATE message_parts SET text = ? WHERE message_id = ? AND kind = 'text'").run(text, found.id);
  touch(ws, found.conversationId);
  const conversation = openConversation(ws, channel.id, who.identityId, event.thread);
  const waits = conversation?.lastCustomerMessageId === found.id && conversation.lastMessageId === found.id;
  if (conversation && waits && !who.silenced) callFor(ws, channel, conversation);
  return { outcome: 'edited', conversationId: found.conversationId, messageId: found.id };
}

function openNew(ws: Workspace, channel: OpenChannel, who: Identified, event: { thread: string; sender: Sender }): Conversation {
  const now = ws.clock.now();
  const id = Number(
    ws
      .prepare(
        `INSERT INTO conversations (public_id, channel_id, identity_id, contact_id, thread, bot_id, status, turn, language, last_at, created_at, revision)
         VALUES (?, ?, ?, ?, ?, ?, 'open', 'bot', ?, ?, ?, ?)`,
      )
      .run(
        publicId('cv'),
        channel.id,
        who.identityId,
        who.contactId,
        event.thread,
        channel.botId,
        event.sender.language ?? null,
        now,
        now,
        ws.nextRevision(),
      ).lastInsertRowid,
  );
  return {
    id,
    channelId: channel.id,
    identityId: who.identityId,
    contactId: who.contactId,
    thread: event.thread,
    botId: channel.botId,
    status: 'open',
    turn: 'bot',
    holderId: null,
    wantedSince: null,
    language: event.sender.language ?? null,
    lastMessageId: null,
    lastCustomerMessageId: null,
    silenced: who.silenced,
    recipient: event.sender.externalId,
  };
}

/** The open conversation of a person, or a new one. For commands and echoes, which may come first. */
export function conversationOf(ws: Workspace, channel: OpenChannel, event: { thread: string; sender: Sender }): Conversation {
  const who = identify(ws, channel.id, event.sender);
  return openConversation(ws, channel.id, who.identityId, event.thread) ?? openNew(ws, channel, who, event);
}

function partOf(ws: Workspace, channelId: number, part: InPart): NewPart {
  const stored: NewPart = { kind: part.kind };
  if (part.text !== undefined) stored.text = part.text.slice(0, TEXT_AT_MOST).toWellFormed();
  if (part.detail) stored.detail = part.detail;
  if (part.file) {
    stored.attachmentId = Number(
      ws
        .prepare(
          "INSERT INTO attachments (channel_id, reference, name, mime, bytes, state, created_at) VALUES (?, ?, ?, ?, ?, 'wanted', ?)",
        )
        .run(channelId, part.file.reference, part.file.name ?? null, part.file.mime ?? null, part.file.bytes ?? null, ws.clock.now())
        .lastInsertRowid,
    );
  }
  return stored;
}

/** What is read in lists and by the bot: the words, and in brackets what isn't words. */
export function textOf(parts: InPart[]): string {
  const words = parts.flatMap((part) =>
    part.kind === 'text' ? [part.text ?? ''] : [part.text ? `[${part.kind}] ${part.text}` : `[${part.kind}]`],
  );
  return words.join('\n').slice(0, TEXT_AT_MOST).toWellFormed();
}
