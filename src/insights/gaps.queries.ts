/** What the pages of unanswered questions show. */
import type { Workspace } from '../workspace.ts';
import { clearest } from './clearest.ts';
import type { Reason } from './gather-gap.ts';

export type GapTab = 'open' | 'answered' | 'dismissed';

export const GROUPS_A_PAGE = 40;
export const SHOWN_IN_GROUP = 30;
/** What was asked longer ago doesn't lift a group in the list. */
const LATELY_MS = 30 * 24 * 3600_000;

/** Restricted contacts move no figure; what a customer took back is shown no more. */
const SEEN = `
  gaps a JOIN messages m ON m.id = a.message_id AND m.revoked_at IS NULL
  JOIN contacts p ON p.id = a.contact_id AND p.restricted_at IS NULL AND p.erased_at IS NULL
  JOIN conversations c ON c.id = a.conversation_id JOIN channels h ON h.id = c.channel_id`;

export interface ListedGroup {
  id: number;
  /** The clearest wording. */
  wording: string;
  times: number;
  people: number;
  lastAt: number;
  languages: string[];
  channels: { kind: string; name: string }[];
  answeredAt: number | null;
  reopenedAt: number | null;
}

type Counted = Pick<ListedGroup, 'id' | 'times' | 'people' | 'lastAt' | 'answeredAt' | 'reopenedAt'>;

/** Groups of a tab: those most asked about in the last 30 days first, the newest first among equals. */
export function listGroups(ws: Workspace, tab: GapTab, page: number): { groups: ListedGroup[]; more: boolean } {
  const rows = ws
    .prepare(
      `SELECT g.id, count(*) AS times, count(DISTINCT a.contact_id) AS people, max(m.created_at) AS lastAt, g.answered_at AS answeredAt, g.reopened_at AS reopenedAt
       FROM gap_groups g JOIN ${SEEN} WHERE g.id = a.group_id AND g.state = ? GROUP BY g.id
       ORDER BY count(*) FILTER (WHERE m.created_at > ?) DESC, lastAt DESC, g.id DESC LIMIT ? OFFSET ?`,
    )
    .all(tab, ws.clock.now() - LATELY_MS, GROUPS_A_PAGE + 1, (page - 1) * GROUPS_A_PAGE) as Counted[];
  return { groups: rows.slice(0, GROUPS_A_PAGE).map((row) => ({ ...row, ...aboutGroup(ws, row.id) })), more: rows.length > GROUPS_A_PAGE };
}

function aboutGroup(ws: Workspace, groupId: number): Pick<ListedGroup, 'wording' | 'languages' | 'channels'> {
  const asked = questionsIn(ws, groupId);
  return {
    wording: clearest(asked)[0]?.text ?? '',
    languages: [...new Set(asked.flatMap(({ language }) => language ?? []))],
    channels: [...new Map(asked.map(({ channelKind: kind, channelName: name }) => [name, { kind, name }])).values()],
  };
}

export interface AskedQuestion {
  id: number;
  text: string;
  words: string;
  language: string | null;
  reason: Reason;
  at: number;
  conversationId: number;
  messageId: number;
  /** Which bot was asked. */
  botId: number | null;
  name: string | null;
  username: string | null;
  channelKind: string;
  channelName: string;
}

/** The questions of a group, the newest first. */
export function questionsIn(ws: Workspace, groupId: number): AskedQuestion[] {
  return ws
    .prepare(
      `SELECT a.id, a.text, a.words, a.language, a.reason, m.created_at AS at, a.conversation_id AS conversationId, a.message_id AS messageId,
         (SELECT v.bot_id FROM messages b JOIN runs r ON r.id = b.run_id JOIN bot_versions v ON v.id = r.bot_version_id WHERE b.id = a.reply_id) AS botId,
         coalesce(p.name, (SELECT i.display_name FROM identities i WHERE i.id = c.identity_id)) AS name,
         (SELECT i.username FROM identities i WHERE i.id = c.identity_id) AS username, h.kind AS channelKind, h.name AS channelName
       FROM ${SEEN} WHERE a.group_id = ? ORDER BY a.message_id DESC LIMIT ?`,
    )
    .all(groupId, SHOWN_IN_GROUP) as AskedQuestion[];
}

/** How often a group was asked for, by how many people. */
export function countIn(ws: Workspace, groupId: number): { times: number; people: number } {
  return ws.prepare(`SELECT count(*) AS times, count(DISTINCT a.contact_id) AS people FROM ${SEEN} WHERE a.group_id = ?`).get(groupId) as {
    times: number;
    people: number;
  };
}

/** Groups in each tab, with questions that may be shown. */
export function countGroups(ws: Workspace): Record<GapTab, number> {
  const rows = ws
    .prepare(`SELECT g.state, count(DISTINCT g.id) AS n FROM gap_groups g JOIN ${SEEN} WHERE g.id = a.group_id GROUP BY g.state`)
    .all() as { state: GapTab; n: number }[];
  const of = (tab: GapTab): number => rows.find(({ state }) => state === tab)?.n ?? 0;
  return { open: of('open'), answered: of('answered'), dismissed: of('dismissed') };
}

export interface Around {
  id: number;
  author: 'customer' | 'bot' | 'person';
  userId: number | null;
  text: string;
  at: number;
}

/** How many messages before the question are shown with it, and after. */
const BEFORE = 2;
const AFTER = 9;

/** What was said around a question, oldest first. */
export function conversationAround(ws: Workspace, { conversationId, messageId }: { conversationId: number; messageId: number }): Around[] {
  const select = `SELECT id, author, user_id AS userId, text, created_at AS at FROM messages
    WHERE conversation_id = ? AND author IN ('customer', 'bot', 'person') AND NOT cut_off AND revoked_at IS NULL`;
  const before = ws.prepare(`${select} AND id < ? ORDER BY id DESC LIMIT ?`).all(conversationId, messageId, BEFORE) as Around[];
  const after = ws.prepare(`${select} AND id >= ? ORDER BY id LIMIT ?`).all(conversationId, messageId, AFTER) as Around[];
  return [...before.reverse(), ...after];
}

/** Other groups that a question can be moved to: the open ones, and those answered lately. */
export function otherGroups(ws: Workspace, groupId: number): { id: number; wording: string }[] {
  const groups = [...listGroups(ws, 'open', 1).groups, ...listGroups(ws, 'answered', 1).groups];
  return groups.filter(({ id }) => id !== groupId).map(({ id, wording }) => ({ id, wording }));
}
