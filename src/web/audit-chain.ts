/**
 * What makes the audit log a chain: an event's hash is BLAKE2b, under the workspace's key, of the hash before and of the
 * event. What tells of a customer enters as a salted hash and lies in `audit_persons`, which a purge empties.
 */
import { keyedHash, randomKey } from '../vault/seal.ts';
import type { Workspace } from '../workspace.ts';

/** An event as its row has it; `detail` is the JSON as it is stored. */
export interface AuditRow {
  id: number;
  at: number;
  actorKind: string;
  actorId: number | null;
  action: string;
  subject: string | null;
  detail: string | null;
  personHash: string | null;
}

export interface AuditHead {
  id: number;
  hash: string;
}

/** Before the first event. */
export const NOTHING_BEFORE = '0'.repeat(64);

export const AUDIT_COLUMNS =
  'id, at, actor_kind AS actorKind, actor_id AS actorId, action, subject, detail, person_hash AS personHash, hash';

/** `hash` is the workspace's keyed hash. */
export function eventHash(hash: (...parts: string[]) => Buffer, before: string, event: AuditRow): string {
  const { id, at, actorKind, actorId, action, subject, detail, personHash } = event;
  return hash('audit', before, JSON.stringify([id, at, actorKind, actorId, action, subject, detail, personHash])).toString('hex');
}

/** The salt is 32 bytes: once it is gone, nobody can find out by trying what the hash was made of. */
export function partHash(salt: Uint8Array, part: string): string {
  return keyedHash(salt, part).toString('hex');
}

/** Adds an event behind `before`, within a transaction. `about` is what of it tells of a customer. */
export function chainEvent(
  ws: Workspace,
  before: AuditHead | undefined,
  event: Omit<AuditRow, 'id' | 'personHash'>,
  about?: About,
): AuditHead {
  // SQLite remembers the highest id there was: behind an end that was cut off stays a gap.
  const id = Number(ws.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'audit_events'").pluck().get() ?? 0) + 1;
  const row = { ...event, id, personHash: about ? keepPart(ws, id, about) : null };
  const hash = eventHash((...parts) => ws.hash(...parts), before?.hash ?? NOTHING_BEFORE, row);
  ws.prepare(
    `INSERT INTO audit_events (id, at, actor_kind, actor_id, action, subject, detail, person_hash, hash)
     VALUES (@id, @at, @actorKind, @actorId, @action, @subject, @detail, @personHash, @hash)`,
  ).run({ ...row, hash });
  return { id, hash };
}

interface About {
  contactId: number;
  part: string;
}

/** Returns the hash by which the event is bound to it. */
function keepPart(ws: Workspace, id: number, { contactId, part }: About): string {
  const salt = Buffer.from(randomKey());
  ws.prepare('INSERT INTO audit_persons (id, contact_id, salt, part) VALUES (?, ?, ?, ?)').run(id, contactId, salt, part);
  return partHash(salt, part);
}

/** The last event. Where a release before this one wrote events, the chain begins with them. */
export function auditHead(ws: Workspace): AuditHead | undefined {
  const last = ws.prepare('SELECT id, hash FROM audit_events ORDER BY id DESC LIMIT 1').get() as
    { id: number; hash: string | null } | undefined;
  if (!last) return undefined;
  if (last.hash !== null) return { id: last.id, hash: last.hash };
  if (!isBegun(ws)) return ws.durable(() => beginChain(ws));
  // Somebody put it in. The log goes on behind it: verifying names it, and what is done is written down all the same.
  return { id: last.id, hash: NOTHING_BEFORE };
}

function isBegun(ws: Workspace): boolean {
  const { control } = ws.installation;
  return (
    ws.prepare('SELECT 1 FROM audit_events WHERE hash IS NOT NULL LIMIT 1').get() !== undefined ||
    control.prepare('SELECT 1 FROM audit_heads WHERE workspace_id = ?').get(ws.id) !== undefined
  );
}

function beginChain(ws: Workspace): AuditHead | undefined {
  const rows = ws.prepare(`SELECT ${AUDIT_COLUMNS} FROM audit_events ORDER BY id`).all() as AuditRow[];
  const keep = ws.prepare('UPDATE audit_events SET subject = ?, detail = ?, person_hash = ?, hash = ? WHERE id = ?');
  let head: AuditHead | undefined;
  for (const row of rows) {
    const event = apart(ws, row);
    const hash = eventHash((...parts) => ws.hash(...parts), head?.hash ?? NOTHING_BEFORE, event);
    keep.run(event.subject, event.detail, event.personHash, hash, event.id);
    head = { id: event.id, hash };
  }
  return head;
}

/** What it tells of a customer comes out of an event of an earlier release; of one who is gone it is dropped. */
function apart(ws: Workspace, row: AuditRow): AuditRow {
  const contactId = Number(/^contact (\d+)$/.exec(row.subject ?? '')?.[1]);
  if (!contactId) return row;
  const isHere = ws.prepare('SELECT 1 FROM contacts WHERE id = ?').get(contactId) !== undefined;
  const part = JSON.stringify({ subject: row.subject, detail: row.detail === null ? null : (JSON.parse(row.detail) as unknown) });
  return { ...row, subject: null, detail: null, personHash: isHere ? keepPart(ws, row.id, { contactId, part }) : null };
}
