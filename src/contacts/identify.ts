import type { Workspace } from '../workspace.ts';

/** Who wrote, as a channel knows them. */
export interface Writer {
  /** The surest id; it belongs to one person for good. */
  externalId: string;
  /** Another id of theirs, that may pass to somebody else later: a phone number. */
  alias?: string;
  displayName?: string;
  username?: string;
  language?: string;
  /** Vouched for by who signed them in. */
  email?: string;
}

const SEEN_EVERY_MS = 3600_000;

export interface Identified {
  identityId: number;
  contactId: number;
  /** Blocked, restricted and erased people are stored or ignored, never answered by the bot. */
  silenced: boolean;
}

export interface Known {
  identityId: number;
  contactId: number;
  externalId: string;
  aliasOf: number | null;
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
  const known = knownAs(ws, channelId, writer.externalId) ?? knownByAlias(ws, channelId, writer);
  if (!known) return undefined;
  if (writer.alias !== undefined) keepAlias(ws, channelId, known, writer.alias);
  remember(ws, known, writer, ws.clock.now());
  keepEmail(ws, known.contactId, writer.email);
  return { identityId: known.identityId, contactId: known.contactId, silenced: known.silenced === 1 };
}

// A subselect, not a join: SQLite's STAT4 prepares a join anew whenever its parameters are bound, five times the cost.
const KNOWN = `
  SELECT id AS identityId, contact_id AS contactId, external_id AS externalId, alias_of AS aliasOf, display_name AS displayName, username, last_seen_at AS lastSeenAt,
    (SELECT c.blocked_at IS NOT NULL OR c.restricted_at IS NOT NULL OR c.erased_at IS NOT NULL OR c.stopped_at IS NOT NULL FROM contacts c WHERE c.id = contact_id) AS silenced
  FROM identities`;

export function rowOf(ws: Workspace, channelId: number, externalId: string): Known | undefined {
  return ws.prepare(`${KNOWN} WHERE channel_id = ? AND external_id = ?`).get(channelId, externalId) as Known | undefined;
}

/** The identity of an id, or the one that the id is another name of. */
export function knownAs(ws: Workspace, channelId: number, externalId: string): Known | undefined {
  const row = rowOf(ws, channelId, externalId);
  return row === undefined || row.aliasOf === null ? row : (ws.prepare(`${KNOWN} WHERE id = ?`).get(row.aliasOf) as Known | undefined);
}

/**
 * Somebody whose surest id is new. Known by their number alone so far, they are the same person, by the surer id from now
 * on. A number that belongs to another sure id has changed hands: whoever has it now is somebody else.
 */
function knownByAlias(ws: Workspace, channelId: number, { externalId, alias }: Writer): Known | undefined {
  const row = alias === undefined ? undefined : rowOf(ws, channelId, alias);
  if (!row || row.aliasOf !== null) return undefined;
  ws.prepare('UPDATE identities SET external_id = ? WHERE id = ?').run(externalId, row.identityId);
  return row;
}

/** A number leads to the person who used it last, but never takes another person's only id from them. */
export function keepAlias(ws: Workspace, channelId: number, { identityId, contactId }: Identified | Known, alias: string): void {
  const row = rowOf(ws, channelId, alias);
  if (row?.aliasOf === identityId) return;
  const now = ws.clock.now();
  ws.prepare(
    `INSERT INTO identities (contact_id, channel_id, external_id, alias_of, created_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (channel_id, external_id) DO UPDATE SET contact_id = excluded.contact_id, alias_of = excluded.alias_of WHERE alias_of IS NOT NULL`,
  ).run(contactId, channelId, alias, identityId, now, now);
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
  if (writer.alias !== undefined) keepAlias(ws, channelId, { identityId, contactId, silenced: false }, writer.alias);
  keepEmail(ws, contactId, writer.email);
  return { identityId, contactId, silenced: false };
}

/** An address that somebody vouches for is surer than what was known before. */
function keepEmail(ws: Workspace, contactId: number, email: string | undefined): void {
  if (email !== undefined) ws.prepare('UPDATE contacts SET email = ? WHERE id = ? AND email IS NOT ?').run(email, contactId, email);
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
