/** Labels that a contact wears itself, whatever its conversations wear. */
import type { Workspace } from '../workspace.ts';

export const LABELS_AT_MOST = 100;
const LONGEST = 30;

/** By name. */
export function labelsOfContact(ws: Workspace, contactId: number): { id: number; name: string; hue: string }[] {
  return ws
    .prepare(`SELECT l.id, l.name, l.hue FROM contact_labels c JOIN labels l ON l.id = c.label_id WHERE c.contact_id = ? ORDER BY l.name`)
    .all(contactId) as { id: number; name: string; hue: string }[];
}

/** The label of a name, made where there is none; null where it can't be. Inside a transaction. */
export function labelNamed(ws: Workspace, name: string): { id: number; made: boolean } | null {
  const there = ws.prepare('SELECT id FROM labels WHERE name = ?').pluck().get(name) as number | undefined;
  if (there !== undefined) return { id: there, made: false };
  const full = (ws.prepare('SELECT count(*) FROM labels').pluck().get() as number) >= LABELS_AT_MOST;
  if (full || [...name].length > LONGEST) return null;
  const insert = ws.prepare("INSERT INTO labels (name, hue, created_at) VALUES (?, 'grey', ?)");
  return { id: Number(insert.run(name, ws.clock.now()).lastInsertRowid), made: true };
}

/** Returns whether that changed anything. Inside a transaction. */
export function labelContact(ws: Workspace, contactId: number, labelId: number): boolean {
  return ws.prepare('INSERT OR IGNORE INTO contact_labels (contact_id, label_id) VALUES (?, ?)').run(contactId, labelId).changes > 0;
}

/** The contact wears these labels and no others; those that aren't there any more are passed over. */
export function setContactLabels(ws: Workspace, contactId: number, labelIds: readonly number[]): void {
  ws.durable(() => {
    ws.prepare('DELETE FROM contact_labels WHERE contact_id = ? AND label_id NOT IN (SELECT value FROM json_each(?))').run(
      contactId,
      JSON.stringify(labelIds),
    );
    ws.prepare(
      'INSERT OR IGNORE INTO contact_labels (contact_id, label_id) SELECT ?, id FROM labels WHERE id IN (SELECT value FROM json_each(?))',
    ).run(contactId, JSON.stringify(labelIds));
  });
}
