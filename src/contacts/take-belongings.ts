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
  ws.prepare('UPDATE audit_persons SET contact_id = ? WHERE contact_id = ?').run(stays, goes);
  ws.prepare('UPDATE contact_merges SET contact_id = ? WHERE contact_id = ?').run(stays, goes);
}
