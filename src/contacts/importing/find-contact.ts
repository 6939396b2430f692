/** Whose row it is. Where that isn't sure, nobody's: two people are never made one by a guess. */
import type { Workspace } from '../../workspace.ts';
import type { SheetContact } from './read-row.ts';

export type Found = { id: number | null } | { says: string };

interface Key {
  what: string;
  ids: number[];
  /** What the contact has in the place of this key; null for nothing. */
  has(contactId: number): unknown;
}

/** `key` is the field of one's own that tells contacts apart, with its name. */
export function findContact(ws: Workspace, contact: SheetContact, key: { id: number; name: string } | null): Found {
  if (contact.id !== null) return byNumber(ws, contact.id);
  const keys = keysOf(ws, contact, key);
  const several = keys.find(({ ids }) => ids.length > 1);
  if (several) return { says: `Several contacts have this ${several.what}. Merge them, or give the contact number.` };
  const hits = keys.filter(({ ids }) => ids.length === 1);
  const id = hits[0]?.ids[0];
  if (id === undefined) return { id: null };
  const other = hits.find(({ ids }) => ids[0] !== id);
  if (other)
    return {
      says: `The ${hits[0]?.what ?? ''} is contact ${id}’s, the ${other.what} contact ${other.ids[0] ?? ''}’s. Merge the two, or take one out.`,
    };
  // A surer key that found nobody: they may be another person with the same number.
  const surer = keys
    .slice(
      0,
      keys.findIndex(({ ids }) => ids.length === 1),
    )
    .find((each) => each.has(id) !== null);
  if (surer)
    return { says: `Contact ${id} has the same ${hits[0]?.what ?? ''}, and another ${surer.what}. Give the contact number if it is them.` };
  return left(ws, id);
}

/** One that was merged is who it was merged with. */
function byNumber(ws: Workspace, id: number): Found {
  const there = ws.prepare('SELECT 1 FROM contacts WHERE id = ?').get(id) !== undefined;
  const into = ws.prepare('SELECT contact_id FROM contact_merges WHERE gone_id = ?').pluck().get(id) as number | undefined;
  const found = there ? id : into;
  return found === undefined ? { says: `There is no contact with the number ${id}.` } : left(ws, found);
}

function left(ws: Workspace, id: number): Found {
  const alone = ws.prepare('SELECT 1 FROM contacts WHERE id = ? AND coalesce(restricted_at, erased_at) IS NOT NULL').get(id);
  return alone === undefined ? { id } : { says: `Contact ${id} asked for their data to be left alone or deleted.` };
}

/** The surest first. An e-mail address is one person's; a phone number may be a family's. */
function keysOf(ws: Workspace, { own, fields }: SheetContact, key: { id: number; name: string } | null): Key[] {
  const keys: Key[] = [];
  const value = key === null ? undefined : fields.get(key.id);
  if (key !== null && value)
    keys.push({
      what: `“${key.name}”`,
      ids: idsOf(ws, 'SELECT contact_id FROM contact_values WHERE field_id = ? AND value = ? LIMIT 2', key.id, value),
      has: (id) => ws.prepare('SELECT value FROM contact_values WHERE contact_id = ? AND field_id = ?').pluck().get(id, key.id) ?? null,
    });
  if (own.email)
    keys.push({
      what: 'e-mail address',
      ids: idsOf(ws, 'SELECT id FROM contacts WHERE email = ? LIMIT 2', own.email),
      has: (id) => ws.prepare('SELECT email FROM contacts WHERE id = ?').pluck().get(id) ?? null,
    });
  if (own.phone) keys.push({ what: 'phone number', ids: phoneOwners(ws, own.phone), has: () => null });
  return keys;
}

/** Who has it written down, and who writes from it on WhatsApp, where the number is who they are. */
function phoneOwners(ws: Workspace, phone: string): number[] {
  const written = idsOf(ws, 'SELECT id FROM contacts WHERE phone = ? LIMIT 2', phone);
  const writing = idsOf(
    ws,
    "SELECT contact_id FROM identities WHERE external_id = ? AND channel_id IN (SELECT id FROM channels WHERE kind LIKE 'whatsapp%') LIMIT 2",
    phone.replace(/^\+/, ''),
  );
  return [...new Set([...written, ...writing])];
}

function idsOf(ws: Workspace, query: string, ...values: (string | number)[]): number[] {
  return ws
    .prepare(query)
    .pluck()
    .all(...values) as number[];
}
