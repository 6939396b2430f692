/** One message's whole life, out of the rows that it left. */
import type { Workspace } from '../workspace.ts';

export interface TracedMessage {
  id: number;
  conversationId: number;
  author: 'customer' | 'bot' | 'person' | 'note' | 'event';
  userId: number | null;
  runId: number | null;
  text: string;
  cutOff: number;
  answersThrough: number | null;
  saidAt: number;
  createdAt: number;
  editedAt: number | null;
  revokedAt: number | null;
  tooOld: number;
  reaction: string | null;
  rating: 'good' | 'bad' | null;
  ratedAt: number | null;
  wrongBy: number | null;
  wrongAt: number | null;
}

const MESSAGE = `
  SELECT id, conversation_id AS conversationId, author, user_id AS userId, run_id AS runId, substr(text, 1, 400) AS text, cut_off AS cutOff,
    answers_through AS answersThrough, said_at AS saidAt, created_at AS createdAt, edited_at AS editedAt, revoked_at AS revokedAt, too_old AS tooOld,
    reaction, rating, rated_at AS ratedAt, wrong_by AS wrongBy, wrong_at AS wrongAt
  FROM messages`;

export interface TracedRun {
  id: number;
  state: 'open' | 'answered' | 'fell-back' | 'dropped' | 'failed' | 'died';
  why: string | null;
  answersThrough: number;
  passages: number;
  shown: number;
  searchMs: number | null;
  firstTokenMs: number | null;
  startedAt: number;
  endedAt: number | null;
  /** What the provider's failure meant, in words. */
  says: string | null;
}

export interface TracedDelivery {
  state: 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'uncertain' | 'cancelled';
  says: string | null;
  attempts: number;
  queuedAt: number;
  sendingAt: number | null;
  sentAt: number | null;
  deliveredAt: number | null;
  readAt: number | null;
  settledBy: number | null;
}

export interface TracedEvent {
  id: number;
  /** Null: the business said something by itself. */
  event: string | null;
  userId: number | null;
  text: string;
  createdAt: number;
}

/** The conversation as it is now, and its job. */
export interface TracedPlace {
  channelName: string;
  /** Its page fetches what is said: nothing is sent. */
  channelKind: string;
  status: 'open' | 'resolved';
  turn: 'bot' | 'person';
  holderId: number | null;
  wantedSince: number | null;
  answeredThrough: number;
  silenced: number;
  jobDueAt: number | null;
  jobLeased: number;
  jobAttempts: number | null;
  jobParkedAt: number | null;
  jobSays: string | null;
}

export interface Trace {
  message: TracedMessage;
  place: TracedPlace;
  /** Other messages of the customer that the same answer covers, or that wait with it. */
  together: TracedMessage[];
  /** What answers it; of a message of ours, that message. */
  answer: TracedMessage | null;
  runs: TracedRun[];
  events: TracedEvent[];
  deliveries: TracedDelivery[];
  files: { kind: string; name: string | null; state: 'wanted' | 'kept' | 'failed' | 'refused' | null; says: string | null }[];
}

/** Undefined when there is no such message: it never was, or a purge took it. */
export function traceOf(ws: Workspace, messageId: number): Trace | undefined {
  const message = ws.prepare(`${MESSAGE} WHERE id = ?`).get(messageId) as TracedMessage | undefined;
  if (!message) return undefined;
  const place = placeOf(ws, message.conversationId);
  if (message.author === 'customer') return { ...turnOf(ws, message), message, place, files: filesOf(ws, messageId) };
  const said = message.author === 'bot' || message.author === 'person';
  const deliveries = said ? deliveriesOf(ws, messageId) : [];
  const runs = message.runId === null ? [] : runsOf(ws, message.conversationId, { run: message.runId });
  return { message, place, together: [], answer: said ? message : null, runs, events: [], deliveries, files: filesOf(ws, messageId) };
}

/** From what was answered before to what answers this: the first whole answer of the bot that has read it, or a person's words. */
function turnOf(ws: Workspace, message: TracedMessage): Omit<Trace, 'message' | 'place' | 'files'> {
  const { id, conversationId } = message;
  const answer = (ws
    .prepare(
      `${MESSAGE} WHERE conversation_id = ? AND id > ? AND NOT cut_off AND (author = 'person' OR (author = 'bot' AND answers_through >= ?)) ORDER BY id LIMIT 1`,
    )
    .get(conversationId, id, id) ?? null) as TracedMessage | null;
  const before = (ws
    .prepare(
      `SELECT max(CASE author WHEN 'person' THEN id ELSE answers_through END) FROM messages
       WHERE conversation_id = ? AND NOT cut_off AND ((author = 'person' AND id < ?) OR (author = 'bot' AND answers_through < ?))`,
    )
    .pluck()
    .get(conversationId, id, id) ?? 0) as number;
  const through = answer === null ? Number.MAX_SAFE_INTEGER : (answer.answersThrough ?? answer.id);
  const together = ws
    .prepare(`${MESSAGE} WHERE conversation_id = ? AND id > ? AND id <= ? AND id <> ? AND author = 'customer' ORDER BY id LIMIT 50`)
    .all(conversationId, before, through, id) as TracedMessage[];
  return {
    together,
    answer,
    runs: runsOf(ws, conversationId, { after: before, through }),
    events: eventsOf(ws, conversationId, id, answer),
    deliveries: answer === null ? [] : deliveriesOf(ws, answer.id),
  };
}

function runsOf(ws: Workspace, conversationId: number, of: { run: number } | { after: number; through: number }): TracedRun[] {
  const where = 'run' in of ? 'id = @run' : "kind = 'answer' AND answers_through > @after AND answers_through <= @through";
  return ws
    .prepare(
      `SELECT id, state, why, answers_through AS answersThrough, json_array_length(passages) AS passages, shown IS NOT NULL AS shown, search_ms AS searchMs,
         first_token_ms AS firstTokenMs, started_at AS startedAt, ended_at AS endedAt,
         (SELECT p.says FROM provider_calls p WHERE p.run_id = runs.id AND p.state = 'failed' ORDER BY p.id DESC LIMIT 1) AS says
       FROM runs WHERE conversation_id = @conversation AND ${where} ORDER BY id LIMIT 50`,
    )
    .all({ conversation: conversationId, ...of }) as TracedRun[];
}

/** What happened in the conversation until the customer's next turn: who was called, who took over, what was said meanwhile. */
function eventsOf(ws: Workspace, conversationId: number, id: number, answer: TracedMessage | null): TracedEvent[] {
  return ws
    .prepare(
      `SELECT id, event, user_id AS userId, substr(text, 1, 400) AS text, created_at AS createdAt FROM messages
       WHERE conversation_id = ? AND id > ? AND (author = 'event' OR (author = 'bot' AND answers_through IS NULL AND NOT cut_off))
         AND id < coalesce((SELECT min(n.id) FROM messages n WHERE n.conversation_id = messages.conversation_id AND n.id > ? AND n.author = 'customer'), 9e15)
       ORDER BY id LIMIT 50`,
    )
    .all(conversationId, id, answer?.id ?? Number.MAX_SAFE_INTEGER) as TracedEvent[];
}

function deliveriesOf(ws: Workspace, messageId: number): TracedDelivery[] {
  return ws
    .prepare(
      `SELECT state, says, attempts, queued_at AS queuedAt, sending_at AS sendingAt, sent_at AS sentAt, delivered_at AS deliveredAt, read_at AS readAt, settled_by AS settledBy
       FROM deliveries WHERE message_id = ? ORDER BY id`,
    )
    .all(messageId) as TracedDelivery[];
}

function filesOf(ws: Workspace, messageId: number): Trace['files'] {
  return ws
    .prepare(
      `SELECT p.kind, a.name, a.state, a.says FROM message_parts p LEFT JOIN attachments a ON a.id = p.attachment_id
       WHERE p.message_id = ? AND p.kind <> 'text' ORDER BY p.position`,
    )
    .all(messageId) as Trace['files'];
}

function placeOf(ws: Workspace, conversationId: number): TracedPlace {
  return ws
    .prepare(
      `SELECT h.name AS channelName, h.kind AS channelKind, c.status, c.turn, c.holder_id AS holderId, c.wanted_since AS wantedSince, c.answered_through AS answeredThrough,
         coalesce(p.blocked_at, p.restricted_at, p.erased_at, p.stopped_at) IS NOT NULL AS silenced,
         j.due_at AS jobDueAt, j.lease IS NOT NULL AS jobLeased, j.attempts AS jobAttempts, j.parked_at AS jobParkedAt, j.says AS jobSays
       FROM conversations c JOIN channels h ON h.id = c.channel_id JOIN contacts p ON p.id = c.contact_id
       LEFT JOIN jobs j ON j.kind = 'answer' AND j.key = CAST(c.id AS TEXT) WHERE c.id = ?`,
    )
    .get(conversationId) as TracedPlace;
}
