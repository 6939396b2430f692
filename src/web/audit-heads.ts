/** The end of each audit log, signed, in control.db: whoever cuts a log's end off leaves a head that leads nowhere. */
import type { Workspace } from '../workspace.ts';
import { auditHead } from './audit-chain.ts';

export interface SignedHead {
  eventId: number;
  hash: string;
  at: number;
  signature: string;
}

export const HEAD_COLUMNS = 'event_id AS eventId, hash, at, signature';

/** What is signed. */
export function headText(workspace: string, { eventId, hash, at }: Omit<SignedHead, 'signature'>): string {
  return JSON.stringify({ workspace, event: eventId, hash, at });
}

/**
 * Puts the log's end into control.db, a row for each day. Of one that was cut the head stays as it was, as evidence: it
 * leads to an event that isn't there, or is another one.
 */
export function keepHead(ws: Workspace): void {
  const head = auditHead(ws);
  if (!head) return;
  const { control, vault } = ws.installation;
  const known = control
    .prepare('SELECT event_id AS id, hash FROM audit_heads WHERE workspace_id = ? ORDER BY event_id DESC LIMIT 1')
    .get(ws.id) as { id: number; hash: string } | undefined;
  if (known && ws.prepare('SELECT hash FROM audit_events WHERE id = ?').pluck().get(known.id) !== known.hash) {
    ws.installation.log.error({ workspace: ws.id, event: known.id }, 'the audit log does not lead to its signed end');
    return;
  }
  if (known?.id === head.id) return;
  const at = ws.clock.now();
  const signed = { eventId: head.id, hash: head.hash, at };
  const { signature } = vault.sign(headText(ws.id, signed));
  control.write(() =>
    control
      .prepare(
        `INSERT INTO audit_heads (workspace_id, day, event_id, hash, at, signature) VALUES (@workspace, @day, @eventId, @hash, @at, @signature)
         ON CONFLICT DO UPDATE SET event_id = excluded.event_id, hash = excluded.hash, at = excluded.at, signature = excluded.signature`,
      )
      .run({ workspace: ws.id, day: new Date(at).toISOString().slice(0, 10), ...signed, signature }),
  );
}
