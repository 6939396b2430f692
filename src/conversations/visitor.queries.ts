/** What a customer may see of their own conversations: what was said to each other, and who speaks. Nothing else. */
import type { Choice } from '../channels/index.ts';
import type { MessageSource } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { storedChoices } from './offer-choices.ts';

export interface VisitorMessage {
  id: number;
  conversationId: number;
  author: 'customer' | 'bot' | 'person' | 'event';
  /** Of an event: wanted, took-over, handed-back, resolved, reopened. */
  event: string | null;
  userId: number | null;
  text: string;
  cutOff: boolean;
  sources: MessageSource[];
  /** Files that are here, or still come; absent where there are none. */
  files?: VisitorFile[];
  /** What they may answer by a touch; absent where nothing is offered. */
  choices?: Choice[];
  /** Their rating of an answer of the bot, null while there is none; absent where there is nothing to rate. */
  rating?: 'good' | 'bad' | null;
  /** The id that the customer's own page gave it. */
  externalId: string | null;
  saidAt: number;
}

export interface VisitorFile {
  id: number;
  name: string | null;
  mime: string | null;
  bytes: number | null;
}

const VISIBLE_EVENTS = "('wanted', 'took-over', 'handed-back', 'resolved', 'reopened')";

const HAS_FILES = 'EXISTS (SELECT 1 FROM message_parts f WHERE f.message_id = m.id AND f.attachment_id IS NOT NULL)';

const MESSAGE = `
  SELECT m.id, m.conversation_id AS conversationId, m.author, m.event, m.user_id AS userId, m.cut_off AS cutOff, m.sources, m.rating,
    m.author = 'bot' AND NOT m.cut_off AND (SELECT r.state FROM runs r WHERE r.id = m.run_id) = 'answered' AS isAnswer,
    CASE m.author WHEN 'customer' THEN m.external_id END AS externalId, m.said_at AS saidAt,
    CASE WHEN m.author = 'event' THEN '' ELSE coalesce((SELECT group_concat(p.text, char(10) || char(10) ORDER BY p.position) FROM message_parts p WHERE p.message_id = m.id AND p.text IS NOT NULL), CASE WHEN ${HAS_FILES} THEN '' ELSE m.text END) END AS text,
    CASE WHEN ${HAS_FILES} THEN (SELECT json_group_array(json_object('id', a.id, 'name', a.name, 'mime', a.mime, 'bytes', a.bytes) ORDER BY p.position) FROM message_parts p CROSS JOIN attachments a ON a.id = p.attachment_id WHERE p.message_id = m.id AND a.state = 'kept') END AS files,
    CASE WHEN m.author IN ('bot', 'person') THEN (SELECT p.detail ->> '$.choices' FROM message_parts p WHERE p.message_id = m.id ORDER BY p.position DESC LIMIT 1) END AS choices
  FROM messages m`;
const MAY_SEE = `(m.author IN ('customer', 'bot', 'person') OR (m.author = 'event' AND m.event IN ${VISIBLE_EVENTS})) AND m.revoked_at IS NULL`;

type Raw = Omit<VisitorMessage, 'cutOff' | 'sources' | 'rating' | 'files' | 'choices'> & {
  files: string | null;
  choices: string | null;
  cutOff: number;
  sources: string | null;
  rating: 'good' | 'bad' | null;
  isAnswer: number | null;
};

function revive({ rating, isAnswer, files, choices, ...row }: Raw): VisitorMessage {
  return {
    ...row,
    ...(files === null ? {} : { files: JSON.parse(files) as VisitorFile[] }),
    ...(choices === null ? {} : { choices: storedChoices(choices) }),
    cutOff: row.cutOff === 1,
    sources: row.sources ? (JSON.parse(row.sources) as MessageSource[]) : [],
    ...(isAnswer === 1 ? { rating } : {}),
  };
}

/** What an identity and the business said to each other after message `after`, over all its conversations, oldest first. */
export function visitorMessages(ws: Workspace, identityId: number, after: number, limit: number): VisitorMessage[] {
  const rows = ws
    .prepare(
      `${MESSAGE} JOIN conversations c ON c.id = m.conversation_id WHERE c.identity_id = ? AND m.id > ? AND ${MAY_SEE} ORDER BY m.id DESC LIMIT ?`,
    )
    .all(identityId, after, limit) as Raw[];
  return rows.reverse().map(revive);
}

/** One message as its customer may see it; undefined when they may not. */
export function visitorMessage(ws: Workspace, identityId: number, messageId: number): VisitorMessage | undefined {
  const row = ws
    .prepare(`${MESSAGE} WHERE m.id = ? AND (SELECT c.identity_id FROM conversations c WHERE c.id = m.conversation_id) = ? AND ${MAY_SEE}`)
    .get(messageId, identityId) as Raw | undefined;
  return row && revive(row);
}

export interface VisitorState {
  conversationId: number;
  publicId: string;
  status: 'open' | 'resolved';
  turn: 'bot' | 'person';
  holderId: number | null;
  wanted: boolean;
}

/** An identity's newest conversation; undefined before its first message. */
export function visitorState(ws: Workspace, identityId: number): VisitorState | undefined {
  const row = ws
    .prepare(
      `SELECT id AS conversationId, public_id AS publicId, status, turn, holder_id AS holderId, wanted_since IS NOT NULL AS wanted
       FROM conversations WHERE identity_id = ? ORDER BY id DESC LIMIT 1`,
    )
    .get(identityId) as (Omit<VisitorState, 'wanted'> & { wanted: number }) | undefined;
  return row && { ...row, wanted: row.wanted === 1 };
}

/** The identity behind a channel's own id; undefined before its first message. */
export function identityOf(ws: Workspace, channelId: number, externalId: string): number | undefined {
  const row = ws.prepare('SELECT id FROM identities WHERE channel_id = ? AND external_id = ?').get(channelId, externalId) as
    { id: number } | undefined;
  return row?.id;
}

/** A conversation's name to the outside. */
export function publicIdOf(ws: Workspace, conversationId: number): string {
  return String(ws.prepare('SELECT public_id FROM conversations WHERE id = ?').pluck().get(conversationId));
}
