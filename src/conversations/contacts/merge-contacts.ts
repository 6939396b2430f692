import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { touch } from '../conversation.ts';

export interface MergeRow {
  id: number;
  name: string | null;
  email: string | null;
  phone: string | null;
  language: string | null;
  blockedAt: number | null;
  createdAt: number;
}
export const known = ['name', 'email', 'phone', 'language'] as const;

/** What came of asking them for a detail. */
type LeadRow = { field: string; state: string; value: string | null } & Record<
  'asked' | 'conversation_id' | 'message_id' | 'at',
  number | null
>;

/** Who went, as they were, and what of them the other took over: enough to have both again. */
export interface MergeRecord {
  gone: MergeRow;
  values: { fieldId: number; value: string; setAt: number }[];
  identities: number[];
  notes: number[];
  /** Merges of who went, by id. */
  merges: number[];
  /** Absent in what an earlier release joined. */
  labels?: number[];
  leads?: LeadRow[];
  /** Parts of audit events that tell of them. */
  audited?: number[];
  took: { known: (typeof known)[number][]; fields: number[]; blocked: boolean; labels?: number[]; leads?: string[] };
}

export type Merged = { ok: true; mergeId: number } | { ok: false; says: string };

/**
 * Two contacts are one person: `goes` is joined into `stays`. Identities move; a conversation keeps the identity it came by,
 * so an answer goes where it would have gone before, and two open conversations stay two. What `stays` has, stays.
 */
export function mergeContacts(ws: Workspace, { stays, goes, userId }: { stays: number; goes: number; userId: number }): Merged {
  return ws.durable(() => {
    const [into, gone] = [rowOf(ws, stays), rowOf(ws, goes)];
    if (!into || !gone) return { ok: false, says: 'One of the two isn’t here any more.' };
    if (stays === goes) return { ok: false, says: 'This is the same contact.' };
    if (heldBack(ws, stays) || heldBack(ws, goes))
      return {
        ok: false,
        says: 'One of the two asked for no messages, no bot, or their data to be left alone or deleted. They can’t be merged.',
      };
    const record = recordOf(ws, into, gone);
    takeOver(ws, stays, record);
    const all = ws.prepare('SELECT id FROM conversations WHERE contact_id = ?').pluck().all(goes) as number[];
    for (const table of ['identities', 'conversations', 'gaps', 'question_origins', 'contact_notes', 'contact_merges', 'audit_persons'])
      ws.prepare(`UPDATE ${table} SET contact_id = ? WHERE contact_id = ?`).run(stays, goes);
    for (const table of ['contact_values', 'contact_labels', 'leads']) ws.prepare(`DELETE FROM ${table} WHERE contact_id = ?`).run(goes);
    ws.prepare('DELETE FROM contacts WHERE id = ?').run(goes);
    const insert = ws.prepare(
      'INSERT INTO contact_merges (contact_id, gone_id, gone_name, record, merged_by, merged_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    const { lastInsertRowid } = insert.run(stays, goes, gone.name, JSON.stringify(record), userId, ws.clock.now());
    for (const id of all) touch(ws, id);
    audit(ws, { actor: userId, action: 'contact.merged', subject: `contact ${stays}`, detail: { gone: goes }, contactId: stays });
    return { ok: true, mergeId: Number(lastInsertRowid) };
  });
}

export function rowOf(ws: Workspace, id: number): MergeRow | undefined {
  return ws
    .prepare('SELECT id, name, email, phone, language, blocked_at AS blockedAt, created_at AS createdAt FROM contacts WHERE id = ?')
    .get(id) as MergeRow | undefined;
}

/** They asked for no messages, no bot, or for their data to be left alone or deleted: that must not be lost by joining or parting. */
export function heldBack(ws: Workspace, id: number): boolean {
  return (
    ws
      .prepare('SELECT 1 FROM contacts WHERE id = ? AND coalesce(restricted_at, erased_at, stopped_at, people_only_at) IS NOT NULL')
      .get(id) !== undefined
  );
}

function recordOf(ws: Workspace, into: MergeRow, gone: MergeRow): MergeRecord {
  const ids = (table: string): number[] =>
    ws.prepare(`SELECT id FROM ${table} WHERE contact_id = ? ORDER BY id`).pluck().all(gone.id) as number[];
  const values = ws
    .prepare('SELECT field_id AS fieldId, value, set_at AS setAt FROM contact_values WHERE contact_id = ?')
    .all(gone.id) as MergeRecord['values'];
  const labels = labelIds(ws, gone.id);
  const leads = ws
    .prepare('SELECT field, state, asked, value, conversation_id, message_id, at FROM leads WHERE contact_id = ?')
    .all(gone.id) as LeadRow[];
  const asked = new Set(ws.prepare('SELECT field FROM leads WHERE contact_id = ?').pluck().all(into.id));
  const worn = new Set(labelIds(ws, into.id));
  const has = new Set(ws.prepare('SELECT field_id FROM contact_values WHERE contact_id = ?').pluck().all(into.id));
  return {
    gone,
    values,
    identities: ids('identities'),
    notes: ids('contact_notes'),
    merges: ids('contact_merges'),
    labels,
    leads,
    audited: ids('audit_persons'),
    took: {
      known: known.filter((name) => into[name] === null && gone[name] !== null),
      fields: values.map(({ fieldId }) => fieldId).filter((id) => !has.has(id)),
      blocked: into.blockedAt === null && gone.blockedAt !== null,
      labels: labels.filter((id) => !worn.has(id)),
      leads: leads.map(({ field }) => field).filter((field) => !asked.has(field)),
    },
  };
}

function labelIds(ws: Workspace, contactId: number): number[] {
  return ws.prepare('SELECT label_id FROM contact_labels WHERE contact_id = ? ORDER BY label_id').pluck().all(contactId) as number[];
}

/** Of two, of whom one is blocked, both are: nobody comes to be answered again by a merge. */
function takeOver(ws: Workspace, stays: number, { gone, values, leads = [], took }: MergeRecord): void {
  for (const name of took.known) ws.prepare(`UPDATE contacts SET ${name} = ? WHERE id = ?`).run(gone[name], stays);
  if (took.blocked) ws.prepare('UPDATE contacts SET blocked_at = ? WHERE id = ?').run(gone.blockedAt, stays);
  const insert = ws.prepare('INSERT INTO contact_values (contact_id, field_id, value, set_at) VALUES (?, ?, ?, ?)');
  for (const { fieldId, value, setAt } of values) if (took.fields.includes(fieldId)) insert.run(stays, fieldId, value, setAt);
  for (const id of took.labels ?? []) ws.prepare('INSERT INTO contact_labels (contact_id, label_id) VALUES (?, ?)').run(stays, id);
  // What the one declined or gave, the other needn't be asked for.
  for (const lead of leads) keepLead(ws, stays, lead);
}

/** What is known of a detail already stays. */
export function keepLead(ws: Workspace, contactId: number, lead: LeadRow): void {
  ws.prepare(
    `INSERT OR IGNORE INTO leads (contact_id, field, state, asked, value, conversation_id, message_id, at)
     VALUES (@contactId, @field, @state, @asked, @value, @conversation_id, @message_id, @at)`,
  ).run({ contactId, ...lead });
}
