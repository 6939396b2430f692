/** Fields of a business's own: what it wants to know of its contacts. */
import type { Workspace } from '../workspace.ts';
import type { FieldKind } from './field-value.ts';

export interface ContactField {
  id: number;
  name: string;
  kind: FieldKind;
  /** Empty for all kinds but a choice. */
  choices: string[];
}

const FIELDS_AT_MOST = 50;
/** What every contact has; no field can be called like it. */
const OWN_NAMES = ['name', 'e-mail', 'email', 'phone', 'language'];

type FieldSaved = { ok: true; id: number } | { ok: false; field: 'name' | 'kind' | 'choices'; says: string };

export function contactFields(ws: Workspace): ContactField[] {
  const rows = ws.prepare('SELECT id, name, kind, choices FROM contact_fields ORDER BY position, id').all() as {
    id: number;
    name: string;
    kind: FieldKind;
    choices: string | null;
  }[];
  return rows.map((row) => ({ ...row, choices: JSON.parse(row.choices ?? '[]') as string[] }));
}

export function addField(ws: Workspace, field: Omit<ContactField, 'id'>): FieldSaved {
  return ws.durable(() => {
    const wrong = faultOf(ws, field, null);
    if (wrong) return wrong;
    if (contactFields(ws).length >= FIELDS_AT_MOST)
      return { ok: false, field: 'name', says: `There are ${FIELDS_AT_MOST} fields, and no room for more. Remove one first.` };
    const insert = `INSERT INTO contact_fields (name, kind, choices, position, created_at)
      VALUES (?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM contact_fields), ?)`;
    const { name, kind, choices } = field;
    const id = ws.prepare(insert).run(name, kind, kind === 'choice' ? JSON.stringify(choices) : null, ws.clock.now()).lastInsertRowid;
    return { ok: true, id: Number(id) };
  });
}

/** Its kind stays, since its values are of that kind. A choice that somebody has can't be taken away. */
export function editField(ws: Workspace, id: number, { name, choices }: Pick<ContactField, 'name' | 'choices'>): FieldSaved | undefined {
  return ws.durable(() => {
    const old = contactFields(ws).find((field) => field.id === id);
    if (!old) return undefined;
    const wrong = faultOf(ws, { ...old, name, choices }, id);
    if (wrong) return wrong;
    if (old.kind === 'choice') {
      const used = ws.prepare('SELECT DISTINCT value FROM contact_values WHERE field_id = ?').pluck().all(id) as string[];
      const missed = used.filter((value) => !choices.includes(value));
      if (missed.length > 0) return { ok: false, field: 'choices', says: `Contacts have ${missed.join(', ')}. Keep it among the choices.` };
    }
    const edited = old.kind === 'choice' ? JSON.stringify(choices) : null;
    ws.prepare('UPDATE contact_fields SET name = ?, choices = ? WHERE id = ?').run(name, edited, id);
    return { ok: true, id };
  });
}

/** Takes the field and all that contacts have in it away. Returns false when it isn't there. */
export function removeField(ws: Workspace, id: number): boolean {
  return ws.durable(() => {
    ws.prepare('DELETE FROM contact_values WHERE field_id = ?').run(id);
    ws.prepare('DELETE FROM leads WHERE field = ?').run(String(id));
    return ws.prepare('DELETE FROM contact_fields WHERE id = ?').run(id).changes > 0;
  });
}

/** On how many contacts each field stands. */
export function fieldUse(ws: Workspace): Map<number, number> {
  const rows = ws.prepare('SELECT field_id AS id, count(*) AS n FROM contact_values GROUP BY field_id').all() as {
    id: number;
    n: number;
  }[];
  return new Map(rows.map(({ id, n }) => [id, n]));
}

function faultOf(ws: Workspace, { name, kind, choices }: Omit<ContactField, 'id'>, id: number | null): FieldSaved | undefined {
  if (OWN_NAMES.includes(name.toLowerCase())) return { ok: false, field: 'name', says: `Every contact has ${name} already.` };
  const taken = ws.prepare('SELECT 1 FROM contact_fields WHERE name = ? COLLATE NOCASE AND id IS NOT ?').get(name, id);
  if (taken) return { ok: false, field: 'name', says: 'There is a field of this name already.' };
  if (kind === 'choice' && choices.length < 2) return { ok: false, field: 'choices', says: 'Write two choices at least, each on a line.' };
  return undefined;
}
