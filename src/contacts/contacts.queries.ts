import { eq } from '../db/drizzle.ts';
import { channels, contacts, identities } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import type { FieldKind } from './field-value.ts';
import { givenBy } from './leads.ts';

export interface ContactCard {
  id: number;
  name: string | null;
  email: string | null;
  phone: string | null;
  language: string | null;
  blockedAt: number | null;
  /** Only kept: nothing of theirs is answered, sent, searched or counted. */
  restrictedAt: number | null;
  /** They want no messages. */
  stoppedAt: number | null;
  /** They want no bot. */
  peopleOnlyAt: number | null;
  createdAt: number;
  /** What is known in the fields of one's own, in their order. */
  values: { fieldId: number; name: string; kind: FieldKind; value: string }[];
  /** What they told a bot themselves: by `name`, `email`, `phone`, or a field's number. */
  given: Map<string, { conversationId: number | null; at: number }>;
  identities: {
    id: number;
    channelId: number;
    channelKind: string;
    channelName: string;
    externalId: string;
    displayName: string | null;
    username: string | null;
    lastSeenAt: number;
  }[];
}

/** A contact with the identities it is known by; undefined when there is none. */
export function contactCard(ws: Workspace, contactId: number): ContactCard | undefined {
  const contact = ws.db.select().from(contacts).where(eq(contacts.id, contactId)).get();
  if (!contact) return undefined;
  const known = ws.db
    .select({
      id: identities.id,
      channelId: identities.channelId,
      channelKind: channels.kind,
      channelName: channels.name,
      externalId: identities.externalId,
      displayName: identities.displayName,
      username: identities.username,
      lastSeenAt: identities.lastSeenAt,
    })
    .from(identities)
    .innerJoin(channels, eq(channels.id, identities.channelId))
    .where(eq(identities.contactId, contactId))
    .all();
  return {
    id: contact.id,
    name: contact.name,
    email: contact.email,
    phone: contact.phone,
    language: contact.language,
    blockedAt: contact.blockedAt,
    restrictedAt: contact.restrictedAt,
    stoppedAt: contact.stoppedAt,
    peopleOnlyAt: contact.peopleOnlyAt,
    createdAt: contact.createdAt,
    values: valuesOf(ws, contactId),
    given: givenBy(ws, contactId),
    identities: known,
  };
}

function valuesOf(ws: Workspace, contactId: number): ContactCard['values'] {
  return ws
    .prepare(
      `SELECT f.id AS fieldId, f.name, f.kind, v.value FROM contact_fields f JOIN contact_values v ON v.field_id = f.id
       WHERE v.contact_id = ? ORDER BY f.position, f.id`,
    )
    .all(contactId) as ContactCard['values'];
}
