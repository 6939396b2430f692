import { audit } from '../web/audit.ts';
import type { Workspace } from '../workspace.ts';
import { contactFields, type ContactField } from './contact-fields.ts';
import { readValue, type Shape } from './field-value.ts';

/** As typed: what every contact has, and the fields of one's own by their id. What isn't named stays as it is. */
export interface TypedContact {
  name?: string;
  email?: string;
  phone?: string;
  fields?: Record<number, string>;
}

/** What is wrong, by the name of what was typed: `name`, `email`, `phone`, or `field-3`. */
export type Faults = Record<string, string>;

/** As it is kept. */
export interface ReadContact {
  own: Partial<Record<OwnName, string | null>>;
  fields: Map<number, string | null>;
}

/** What every contact has, whatever the business's own fields. */
export const OWN = {
  name: { kind: 'text', choices: [] },
  email: { kind: 'email', choices: [] },
  phone: { kind: 'phone', choices: [] },
} as const satisfies Record<string, Shape>;
type OwnName = keyof typeof OWN;
const ownNames = Object.keys(OWN) as OwnName[];

/** Reads a contact as it was typed; nothing is kept yet. */
export function readContact(shapes: ReadonlyMap<number, Shape>, typed: TypedContact): ReadContact | { faults: Faults } {
  const faults: Faults = {};
  const own: ReadContact['own'] = {};
  const fields: ReadContact['fields'] = new Map();
  for (const name of ownNames) {
    const text = typed[name];
    if (text === undefined) continue;
    const read = readValue(OWN[name], text);
    if (read.ok) own[name] = read.value;
    else faults[name] = read.says;
  }
  for (const [key, text] of Object.entries(typed.fields ?? {})) {
    const shape = shapes.get(Number(key));
    if (!shape) continue;
    const read = readValue(shape, text);
    if (read.ok) fields.set(Number(key), read.value);
    else faults[`field-${key}`] = read.says;
  }
  return Object.keys(faults).length > 0 ? { faults } : { own, fields };
}

/** Inside a transaction: keeps what was read. */
export function keepContact(ws: Workspace, contactId: number, { own, fields }: ReadContact): void {
  for (const name of ownNames) {
    const value = own[name];
    if (value !== undefined) ws.prepare(`UPDATE contacts SET ${name} = ? WHERE id = ? AND ${name} IS NOT ?`).run(value, contactId, value);
  }
  for (const [fieldId, value] of fields) {
    if (value === null) ws.prepare('DELETE FROM contact_values WHERE contact_id = ? AND field_id = ?').run(contactId, fieldId);
    else
      ws.prepare(
        `INSERT INTO contact_values (contact_id, field_id, value, set_at) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET value = excluded.value, set_at = excluded.set_at WHERE value <> excluded.value`,
      ).run(contactId, fieldId, value, ws.clock.now());
  }
}

/** The fields of one's own, by their number. */
export function shapesOf(ws: Workspace): Map<number, ContactField> {
  return new Map(contactFields(ws).map((field) => [field.id, field]));
}

/** Changes what is known of a contact; with faults nothing is changed. */
export function editContact(
  ws: Workspace,
  { contactId, userId, typed }: { contactId: number; userId: number; typed: TypedContact },
): Faults {
  return ws.durable(() => {
    const read = readContact(shapesOf(ws), typed);
    if ('faults' in read) return read.faults;
    keepContact(ws, contactId, read);
    audit(ws, { actor: userId, action: 'contact.edited', subject: `contact ${contactId}`, contactId });
    return {};
  });
}
