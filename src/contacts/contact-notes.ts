/** What members note about a contact. It stays among the team; no bot reads it. */
import type { Workspace } from '../workspace.ts';

const KEPT_AFTER_DELETE_MS = 24 * 3600_000;

interface ContactNote {
  id: number;
  userId: number;
  text: string;
  createdAt: number;
  editedAt: number | null;
}

/** Newest first. */
export function contactNotes(ws: Workspace, contactId: number): ContactNote[] {
  return ws
    .prepare(
      `SELECT id, user_id AS userId, text, created_at AS createdAt, edited_at AS editedAt FROM contact_notes
       WHERE contact_id = ? AND deleted_at IS NULL ORDER BY created_at DESC, id DESC`,
    )
    .all(contactId) as ContactNote[];
}

export function noteOnContact(ws: Workspace, { contactId, userId, text }: { contactId: number; userId: number; text: string }): number {
  return ws.durable(() => {
    const insert = ws.prepare('INSERT INTO contact_notes (contact_id, user_id, text, created_at) VALUES (?, ?, ?, ?)');
    return Number(insert.run(contactId, userId, text, ws.clock.now()).lastInsertRowid);
  });
}

/** A note's address: of its contact, so that a link to another's note leads nowhere. */
export interface NoteOf {
  contactId: number;
  noteId: number;
}

/** Each of the following returns false when there is no such note. */
export function editContactNote(ws: Workspace, { contactId, noteId }: NoteOf, text: string): boolean {
  const edit = 'UPDATE contact_notes SET text = ?, edited_at = ? WHERE id = ? AND contact_id = ? AND deleted_at IS NULL';
  return ws.durable(() => ws.prepare(edit).run(text, ws.clock.now(), noteId, contactId).changes > 0);
}

export function deleteContactNote(ws: Workspace, { contactId, noteId }: NoteOf): boolean {
  const drop = 'UPDATE contact_notes SET deleted_at = ? WHERE id = ? AND contact_id = ? AND deleted_at IS NULL';
  return ws.durable(() => ws.prepare(drop).run(ws.clock.now(), noteId, contactId).changes > 0);
}

export function restoreContactNote(ws: Workspace, { contactId, noteId }: NoteOf): boolean {
  const restore = 'UPDATE contact_notes SET deleted_at = NULL WHERE id = ? AND contact_id = ?';
  return ws.durable(() => ws.prepare(restore).run(noteId, contactId).changes > 0);
}

/** At night: what was deleted a day ago is gone for good. */
export function sweepContactNotes(ws: Workspace): void {
  ws.write(() => ws.prepare('DELETE FROM contact_notes WHERE deleted_at < ?').run(ws.clock.now() - KEPT_AFTER_DELETE_MS));
}
