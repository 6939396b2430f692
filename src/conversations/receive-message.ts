import { findIdentity, identify, type Identified } from '../contacts/index.ts';
import type { ChannelEvent, InPart, Sender } from '../channels/index.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { beginSearch } from '../knowledge/index.ts';
import { publicId } from '../lib/ids.ts';
import type { Workspace } from '../workspace.ts';
import { insertKept } from './attachments/attachment.ts';
import { retellSpoken } from './attachments/attachment-text.ts';
import { dropFilesOf, forgetAttachment } from './attachments/drop-attachments.ts';
import { wantFile } from './attachments/fetch-attachment.ts';
import { openConversation, touch, type OpenConversation } from './conversation.ts';
import { wantProfile } from './fetch-profile.ts';
import { wantAway } from './hours/away.ts';
import type { OpenChannel } from './open-channel.ts';
import { asksNoAnswer, commentedOn, keepComment, keepRating, ratedBy } from './rating/receive-rating.ts';
import type { FilesByReference, Received } from './receive-events.ts';
import { rightTaken, takeRight, type Taken } from './rights/take-right.ts';
import { wake } from './list/snooze.ts';
import { saidAs } from './receive-reaction.ts';
import { echoHash, markSeen, wasSeen } from './seen.ts';
import { storeMessage, type NewPart } from './store-message.ts';
import { leftToPerson } from './waiting/too-old.ts';
import { textOf, TEXT_AT_MOST } from './text-of.ts';
import { wantPerson } from './want-person.ts';
import { forgetTranslations } from './writing/translations.ts';

const NO_FILES: FilesByReference = new Map();

/** However often a customer adds to what they said, the bot answers after this at the latest. */
const LONGEST_QUIET_MS = 8000;

type MessageEvent = Extract<ChannelEvent, { type: 'message' }>;
type Revocation = Extract<ChannelEvent, { type: 'revoked' }>;

/**
 * A customer's message: identity, contact, conversation, message and the job that answers it, in the transaction one
 * is in. What came before changes nothing: it is known by its message, and after a purge by its hash (not in the widget:
 * there only the visitor's own page sends again).
 */
export function receiveMessage(ws: Workspace, channel: OpenChannel, event: MessageEvent, files: FilesByReference): Received {
  const here = findIdentity(ws, channel.id, event.sender);
  // What comes again after a purge must not even make a contact anew.
  if (!here && !channel.kind.fromStore && wasSeen(ws, seenHash(ws, channel.id, event))) return { outcome: 'duplicate' };
  const who = here ?? identify(ws, channel.id, event.sender);
  const known = messageOf(ws, who.identityId, event.thread, event.externalId);
  if (event.revision) {
    if (!markSeen(ws, seenHash(ws, channel.id, event))) return duplicateOf(known);
    if (known) return editMessage(ws, channel, who, event, known);
  } else if (known || (!channel.kind.fromStore && wasSeen(ws, seenHash(ws, channel.id, event)))) return duplicateOf(known);
  const rated = ratedBy(ws, who.identityId, event.parts);
  if (rated) {
    const messageId = storeSaid(ws, channel, who, event, files, rated.conversationId);
    keepRating(ws, rated, messageId);
    return { outcome: 'stored', conversationId: rated.conversationId, publicId: rated.publicId, messageId };
  }
  const open = openConversation(ws, channel.id, who.identityId, event.thread);
  const right = rightTaken(ws, who.identityId, event.parts);
  if (right) return receiveRight(ws, channel, who, event, right);
  const commented = open || who.silenced ? undefined : commentedOn(ws, channel.id, who.identityId, event);
  if (commented) {
    const messageId = storeSaid(ws, channel, who, event, files, commented.conversationId);
    keepComment(ws, commented.conversationId, messageId);
    return { outcome: 'stored', ...commented, messageId };
  }
  const conversation = open ?? openNew(ws, channel, who, event);
  const messageId = storeSaid(ws, channel, who, event, files, conversation.id);
  wake(ws, conversation.id, 'They wrote after this had been put off.');
  if (!who.silenced && !leftToPerson(ws, channel, conversation, { saidAt: event.saidAt, messageId })) {
    callFor(ws, channel, conversation);
    if (channel.quietMs === 0 && conversation.turn === 'bot' && conversation.botId !== null) beginSearch(ws, textOf(event.parts));
  }
  return { outcome: 'stored', conversationId: conversation.id, publicId: conversation.publicId, messageId };
}

/** What they ask by right is answered at once, whoever has the conversation: no bot is woken, nobody has to come. */
function receiveRight(ws: Workspace, channel: OpenChannel, who: Identified, event: MessageEvent, right: Taken): Received {
  const conversation = openConversation(ws, channel.id, who.identityId, event.thread) ?? openNew(ws, channel, who, event);
  const messageId = storeSaid(ws, channel, who, event, NO_FILES, conversation.id);
  asksNoAnswer(ws, conversation.id, messageId);
  takeRight(ws, { conversationId: conversation.id, identityId: who.identityId, language: event.sender.language ?? null }, right);
  return { outcome: 'stored', conversationId: conversation.id, publicId: conversation.publicId, messageId };
}

function storeSaid(
  ws: Workspace,
  channel: OpenChannel,
  { identityId }: Identified,
  event: MessageEvent,
  files: FilesByReference,
  conversationId: number,
): number {
  return storeMessage(ws, {
    conversationId,
    author: 'customer',
    identityId,
    text: textOf(event.parts),
    parts: event.parts.map((part) => partOf(ws, channel.id, part, files)),
    externalId: event.externalId,
    replyTo: repliedTo(ws, channel.id, identityId, event.replyTo),
    saidAt: event.saidAt,
  }).messageId;
}

function repliedTo(ws: Workspace, channelId: number, identityId: number, externalId: string | undefined): number | null {
  return externalId === undefined ? null : (saidAs(ws, { channelId, identityId, externalId })?.messageId ?? null);
}

/** Takes back a message in the customer's own words; what the bot said to it stays. */
export function receiveRevocation(ws: Workspace, channel: OpenChannel, event: Revocation): Received {
  const who = findIdentity(ws, channel.id, event.sender);
  if (!who) return { outcome: 'ignored' };
  const found = messageOf(ws, who.identityId, event.thread, event.externalId);
  if (!found) return { outcome: 'ignored' };
  ws.prepare('UPDATE messages SET revoked_at = ?, revision = ? WHERE id = ? AND revoked_at IS NULL').run(
    event.at,
    ws.nextRevision(),
    found.id,
  );
  dropFilesOf(ws, found.id);
  forgetTranslations(ws, found.id);
  touch(ws, found.conversationId);
  return { outcome: 'edited', conversationId: found.conversationId, messageId: found.id };
}

/** The bot is asked to answer after a quiet time that each new message renews; where there is no bot, a person is called. */
export function callFor(ws: Workspace, channel: OpenChannel, conversation: Pick<OpenConversation, 'id' | 'turn' | 'botId'>): void {
  const dueAt = ws.clock.now() + channel.quietMs;
  if (conversation.turn !== 'bot') {
    wantAway(ws, conversation.id);
    wantLead(ws, conversation.id);
  } else if (conversation.botId === null) wantPerson(ws, conversation, 'No bot answers here.');
  else enqueue(ws, { kind: 'answer', key: String(conversation.id), dueAt, notLaterThanMs: LONGEST_QUIET_MS });
}

const ASKED = `
  SELECT 1 FROM leads WHERE contact_id = (SELECT contact_id FROM conversations WHERE id = @id) AND state = 'asked' AND conversation_id = @id`;

/** It may tell what was asked when the person was called. */
function wantLead(ws: Workspace, id: number): void {
  if (ws.prepare(ASKED).get({ id }) !== undefined) enqueue(ws, { kind: 'take-lead', key: String(id) });
}

interface KnownMessage {
  id: number;
  conversationId: number;
}

/** Telegram's ids are per chat, and an edit has the id of what it edits: all of it goes into the key. */
function seenHash(ws: Workspace, channelId: number, event: Pick<MessageEvent, 'thread' | 'sender' | 'externalId' | 'revision'>): Buffer {
  return ws.hash('in', String(channelId), event.thread, event.sender.externalId, event.externalId, String(event.revision ?? 0));
}

/**
 * Remembers by hash what came in a conversation, before its messages go: a redelivery after a purge must not bring the
 * customer back. While a message is there it is known by itself, so that receiving one writes no hash: random keys would
 * cost as much as all the rest. Runs inside the purge's transaction.
 */
export function rememberAsSeen(ws: Workspace, conversationId: number): void {
  const rows = ws
    .prepare(
      `SELECT c.channel_id AS channelId, c.thread, i.external_id AS sender, m.external_id AS externalId
       FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN identities i ON i.id = m.identity_id
       WHERE m.conversation_id = ? AND m.author = 'customer' AND m.external_id IS NOT NULL`,
    )
    .all(conversationId) as { channelId: number; thread: string; sender: string; externalId: string }[];
  for (const { channelId, thread, sender, externalId } of rows)
    markSeen(ws, seenHash(ws, channelId, { thread, sender: { externalId: sender }, externalId }));
  // What we sent may be echoed again, and would look as if a person had written it elsewhere.
  const sent = ws
    .prepare(
      `SELECT channel_id AS channelId, (SELECT thread FROM conversations WHERE id = conversation_id) AS thread, external_id AS externalId
       FROM deliveries WHERE external_id IS NOT NULL AND message_id IN (SELECT id FROM messages WHERE conversation_id = ?)`,
    )
    .all(conversationId) as { channelId: number; thread: string; externalId: string }[];
  for (const { channelId, thread, externalId } of sent) markSeen(ws, echoHash(ws, channelId, thread, externalId));
}

/** One look at an index for a new message, which nearly all are; only what is found is asked for its thread. */
function messageOf(ws: Workspace, identityId: number, thread: string, externalId: string): KnownMessage | undefined {
  const newest = ws.prepare("SELECT max(id) FROM messages WHERE identity_id = ? AND external_id = ? AND author = 'customer'").pluck();
  if (newest.get(identityId, externalId) === null) return undefined;
  return ws
    .prepare(
      `SELECT m.id, m.conversation_id AS conversationId FROM messages m JOIN conversations c ON c.id = m.conversation_id
       WHERE m.identity_id = ? AND m.external_id = ? AND m.author = 'customer' AND c.thread = ? ORDER BY m.id DESC LIMIT 1`,
    )
    .get(identityId, externalId, thread) as KnownMessage | undefined;
}

function duplicateOf(known: KnownMessage | undefined): Received {
  return known ? { outcome: 'duplicate', conversationId: known.conversationId, messageId: known.id } : { outcome: 'duplicate' };
}

/** An edit of a message we have; one that still waits for its answer is answered as edited. */
function editMessage(ws: Workspace, channel: OpenChannel, who: Identified, event: MessageEvent, known: KnownMessage): Received {
  const text = textOf(event.parts);
  const edit = 'UPDATE messages SET text = ?, edited_at = ?, revision = ? WHERE id = ?';
  ws.prepare(edit).run(text, event.saidAt, ws.nextRevision(), known.id);
  editParts(ws, channel.id, known.id, event.parts);
  retellSpoken(ws, known.id);
  forgetTranslations(ws, known.id);
  touch(ws, known.conversationId);
  const conversation = openConversation(ws, channel.id, who.identityId, event.thread);
  const waits = conversation?.lastCustomerMessageId === known.id && conversation.lastMessageId === known.id;
  if (conversation && waits && !who.silenced) callFor(ws, channel, conversation);
  return { outcome: 'edited', conversationId: known.conversationId, messageId: known.id };
}

/** Words, captions and files as they are now; a message keeps its parts, so that what points to them holds. */
function editParts(ws: Workspace, channelId: number, messageId: number, parts: InPart[]): void {
  const had = ws
    .prepare(
      `SELECT id, attachment_id AS attachmentId, (SELECT reference FROM attachments WHERE id = attachment_id) AS reference
       FROM message_parts WHERE message_id = ? ORDER BY position`,
    )
    .all(messageId) as { id: number; attachmentId: number | null; reference: string | null }[];
  parts.forEach((part, position) => {
    const old = had[position];
    if (!old) return;
    const { kind, text = null, attachmentId = null, detail } = partOf(ws, channelId, part, new Map(), old.reference);
    ws.prepare('UPDATE message_parts SET kind = ?, text = ?, detail = ?, attachment_id = coalesce(?, attachment_id) WHERE id = ?').run(
      kind,
      text,
      detail ? JSON.stringify(detail) : null,
      attachmentId,
      old.id,
    );
    if (attachmentId !== null && old.attachmentId !== null) forgetAttachment(ws, old.attachmentId);
  });
}

function openNew(ws: Workspace, channel: OpenChannel, who: Identified, event: { thread: string; sender: Sender }): OpenConversation {
  const now = ws.clock.now();
  const address = publicId('cv');
  const peopleOnly = ws.prepare('SELECT 1 FROM contacts WHERE id = ? AND people_only_at IS NOT NULL').get(who.contactId) !== undefined;
  const botId = peopleOnly ? null : channel.botId;
  const id = Number(
    ws
      .prepare(
        `INSERT INTO conversations (public_id, channel_id, identity_id, contact_id, thread, bot_id, status, turn, language, last_at, created_at, revision)
         VALUES (?, ?, ?, ?, ?, ?, 'open', 'bot', ?, ?, ?, ?)`,
      )
      .run(
        address,
        channel.id,
        who.identityId,
        who.contactId,
        event.thread,
        botId,
        event.sender.language ?? null,
        now,
        now,
        ws.nextRevision(),
      ).lastInsertRowid,
  );
  wantProfile(ws, channel, event.sender, id);
  return { id, publicId: address, turn: 'bot', botId, lastMessageId: null, lastCustomerMessageId: null };
}

/** The open conversation of a person, or a new one. For commands and echoes, which may come first. */
export function conversationOf(ws: Workspace, channel: OpenChannel, event: { thread: string; sender: Sender }): OpenConversation {
  const who = identify(ws, channel.id, event.sender);
  return openConversation(ws, channel.id, who.identityId, event.thread) ?? openNew(ws, channel, who, event);
}

/** `had`: the reference of the file that this part has already. */
function partOf(ws: Workspace, channelId: number, part: InPart, files: FilesByReference, had: string | null = null): NewPart {
  const stored: NewPart = { kind: part.kind };
  if (part.text !== undefined) stored.text = part.text.slice(0, TEXT_AT_MOST).toWellFormed();
  if (part.detail) stored.detail = part.detail;
  if (part.file && part.file.reference !== had) stored.attachmentId = attachmentOf(ws, channelId, part.file, files);
  return stored;
}

function attachmentOf(ws: Workspace, channelId: number, file: NonNullable<InPart['file']>, files: FilesByReference): number {
  const given = files.get(file.reference);
  if (given) return insertKept(ws, channelId, given);
  const insert =
    "INSERT INTO attachments (channel_id, reference, name, mime, bytes, state, created_at) VALUES (?, ?, ?, ?, ?, 'wanted', ?)";
  const { reference, name = null, mime = null, bytes = null } = file;
  const id = Number(ws.prepare(insert).run(channelId, reference, name, mime, bytes, ws.clock.now()).lastInsertRowid);
  wantFile(ws, id);
  return id;
}
