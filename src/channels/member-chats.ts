/** Chats with the business's own account in which members of the team are told something: what is written there is no customer's. */
import { randomToken } from '../lib/ids.ts';
import type { Workspace } from '../workspace.ts';
import { showChannel } from './channels.queries.ts';
import { channelKinds } from './kinds.ts';

const LINK_MS = 15 * 60_000;
const PREFIX = 'team_';

/** The account was shut out of a chat, as its far side tells it or as a send does. */
export const SHUT_OUT = 'The bot can’t write there any more. Open its chat, touch “Start” or “Restart”, and it goes on.';

export interface MemberChat {
  id: number;
  userId: number;
  channelId: number;
  channelName: string;
  channelStatus: string;
  thread: string;
  /** As the channel names who linked it. */
  name: string;
  /** Customers' names and words may be said there. */
  withWords: boolean;
  toldAt: number | null;
  /** Why nothing can be said there. */
  says: string | null;
  createdAt: number;
}

const READ = `
  SELECT m.id, m.user_id AS userId, m.channel_id AS channelId, h.name AS channelName, h.status AS channelStatus, m.thread, m.name,
    m.with_words AS withWords, m.told_at AS toldAt, m.says, m.created_at AS createdAt
  FROM member_chats m JOIN channels h ON h.id = m.channel_id`;
type Raw = Omit<MemberChat, 'withWords'> & { withWords: number };
const revive = (row: Raw): MemberChat => ({ ...row, withWords: row.withWords === 1 });

export function memberChatsOf(ws: Workspace, userId: number): MemberChat[] {
  return (ws.prepare(`${READ} WHERE m.user_id = ? ORDER BY m.id`).all(userId) as Raw[]).map(revive);
}

export function memberChatById(ws: Workspace, id: number): MemberChat | undefined {
  const row = ws.prepare(`${READ} WHERE m.id = ?`).get(id) as Raw | undefined;
  return row && revive(row);
}

/** Asked at each event of such a channel. */
export function memberChatIn(ws: Workspace, channelId: number, thread: string): number | undefined {
  return ws.prepare('SELECT id FROM member_chats WHERE channel_id = ? AND thread = ?').pluck().get(channelId, thread) as number | undefined;
}

/** An address that opens a chat with the channel's account and makes it this member's, once; undefined where it has none. */
export function makeChatLink(ws: Workspace, userId: number, channelId: number): string | undefined {
  const channel = showChannel(ws, channelId);
  if (!channel?.address || !channelKinds[channel.kind]?.startsByLink) return undefined;
  const code = randomToken();
  const now = ws.clock.now();
  ws.durable(() => {
    ws.prepare('DELETE FROM chat_links WHERE user_id = ? OR until < ?').run(userId, now);
    const insert = 'INSERT INTO chat_links (hash, user_id, channel_id, until) VALUES (?, ?, ?, ?)';
    ws.prepare(insert).run(hashOf(ws, code), userId, channelId, now + LINK_MS);
  });
  return `${channel.address}?start=${PREFIX}${code}`;
}

/** Whether a link of `makeChatLink` says this, whatever has become of it. */
export function isChatLink(payload: string | undefined): payload is string {
  return payload?.startsWith(PREFIX) === true && payload.length > 40;
}

/** Makes a chat the member's who made the link; returns it, or undefined where the link has run out. Inside a transaction. */
export function joinChat(
  ws: Workspace,
  { channelId, thread, name, payload }: { channelId: number; thread: string; name: string; payload: string },
): number | undefined {
  const link = ws
    .prepare('DELETE FROM chat_links WHERE hash = ? AND channel_id = ? RETURNING user_id AS userId, until')
    .get(hashOf(ws, payload.slice(PREFIX.length)), channelId) as { userId: number; until: number } | undefined;
  const now = ws.clock.now();
  if (!link || link.until < now) return undefined;
  return ws
    .prepare(
      `INSERT INTO member_chats (user_id, channel_id, thread, name, created_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (channel_id, thread) DO UPDATE SET user_id = excluded.user_id, name = excluded.name, with_words = 0, says = NULL
       RETURNING id`,
    )
    .pluck()
    .get(link.userId, channelId, thread, name, now) as number;
}

/** Why nothing can be said there any more, or null: it can again. Inside a transaction. */
export function noteChat(ws: Workspace, id: number, says: string | null): void {
  ws.prepare('UPDATE member_chats SET says = ? WHERE id = ?').run(says, id);
}

/** Something was said there. Inside a transaction. */
export function noteChatTold(ws: Workspace, id: number): void {
  ws.prepare('UPDATE member_chats SET told_at = ?, says = NULL WHERE id = ?').run(ws.clock.now(), id);
}

/** False where it isn't this member's. */
export function setChatWords(ws: Workspace, userId: number, id: number, withWords: boolean): boolean {
  const text = 'UPDATE member_chats SET with_words = ? WHERE id = ? AND user_id = ?';
  return ws.durable(() => ws.prepare(text).run(withWords ? 1 : 0, id, userId).changes > 0);
}

/** What is written there is a customer's again. False where it isn't this member's. */
export function leaveChat(ws: Workspace, userId: number, id: number): boolean {
  return ws.durable(() => ws.prepare('DELETE FROM member_chats WHERE id = ? AND user_id = ?').run(id, userId).changes > 0);
}

const hashOf = (ws: Workspace, code: string): Buffer => ws.hash('chat-link', code);
