/** Variables in a canned reply, and what they stand for in a conversation. */
import { membersOf } from '../../accounts/index.ts';
import type { Workspace } from '../../workspace.ts';
import { NoConversation } from '../conversation.ts';

/** In the order in which a page lists them. */
export const VARIABLES = ['contact.first_name', 'contact.name', 'me.first_name', 'business.name'] as const;
type Variable = (typeof VARIABLES)[number];

/** A value, or null where it isn't known. */
export type Values = Record<Variable, string | null>;

const KNOWN = new RegExp(`\\{\\{\\s*(${VARIABLES.map((name) => name.replace('.', '\\.')).join('|')})\\s*\\}\\}`, 'g');

/** What each stands for here. Throws NoConversation. */
export function valuesFor(ws: Workspace, conversationId: number, userId: number): Values {
  const row = ws
    .prepare(
      `SELECT coalesce((SELECT name FROM contacts WHERE id = c.contact_id), (SELECT display_name FROM identities WHERE id = c.identity_id)) AS name,
         (SELECT name FROM business WHERE id = 1) AS business FROM conversations c WHERE c.id = ?`,
    )
    .get(conversationId) as { name: string | null; business: string } | undefined;
  if (!row) throw new NoConversation(String(conversationId));
  const name = row.name?.trim() === '' ? null : row.name;
  return {
    'contact.name': name,
    'contact.first_name': name?.split(/\s+/)[0] ?? null,
    'me.first_name': membersOf(ws).find((member) => member.userId === userId)?.firstName ?? null,
    'business.name': row.business,
  };
}

/** Values in the places of their variables. One that isn't known stays as it is, so that whoever sends it sees it. */
export function fillWords(text: string, values: Values): string {
  return text.replace(KNOWN, (written, name: Variable) => values[name] ?? written);
}

/** Variables that still stand in a text, each once. */
export function unfilled(text: string): string[] {
  return [...new Set([...text.matchAll(KNOWN)].map(([written]) => written))];
}

/** What looks like a variable and is none: `{{contact.nmae}}`. */
export function unknownIn(text: string): string[] {
  return [...new Set(text.replace(KNOWN, '').match(/\{\{[^{}]*\}\}/g) ?? [])];
}
