/** What becomes of a row of a file, and how it is taken back. All of it inside a transaction. */
import { createHash } from 'node:crypto';
import type { Workspace } from '../../workspace.ts';
import { labelContact, labelNamed } from '../contact-labels.ts';
import { keepContact } from '../edit-contact.ts';
import type { Shape } from '../field-value.ts';
import { findContact } from './find-contact.ts';
import type { ImportPlan } from './import-plan.ts';
import { readRow, type SheetContact } from './read-row.ts';

export interface Importing {
  plan: ImportPlan;
  shapes: ReadonlyMap<number, Shape & { name: string }>;
  userId: number;
}

const KNOWN = ['name', 'email', 'phone', 'language'] as const;
type Known = (typeof KNOWN)[number];
type Was = [before: string | null, now: string | null];

/** Enough to take it back: of a contact that was there what was before, of a new one how it looked. */
export interface RowChange {
  own?: Partial<Record<Known, Was>>;
  fields?: Record<number, Was>;
  /** Labels that it got. */
  labels?: number[];
  note?: number;
  /** Labels that weren't there at all. */
  made?: number[];
  sign?: string;
}

export type Outcome =
  | { outcome: 'created' | 'updated'; contactId: number; change: RowChange }
  | { outcome: 'same'; contactId: number }
  | { outcome: 'skipped'; says: string }
  | { outcome: 'blank' };

/** Cells that are empty change nothing; what a cell says takes the place of what was there. */
export function importRow(ws: Workspace, { plan, shapes, userId }: Importing, cells: readonly string[]): Outcome {
  const read = readRow(plan, shapes, cells);
  if (read === 'blank') return { outcome: 'blank' };
  if ('says' in read) return { outcome: 'skipped', says: read.says };
  const key = plan.key === null ? null : { id: plan.key, name: shapes.get(plan.key)?.name ?? '' };
  const found = findContact(ws, read.contact, key);
  if ('says' in found) return { outcome: 'skipped', says: found.says };
  const labels = labelsFor(ws, read.contact.labels);
  if ('says' in labels) return { outcome: 'skipped', says: labels.says };
  if (found.id === null) return create(ws, read.contact, labels, userId);
  return update(ws, found.id, read.contact, labels, userId);
}

interface Labels {
  ids: number[];
  made: number[];
}

function labelsFor(ws: Workspace, names: string[]): Labels | { says: string } {
  const labels: Labels = { ids: [], made: [] };
  for (const name of names) {
    const label = labelNamed(ws, name);
    if (!label) return { says: `The label “${name}” can’t be made: its name is longer than 30 letters, or there are 100 labels already.` };
    labels.ids.push(label.id);
    if (label.made) labels.made.push(label.id);
  }
  return labels;
}

function create(ws: Workspace, contact: SheetContact, labels: Labels, userId: number): Outcome {
  const { own, language } = contact;
  const { lastInsertRowid } = ws
    .prepare('INSERT INTO contacts (name, email, phone, language, created_at) VALUES (?, ?, ?, ?, ?)')
    .run(own.name ?? null, own.email ?? null, own.phone ?? null, language, ws.clock.now());
  const contactId = Number(lastInsertRowid);
  keepContact(ws, contactId, { own: {}, fields: contact.fields });
  for (const id of labels.ids) labelContact(ws, contactId, id);
  noteFor(ws, contactId, contact.note, userId);
  return {
    outcome: 'created',
    contactId,
    change: { sign: signOf(ws, contactId), ...(labels.made.length > 0 ? { made: labels.made } : {}) },
  };
}

function update(ws: Workspace, contactId: number, contact: SheetContact, labels: Labels, userId: number): Outcome {
  const change: RowChange = {};
  const before = ws.prepare('SELECT name, email, phone, language FROM contacts WHERE id = ?').get(contactId) as Record<
    Known,
    string | null
  >;
  const given: Partial<Record<Known, string | null | undefined>> = { ...contact.own, language: contact.language };
  for (const name of KNOWN) {
    const now = given[name];
    if (!now || now === before[name]) continue;
    change.own = { ...change.own, [name]: [before[name], now] };
    ws.prepare(`UPDATE contacts SET ${name} = ? WHERE id = ?`).run(now, contactId);
  }
  const value = ws.prepare('SELECT value FROM contact_values WHERE contact_id = ? AND field_id = ?').pluck();
  for (const [id, now] of contact.fields) {
    const was = (value.get(contactId, id) as string | undefined) ?? null;
    if (now !== null && now !== was) change.fields = { ...change.fields, [id]: [was, now] };
  }
  keepContact(ws, contactId, { own: {}, fields: contact.fields });
  const worn = labels.ids.filter((id) => labelContact(ws, contactId, id));
  if (worn.length > 0) change.labels = worn;
  if (labels.made.length > 0) change.made = labels.made;
  const note = noteFor(ws, contactId, contact.note, userId);
  if (note !== undefined) change.note = note;
  return Object.keys(change).length === 0 ? { outcome: 'same', contactId } : { outcome: 'updated', contactId, change };
}

/** A note that is there already, word for word, isn't written again: the same file can be imported twice. */
function noteFor(ws: Workspace, contactId: number, text: string | null, userId: number): number | undefined {
  if (text === null) return undefined;
  const there = ws.prepare('SELECT 1 FROM contact_notes WHERE contact_id = ? AND text = ? AND deleted_at IS NULL').get(contactId, text);
  if (there !== undefined) return undefined;
  const insert = ws.prepare('INSERT INTO contact_notes (contact_id, user_id, text, created_at) VALUES (?, ?, ?, ?)');
  return Number(insert.run(contactId, userId, text, ws.clock.now()).lastInsertRowid);
}

const LOOKS = `
  SELECT json_array(c.name, c.email, c.phone, c.language, c.blocked_at,
    (SELECT json_group_array(json_array(v.field_id, v.value)) FROM (SELECT field_id, value FROM contact_values WHERE contact_id = c.id ORDER BY field_id) v),
    (SELECT json_group_array(l.label_id) FROM (SELECT label_id FROM contact_labels WHERE contact_id = c.id ORDER BY label_id) l),
    (SELECT json_group_array(n.text) FROM (SELECT text FROM contact_notes WHERE contact_id = c.id ORDER BY id) n))
  FROM contacts c WHERE c.id = ?`;

/** The same as long as nobody has touched the contact. */
export function signOf(ws: Workspace, contactId: number): string | undefined {
  const looks = ws.prepare(LOOKS).pluck().get(contactId) as string | undefined;
  return looks === undefined ? undefined : createHash('sha256').update(looks).digest('base64url').slice(0, 16);
}
