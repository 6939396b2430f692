import { eq } from '../db/drizzle.ts';
import { channels, contacts, identities } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';

export interface ContactCard {
  id: number;
  name: string | null;
  email: string | null;
  phone: string | null;
  language: string | null;
  createdAt: number;
  identities: {
    id: number;
    channelId: number;
    channelKind: string;
    channelName: string;
    externalId: string;
    displayName: string | null;
    username: string | null;
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
    createdAt: contact.createdAt,
    identities: known,
  };
}
