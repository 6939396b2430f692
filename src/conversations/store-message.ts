import type { PartKind } from '../channels/index.ts';
import type { MessageSource } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';

const LAST_WORDS = 160;

export interface NewPart {
  kind: PartKind;
  text?: string;
  attachmentId?: number;
  detail?: Record<string, string | number | boolean>;
}

export interface NewMessage {
  conversationId: number;
  author: 'customer' | 'bot' | 'person' | 'note' | 'event';
  text: string;
  parts: NewPart[];
  identityId?: number;
  userId?: number | null;
  runId?: number | null;
  event?: string;
  cutOff?: boolean;
  sources?: MessageSource[];
  answersThrough?: number | null;
  externalId?: string | null;
  /** The message that it replies to. */
  replyTo?: number | null;
  saidAt?: number;
}

export interface StoredMessage {
  messageId: number;
  partIds: number[];
}

const INSERT = `
  INSERT INTO messages (conversation_id, identity_id, author, user_id, run_id, text, event, cut_off, sources, answers_through, external_id, reply_to, said_at, created_at, revision)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const INSERT_PART = 'INSERT INTO message_parts (message_id, position, kind, text, attachment_id, detail) VALUES (?, ?, ?, ?, ?, ?)';

/**
 * Writes one message with its parts and brings the conversation's own row forward. Every message enters here; it runs
 * inside the transaction of the verb that says it, and is told on the bus after the commit.
 */
export function storeMessage(ws: Workspace, message: NewMessage): StoredMessage {
  const now = ws.clock.now();
  const revision = ws.nextRevision();
  const { conversationId } = message;
  const messageId = insertMessage(ws, message, now, revision);
  const partIds = message.parts.map((part, position) => insertPart(ws, messageId, part, position));
  bringForward(ws, message, messageId, now, revision);
  ws.afterCommit(() => {
    ws.bus.publish({ type: 'message', conversationId, messageId });
    ws.bus.publish({ type: 'conversation', conversationId, revision });
  });
  return { messageId, partIds };
}

function insertMessage(ws: Workspace, message: NewMessage, now: number, revision: number): number {
  return Number(
    ws
      .prepare(INSERT)
      .run(
        message.conversationId,
        message.identityId ?? null,
        message.author,
        message.userId ?? null,
        message.runId ?? null,
        message.text,
        message.event ?? null,
        message.cutOff ? 1 : 0,
        message.sources?.length ? JSON.stringify(message.sources) : null,
        message.answersThrough ?? null,
        message.externalId ?? null,
        message.replyTo ?? null,
        message.saidAt ?? now,
        now,
        revision,
      ).lastInsertRowid,
  );
}

function insertPart(ws: Workspace, messageId: number, part: NewPart, position: number): number {
  const { kind, text = null, attachmentId = null, detail } = part;
  return Number(
    ws.prepare(INSERT_PART).run(messageId, position, kind, text, attachmentId, detail ? JSON.stringify(detail) : null).lastInsertRowid,
  );
}

/** Notes and events move no "last words": the list shows what was said to each other. */
function bringForward(ws: Workspace, message: NewMessage, messageId: number, now: number, revision: number): void {
  if (message.author === 'note' || message.author === 'event') {
    ws.prepare('UPDATE conversations SET last_message_id = ?, revision = ? WHERE id = ?').run(messageId, revision, message.conversationId);
    return;
  }
  const words = lastWords(message.text);
  if (message.author === 'customer') {
    ws.prepare(
      'UPDATE conversations SET last_message_id = ?, last_customer_message_id = ?, last_words = ?, last_at = ?, unread = unread + 1, revision = ? WHERE id = ?',
    ).run(messageId, messageId, words, now, revision, message.conversationId);
  } else {
    const covers = message.author === 'person' ? messageId : message.cutOff ? 0 : (message.answersThrough ?? 0);
    ws.prepare(
      'UPDATE conversations SET last_message_id = ?, last_words = ?, last_at = ?, revision = ?, answered_through = max(answered_through, ?) WHERE id = ?',
    ).run(messageId, words, now, revision, covers, message.conversationId);
    // Where somebody has it, only the silence alarm calls again: with their answer that is over.
    if (message.author === 'person')
      ws.prepare('UPDATE conversations SET wanted_since = NULL, wanted_why = NULL WHERE id = ? AND wanted_since IS NOT NULL').run(
        message.conversationId,
      );
  }
}

/** The beginning of a text, as lists show it. */
export function lastWords(text: string): string {
  return text.length > LAST_WORDS ? `${text.slice(0, LAST_WORDS).toWellFormed()}…` : text;
}

/** Writes one line of the conversation's own history: who took over, who was called. */
export function storeEvent(ws: Workspace, conversationId: number, event: string, text: string, userId?: number | null): number {
  return storeMessage(ws, { conversationId, author: 'event', event, text, parts: [], userId: userId ?? null }).messageId;
}
