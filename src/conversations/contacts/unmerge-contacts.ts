import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { touch } from '../conversation.ts';
import { heldBack, keepLead, rowOf, type MergeRecord } from './merge-contacts.ts';

/**
 * Two again, by the record of the merge: who went is back under their own number, with all that was theirs and all that
 * came by their identities since. What was taken over of them goes, unless somebody has changed it. Of several merges the
 * newest comes first. Returns the contact who is back; undefined when there is no such merge, or a newer one; 'held' where
 * they asked for something since that would be lost for one of the two.
 */
export function unmergeContacts(
  ws: Workspace,
  { contactId, mergeId, userId }: { contactId: number; mergeId: number; userId: number },
): number | 'held' | undefined {
  return ws.durable(() => {
    const newest = ws.prepare('SELECT id, record FROM contact_merges WHERE contact_id = ? ORDER BY id DESC LIMIT 1').get(contactId) as
      { id: number; record: string } | undefined;
    if (newest?.id !== mergeId) return undefined;
    if (heldBack(ws, contactId)) return 'held';
    const record = JSON.parse(newest.record) as MergeRecord;
    bringBack(ws, contactId, record);
    giveUp(ws, contactId, record);
    moveBack(ws, contactId, record);
    ws.prepare('DELETE FROM contact_merges WHERE id = ?').run(mergeId);
    const all = ws.prepare('SELECT id FROM conversations WHERE contact_id IN (?, ?)').pluck().all(contactId, record.gone.id) as number[];
    for (const id of all) touch(ws, id);
    const detail = { back: record.gone.id };
    audit(ws, { actor: userId, action: 'contact.separated', subject: `contact ${contactId}`, detail, contactId });
    return record.gone.id;
  });
}

/** Who was blocked while both were one stays blocked as two: nobody is answered again by being separated. */
function bringBack(ws: Workspace, contactId: number, { gone, values, labels = [], leads = [], took }: MergeRecord): void {
  const blockedSince = took.blocked ? null : (rowOf(ws, contactId)?.blockedAt ?? null);
  const insert = 'INSERT INTO contacts (id, name, email, phone, language, blocked_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)';
  const mergedAt = ws.prepare('SELECT merged_at FROM contact_merges WHERE gone_id = ?').pluck().get(gone.id) as number;
  const blockedAt = gone.blockedAt ?? (blockedSince !== null && blockedSince >= mergedAt ? blockedSince : null);
  ws.prepare(insert).run(gone.id, gone.name, gone.email, gone.phone, gone.language, blockedAt, gone.createdAt);
  const fields = new Set(ws.prepare('SELECT id FROM contact_fields').pluck().all());
  for (const { fieldId, value, setAt } of values)
    if (fields.has(fieldId))
      ws.prepare('INSERT INTO contact_values (contact_id, field_id, value, set_at) VALUES (?, ?, ?, ?)').run(
        gone.id,
        fieldId,
        value,
        setAt,
      );
  const wear = 'INSERT INTO contact_labels (contact_id, label_id) SELECT ?, id FROM labels WHERE id = ?';
  for (const id of labels) ws.prepare(wear).run(gone.id, id);
  for (const lead of leads) keepLead(ws, gone.id, lead);
}

function giveUp(ws: Workspace, contactId: number, { gone, values, leads = [], took }: MergeRecord): void {
  for (const name of took.known) ws.prepare(`UPDATE contacts SET ${name} = NULL WHERE id = ? AND ${name} = ?`).run(contactId, gone[name]);
  if (took.blocked) ws.prepare('UPDATE contacts SET blocked_at = NULL WHERE id = ? AND blocked_at = ?').run(contactId, gone.blockedAt);
  for (const { field, at } of leads)
    if (took.leads?.includes(field))
      ws.prepare('DELETE FROM leads WHERE contact_id = ? AND field = ? AND at = ?').run(contactId, field, at);
  for (const id of took.labels ?? []) ws.prepare('DELETE FROM contact_labels WHERE contact_id = ? AND label_id = ?').run(contactId, id);
  for (const { fieldId, value, setAt } of values)
    if (took.fields.includes(fieldId))
      ws.prepare('DELETE FROM contact_values WHERE contact_id = ? AND field_id = ? AND value = ? AND set_at = ?').run(
        contactId,
        fieldId,
        value,
        setAt,
      );
}

/** By identities: what came by one since the merge goes with it. */
function moveBack(ws: Workspace, contactId: number, { gone, identities, notes, merges, audited = [] }: MergeRecord): void {
  const back = ws.prepare('UPDATE identities SET contact_id = ? WHERE contact_id = ? AND (id = ? OR alias_of = ?)');
  for (const id of identities) back.run(gone.id, contactId, id, id);
  for (const id of notes) ws.prepare('UPDATE contact_notes SET contact_id = ? WHERE id = ? AND contact_id = ?').run(gone.id, id, contactId);
  for (const id of merges)
    ws.prepare('UPDATE contact_merges SET contact_id = ? WHERE id = ? AND contact_id = ?').run(gone.id, id, contactId);
  for (const id of audited)
    ws.prepare('UPDATE audit_persons SET contact_id = ? WHERE id = ? AND contact_id = ?').run(gone.id, id, contactId);
  ws.prepare(
    'UPDATE conversations SET contact_id = ? WHERE contact_id = ? AND identity_id IN (SELECT id FROM identities WHERE contact_id = ?)',
  ).run(gone.id, contactId, gone.id);
  ws.prepare(
    'UPDATE gaps SET contact_id = ? WHERE contact_id = ? AND conversation_id IN (SELECT id FROM conversations WHERE contact_id = ?)',
  ).run(gone.id, contactId, gone.id);
  ws.prepare(
    `UPDATE question_origins SET contact_id = ? WHERE contact_id = ? AND message_id IN
       (SELECT m.id FROM messages m WHERE m.conversation_id IN (SELECT id FROM conversations WHERE contact_id = ?))`,
  ).run(gone.id, contactId, gone.id);
}
