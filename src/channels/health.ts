/** How a channel is: written where it shows itself, read by the channels page. */
import { eq } from '../db/drizzle.ts';
import { channels } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { channelKinds } from './kinds.ts';
import { announce } from './news.ts';
import { noteOutage } from './note-outage.ts';
import { sendWaiting } from './send-waiting.ts';
import { versionOf } from './version-of.ts';

const HEARD_EVERY_MS = 5000;

/** `says` may be null where nothing is wrong yet. */
export type ChannelHealth = { status: 'connected' } | { status: 'connecting'; says: string | null } | { status: 'broken'; says: string };

/**
 * Writes how a channel is, unless a person paused or disconnected it meanwhile. 'connected' is for whoever just heard
 * the far side. Nothing is written when nothing changed, so it may be called often.
 */
export function setHealth(ws: Workspace, channelId: number, health: ChannelHealth): void {
  const says = 'says' in health ? health.says : null;
  ws.write(() => {
    const { kind, status, says: said, deafSince } = channels;
    const row = ws.db.select({ kind, status, says: said, deafSince }).from(channels).where(eq(channels.id, channelId)).get();
    if (!row || row.status === 'paused' || row.status === 'disconnected') return;
    if (row.status === health.status && row.says === says) return;
    const now = ws.clock.now();
    const hears = health.status === 'connected';
    if (hears) hearsAgain(ws, channelId, row);
    ws.db
      .update(channels)
      .set({
        status: health.status,
        says,
        saysAt: says === null ? null : now,
        deafSince: hears ? null : (row.deafSince ?? (row.status === 'connected' ? now : null)),
      })
      .where(eq(channels.id, channelId))
      .run();
    ws.afterCommit(() => announce(ws, channelId));
  });
}

/** Notes that something came in: the account is heard. Inside the transaction that stores it. */
export function noteHeard(ws: Workspace, channelId: number): void {
  const now = ws.clock.now();
  const heard =
    "UPDATE channels SET last_in_at = @now WHERE id = @id AND (last_in_at IS NULL OR last_in_at < @now - @every OR status = 'connecting')";
  // To the nearest seconds: a write for each message would cost a tenth of storing it.
  if (ws.prepare(heard).run({ now, id: channelId, every: HEARD_EVERY_MS }).changes === 0) return;
  const deaf = ws.prepare("SELECT kind, deaf_since AS deafSince FROM channels WHERE id = ? AND status = 'connecting'").get(channelId) as
    { kind: string; deafSince: number | null } | undefined;
  if (!deaf) return;
  hearsAgain(ws, channelId, deaf);
  ws.prepare("UPDATE channels SET status = 'connected', says = NULL, says_at = NULL, deaf_since = NULL WHERE id = ?").run(channelId);
  ws.afterCommit(() => announce(ws, channelId));
}

/** What came meanwhile comes now: the team is told for how long nothing was heard. What waited for the line goes out. */
function hearsAgain(ws: Workspace, channelId: number, { kind, deafSince }: { kind: string; deafSince: number | null }): void {
  if (deafSince !== null) noteOutage(ws, { channelId, fromAt: deafSince, toAt: ws.clock.now() });
  if (channelKinds[kind]?.sendsByItsLine) sendWaiting(ws, channelId);
}

/** Notes that something went out. Inside the transaction that marks it sent. */
export function noteSent(ws: Workspace, channelId: number): void {
  ws.prepare('UPDATE channels SET last_out_at = ? WHERE id = ?').run(ws.clock.now(), channelId);
}

/**
 * The account is ill (a token was revoked): nothing goes out, and the channels page says what to do. Returns false, and
 * writes nothing, when a person has replaced what failed since it was opened as `version`.
 */
export function noteChannelTrouble(ws: Workspace, channelId: number, version: string, says: string): boolean {
  const row = ws.db
    .select({ settings: channels.settings, secretsSealed: channels.secretsSealed })
    .from(channels)
    .where(eq(channels.id, channelId))
    .get();
  if (!row || versionOf(row) !== version) return false;
  setHealth(ws, channelId, { status: 'broken', says });
  return true;
}
