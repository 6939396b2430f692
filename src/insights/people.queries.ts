/** What is known of who wrote in a conversation: to be taken out of what becomes knowledge. */
import type { Workspace } from '../workspace.ts';
import { masked, type Known } from './mask.ts';

/** Names and marks of a contact, over all its identities. */
export function knownOf(ws: Workspace, contactId: number): Known {
  const contact = ws.prepare('SELECT name, email, phone FROM contacts WHERE id = ?').get(contactId) as
    { name: string | null; email: string | null; phone: string | null } | undefined;
  const identities = ws
    .prepare('SELECT display_name AS name, username, external_id AS externalId FROM identities WHERE contact_id = ?')
    .all(contactId) as { name: string | null; username: string | null; externalId: string }[];
  const given = (values: (string | null | undefined)[]): string[] =>
    [...new Set(values.filter((value) => value != null && value !== ''))] as string[];
  return {
    names: given([contact?.name, ...identities.flatMap(({ name, username }) => [name, username])]),
    marks: given([contact?.email, contact?.phone, ...identities.map(({ externalId }) => externalId)]),
  };
}

/** Everything that a contact has said, as it was said and as it is when it is masked. */
export function wordsOf(ws: Workspace, contactId: number): string[] {
  const said = ws
    .prepare(
      `SELECT text FROM messages WHERE author = 'customer' AND conversation_id IN (SELECT id FROM conversations WHERE contact_id = ?)
       UNION SELECT text FROM gaps WHERE contact_id = ?`,
    )
    .pluck()
    .all(contactId, contactId) as string[];
  const known = knownOf(ws, contactId);
  return [...new Set(said.flatMap((text) => [text, masked(text, known)]))];
}
