import type { Workspace } from '../workspace.ts';

/**
 * What the team keeps of a contact who is about to go is kept of another from now on; what the other has already stays.
 * Inside a transaction.
 */
export function takeBelongings(ws: Workspace, stays: number, goes: number): void {
  ws.prepare('UPDATE contact_notes SET contact_id = ? WHERE contact_id = ?').run(stays, goes);
  ws.prepare('UPDATE OR IGNORE contact_values SET contact_id = ? WHERE contact_id = ?').run(stays, goes);
  ws.prepare('DELETE FROM contact_values WHERE contact_id = ?').run(goes);
  // Who goes is deleted afterwards: what the other had already goes with them.
  for (const table of ['contact_labels', 'leads']) {
    ws.prepare(`UPDATE OR IGNORE ${table} SET contact_id = ? WHERE contact_id = ?`).run(stays, goes);
    ws.prepare(`DELETE FROM ${table} WHERE contact_id = ?`).run(goes);
  }
  ws.prepare('UPDATE contact_import_rows SET contact_id = ? WHERE contact_id = ?').run(stays, goes);
  ws.prepare('UPDATE privacy_requests SET contact_id = ? WHERE contact_id = ?').run(stays, goes);
  // What they asked to be spared, they asked for whatever they are known by.
  ws.prepare(
    `UPDATE contacts SET (blocked_at, restricted_at, stopped_at, people_only_at) = (
       SELECT coalesce(contacts.blocked_at, g.blocked_at), coalesce(contacts.restricted_at, g.restricted_at),
         coalesce(contacts.stopped_at, g.stopped_at), coalesce(contacts.people_only_at, g.people_only_at) FROM contacts g WHERE g.id = @goes)
     WHERE id = @stays`,
  ).run({ stays, goes });
  ws.prepare('UPDATE audit_persons SET contact_id = ? WHERE contact_id = ?').run(stays, goes);
  ws.prepare('UPDATE contact_merges SET contact_id = ? WHERE contact_id = ?').run(stays, goes);
}
