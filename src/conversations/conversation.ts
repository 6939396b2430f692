import type { Workspace } from '../workspace.ts';

/** What the verbs need to know of a conversation, read inside their transaction. */
export interface Conversation {
  id: number;
  channelId: number;
  identityId: number;
  contactId: number;
  thread: string;
  botId: number | null;
  status: 'open' | 'resolved';
  turn: 'bot' | 'person';
  holderId: number | null;
  wantedSince: number | null;
  assigneeId: number | null;
  snoozedUntil: number | null;
  language: string | null;
  lastMessageId: number | null;
  lastCustomerMessageId: number | null;
  answeredThrough: number;
  /** The contact is blocked, restricted or erased, or wants no messages: the bot doesn't answer, nothing is delivered by it. */
  silenced: boolean;
  recipient: string;
}

/** What was to be said here can't be, since the same person has begun another conversation meanwhile. */
export class GoesOnElsewhere extends Error {
  readonly openId: number;

  constructor(openId: number) {
    super(`the conversation goes on as ${openId}`);
    this.openId = openId;
  }
}

/** Subselects, not joins: SQLite's STAT4 prepares a join anew whenever its parameters are bound, five times the cost. */
const BY_ID = `
  SELECT c.id, c.channel_id AS channelId, c.identity_id AS identityId, c.contact_id AS contactId, c.thread, c.bot_id AS botId, c.status, c.turn,
    c.holder_id AS holderId, c.wanted_since AS wantedSince, c.assignee_id AS assigneeId, c.snoozed_until AS snoozedUntil, c.language, c.last_message_id AS lastMessageId,
    c.last_customer_message_id AS lastCustomerMessageId, c.answered_through AS answeredThrough, (SELECT i.external_id FROM identities i WHERE i.id = c.identity_id) AS recipient,
    (SELECT p.blocked_at IS NOT NULL OR p.restricted_at IS NOT NULL OR p.erased_at IS NOT NULL OR p.stopped_at IS NOT NULL FROM contacts p WHERE p.id = c.contact_id) AS silenced
  FROM conversations c WHERE c.id = ?`;

/** The conversation as it is now; undefined when there is none. */
export function conversationById(ws: Workspace, id: number): Conversation | undefined {
  return revive(ws.prepare(BY_ID).get(id));
}

/** What receiving a message needs to know of the conversation it belongs to: read for each, so no more than that. */
export interface OpenConversation {
  id: number;
  publicId: string;
  turn: 'bot' | 'person';
  botId: number | null;
  lastMessageId: number | null;
  lastCustomerMessageId: number | null;
}

/** The one open conversation of an identity in a thread of a channel. */
export function openConversation(ws: Workspace, channelId: number, identityId: number, thread: string): OpenConversation | undefined {
  return ws
    .prepare(
      `SELECT id, public_id AS publicId, turn, bot_id AS botId, last_message_id AS lastMessageId, last_customer_message_id AS lastCustomerMessageId
       FROM conversations WHERE channel_id = ? AND identity_id = ? AND thread = ? AND status <> 'resolved'`,
    )
    .get(channelId, identityId, thread) as OpenConversation | undefined;
}

function revive(row: unknown): Conversation | undefined {
  if (row === undefined) return undefined;
  const read = row as Omit<Conversation, 'silenced'> & { silenced: number };
  return { ...read, silenced: read.silenced === 1 };
}

/** Marks the conversation as changed and tells who listens, after the commit. */
export function touch(ws: Workspace, conversationId: number): void {
  const revision = ws.nextRevision();
  ws.prepare('UPDATE conversations SET revision = ? WHERE id = ?').run(revision, conversationId);
  ws.afterCommit(() => ws.bus.publish({ type: 'conversation', conversationId, revision }));
}

/** Nothing of that id is in this workspace. Routes answer it with 404. */
export class NoConversation extends Error {}

/** The conversation, for a verb that can't go on without. Throws NoConversation. */
export function conversationFor(ws: Workspace, id: number): Conversation {
  const conversation = conversationById(ws, id);
  if (!conversation) throw new NoConversation(String(id));
  return conversation;
}
