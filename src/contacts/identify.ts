import type { Workspace } from '../workspace.ts';

/** Who wrote, as a channel knows them. */
export interface Writer {
  externalId: string;
  displayName?: string;
  username?: string;
  language?: string;
}

const SEEN_EVERY_MS = 3600_000;

export interface Identified {
  identityId: number;
  contactId: number;
  /** Blocked, restricted and erased people are stored or ignored, never answered by the bot. */
  silenced: boolean;
}

interface Known {
  identityId: number;
  contactId: number;
  displayName: string | null;
  username: string | null;
  lastSeenAt: number;
  silenced: number;
}

/**
 * Finds the identity of a channel's person, or makes it with a contact of its own. Runs inside the transaction that
 * stores what they said, so that two first messages at the same instant make one contact.
 */
export function identify(ws: Workspace, channelId: number, writer: Writer): Identified {
  return findIdentity(ws, channelId, writer) ?? makeIdentity(ws, channelId, writer);
}

/** The identity of who is here already; makes nobody. */
export function findIdentity(ws: Workspace, channelId: number, writer: Writer): Identified | undefined {
  const known = ws
    .prepare(
      // A subselect, not a join: SQLite's STAT4 prepares a join anew whenever its parameters are bound, five times the cost.
      `SELECT id AS identityId, contact_id AS contactId, display_name AS displayName, username, last_seen_at AS lastSeenAt,
        (SELECT c.blocked_at IS NOT NULL OR c.restricted_at IS NOT NULL OR c.erased_at IS NOT NULL FROM contacts c WHERE c.id = contact_id) AS silenced
       FROM identities WHERE channel_id = ? AND external_id = ?`,
    )
    .get(channelId, writer.externalId) as Known | undefined;
  if (!known) return undefined;
  remember(ws, known, writer, ws.clock.now());
  return { identityId: known.identityId, contactId: known.contactId, silenced: known.silenced === 1 };
}

function makeIdentity(ws: Workspace, channelId: number, writer: Writer): Identified {
  const now = ws.clock.now();
  const contactId = Number(
    ws
      .prepare('INSERT INTO contacts (name, language, created_at) VALUES (?, ?, ?)')
      .run(writer.displayName ?? null, writer.language ?? null, now).lastInsertRowid,
  );
  const identityId = Number(
    ws
      .prepare(
        'INSERT INTO identities (contact_id, channel_id, external_id, display_name, username, created_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(contactId, channelId, writer.externalId, writer.displayName ?? null, writer.username ?? null, now, now).lastInsertRowid,
  );
  return { identityId, contactId, silenced: false };
}

/** Names change; a contact's own name is taken from the channel only while a person hasn't written another. */
function remember(ws: Workspace, known: Known, writer: Writer, now: number): void {
  const name = writer.displayName ?? known.displayName;
  const username = writer.username ?? known.username;
  const changed = name !== known.displayName || username !== known.username;
  // Seen within the hour is seen: a write for each message would cost as much as storing it.
  if (!changed && now - known.lastSeenAt < SEEN_EVERY_MS) return;
  ws.prepare('UPDATE identities SET last_seen_at = ?, display_name = ?, username = ? WHERE id = ?').run(
    now,
    name,
    username,
    known.identityId,
  );
  if (name !== known.displayName)
    ws.prepare('UPDATE contacts SET name = ? WHERE id = ? AND name IS ?').run(name, known.contactId, known.displayName);
}
