/** Whether an audit log is as it was written: no event changed, gone, put in, out of its place, or cut off the end. */
import type { Sql } from '../../db/connect.ts';
import { isSigned } from '../../vault/seal.ts';
import { AUDIT_COLUMNS, eventHash, NOTHING_BEFORE, partHash, type AuditRow } from '../../web/audit-chain.ts';
import { headText, HEAD_COLUMNS, type SignedHead } from '../../web/audit-heads.ts';

export interface Verified {
  /** How many events there are. */
  events: number;
  /** The first event that isn't as it was written; null when the log is whole. */
  fault: { event: number; says: string } | null;
}

export interface LogToVerify {
  workspace: string;
  /** workspace.db and control.db; only read. */
  sql: Sql;
  control: Sql;
  /** The workspace's keyed hash. */
  hash(...parts: string[]): Buffer;
  /** The key that signs heads, in base64. */
  signedBy: string;
}

type StoredRow = AuditRow & { hash: string | null };

/** Reads the log once, from its first event to its last. */
export function verifyChain(log: LogToVerify): Verified {
  const heads = headsOf(log);
  const faults: NonNullable<Verified['fault']>[] = [];
  let last: { id: number; hash: string } = { id: 0, hash: NOTHING_BEFORE };
  let events = 0;
  for (const row of log.sql.prepare(`SELECT ${AUDIT_COLUMNS} FROM audit_events ORDER BY id`).iterate() as IterableIterator<StoredRow>) {
    events += 1;
    const says = faultOf(log, row, last);
    if (says !== undefined) return { events: countOf(log), fault: earliest([...faults, says]) };
    const head = heads.get(row.id);
    if (head && head.hash !== row.hash) faults.push({ event: row.id, says: 'it isn’t the one whose signature was kept' });
    last = { id: row.id, hash: row.hash ?? '' };
  }
  for (const [event, { at }] of heads)
    if (event > last.id)
      faults.push({ event: last.id + 1, says: `it and what followed are gone: ${event} events were signed for on ${dayOf(at)}` });
  const unsigned = [...heads.values()].find((head) => !isSignedBy(log, head));
  if (unsigned) faults.push({ event: unsigned.eventId, says: `its signature of ${dayOf(unsigned.at)} was changed` });
  return { events, fault: earliest([...faults, ...partFaults(log)]) };
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const countOf = ({ sql }: LogToVerify): number => Number(sql.prepare('SELECT count(*) FROM audit_events').pluck().get());

function earliest(faults: NonNullable<Verified['fault']>[]): Verified['fault'] {
  return faults.sort((one, other) => one.event - other.event)[0] ?? null;
}

function headsOf({ control, workspace }: LogToVerify): Map<number, SignedHead> {
  const rows = control
    .prepare(`SELECT ${HEAD_COLUMNS} FROM audit_heads WHERE workspace_id = ? ORDER BY event_id`)
    .all(workspace) as SignedHead[];
  return new Map(rows.map((head) => [head.eventId, head]));
}

function isSignedBy({ workspace, signedBy }: LogToVerify, head: SignedHead): boolean {
  return isSigned(headText(workspace, head), { key: signedBy, signature: head.signature });
}

function faultOf({ hash }: LogToVerify, row: StoredRow, last: { id: number; hash: string }): (Verified['fault'] & object) | undefined {
  if (row.id !== last.id + 1) return { event: last.id + 1, says: `it is gone: event ${row.id} stands in its place` };
  if (row.hash === null) return { event: row.id, says: 'it was put in from outside' };
  if (row.hash !== eventHash(hash, last.hash, row))
    return { event: row.id, says: 'it isn’t as it was written, or doesn’t follow the one before' };
  return undefined;
}

/** What tells of customers may be gone; what is there must be what was written. */
function partFaults({ sql }: LogToVerify): NonNullable<Verified['fault']>[] {
  const parts = sql.prepare(
    'SELECT p.id, p.salt, p.part, e.person_hash AS personHash FROM audit_persons p LEFT JOIN audit_events e ON e.id = p.id ORDER BY p.id',
  );
  for (const { id, salt, part, personHash } of parts.iterate() as IterableIterator<{
    id: number;
    salt: Buffer;
    part: string;
    personHash: string | null;
  }>)
    if (personHash !== partHash(salt, part)) return [{ event: id, says: 'what it tells of a customer isn’t what was written' }];
  return [];
}
