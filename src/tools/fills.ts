/** What we fill in ourselves, by the conversation alone: no model chooses whose it is. */
import type { Workspace } from '../workspace.ts';

export type Fills = Readonly<Record<string, string | undefined>>;

/** Each with the words for the form. */
export const FILLS: readonly { name: string; about: string }[] = [
  { name: 'contact.name', about: 'the customer’s name' },
  { name: 'contact.email', about: 'the customer’s e-mail address' },
  { name: 'contact.phone', about: 'the customer’s phone number' },
  { name: 'contact.id', about: 'the contact’s number here' },
  { name: 'conversation.id', about: 'the conversation’s id here' },
  { name: 'channel.name', about: 'the name of the channel' },
];

const READ = `
  SELECT coalesce(p.name, i.display_name) AS "contact.name", p.email AS "contact.email", p.phone AS "contact.phone",
    cast(p.id AS text) AS "contact.id", c.public_id AS "conversation.id", h.name AS "channel.name"
  FROM conversations c JOIN contacts p ON p.id = c.contact_id JOIN identities i ON i.id = c.identity_id JOIN channels h ON h.id = c.channel_id
  WHERE c.id = ?`;

/** Of a conversation; nothing is known where there is none. */
export function fillsOf(ws: Workspace, conversationId: number | null): Fills {
  if (conversationId === null) return {};
  const row = (ws.prepare(READ).get(conversationId) ?? {}) as Record<string, string | null>;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined]));
}
