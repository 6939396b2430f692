/** Takes back what a row of an import did, as far as nobody has changed it since. All of it inside a transaction. */
import type { Workspace } from '../../workspace.ts';
import { signOf, type RowChange } from './import-row.ts';

/** What would be lost with a contact: they wrote, were merged, or gave the bot a detail. */
const LIVES = ['identities', 'conversations', 'contact_merges', 'leads', 'gaps', 'question_origins'];

export interface DoneRow {
  outcome: 'created' | 'updated';
  contactId: number;
  change: RowChange;
}

/** Of later rows first: then a contact that two rows changed is what it was. True when nothing of the row is left. */
export function undoRow(ws: Workspace, { outcome, contactId, change }: DoneRow): boolean {
  const whole = outcome === 'created' ? forget(ws, contactId, change) : giveBack(ws, contactId, change);
  for (const id of change.made ?? [])
    ws.prepare(
      `DELETE FROM labels WHERE id = @id AND NOT EXISTS (SELECT 1 FROM contact_labels WHERE label_id = @id)
         AND NOT EXISTS (SELECT 1 FROM conversation_labels WHERE label_id = @id)`,
    ).run({ id });
  return whole;
}

function forget(ws: Workspace, contactId: number, { sign }: RowChange): boolean {
  if (signOf(ws, contactId) !== sign) return false;
  if (LIVES.some((table) => ws.prepare(`SELECT 1 FROM ${table} WHERE contact_id = ?`).get(contactId) !== undefined)) return false;
  for (const table of ['contact_values', 'contact_labels', 'contact_notes', 'audit_persons'])
    ws.prepare(`DELETE FROM ${table} WHERE contact_id = ?`).run(contactId);
  ws.prepare('DELETE FROM contacts WHERE id = ?').run(contactId);
  return true;
}

function giveBack(ws: Workspace, contactId: number, { own = {}, fields = {}, labels = [], note }: RowChange): boolean {
  let whole = true;
  const done = (changes: number): void => {
    if (changes === 0) whole = false;
  };
  for (const [name, [before, now]] of Object.entries(own))
    done(ws.prepare(`UPDATE contacts SET ${name} = ? WHERE id = ? AND ${name} = ?`).run(before, contactId, now).changes);
  for (const [id, [before, now]] of Object.entries(fields)) {
    const give =
      before === null
        ? ws.prepare('DELETE FROM contact_values WHERE contact_id = ? AND field_id = ? AND value = ?').run(contactId, Number(id), now)
        : ws
            .prepare('UPDATE contact_values SET value = ?, set_at = ? WHERE contact_id = ? AND field_id = ? AND value = ?')
            .run(before, ws.clock.now(), contactId, Number(id), now);
    done(give.changes);
  }
  for (const id of labels) ws.prepare('DELETE FROM contact_labels WHERE contact_id = ? AND label_id = ?').run(contactId, id);
  if (note !== undefined)
    done(ws.prepare('DELETE FROM contact_notes WHERE id = ? AND contact_id = ? AND edited_at IS NULL').run(note, contactId).changes);
  return whole;
}
