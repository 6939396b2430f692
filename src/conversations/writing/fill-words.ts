/** Variables in a canned reply, and what they stand for in a conversation. */
import { membersOf } from '../../accounts/index.ts';
import { chooseLanguage, isLanguage, type Language } from '../../lib/catalogue.ts';
import { languageOf } from '../../lib/language.ts';
import { once } from '../../lib/once.ts';
import type { Workspace } from '../../workspace.ts';
import { NoConversation } from '../conversation.ts';
import { hoursSentence } from '../hours/hours.ts';

/** In the order in which a page lists them. */
export const VARIABLES = ['contact.first_name', 'contact.name', 'me.first_name', 'business.name', 'business.hours'] as const;
type Variable = (typeof VARIABLES)[number];

/** A value in a text, or null where it isn't known. */
export type Values = Record<Variable, (text: string) => string | null>;

const KNOWN = new RegExp(`\\{\\{\\s*(${VARIABLES.map((name) => name.replace('.', '\\.')).join('|')})\\s*\\}\\}`, 'g');

/** What each stands for here. Throws NoConversation. */
export function valuesFor(ws: Workspace, conversationId: number, userId: number): Values {
  const row = ws
    .prepare(
      `SELECT coalesce((SELECT name FROM contacts WHERE id = c.contact_id), (SELECT display_name FROM identities WHERE id = c.identity_id)) AS name,
         (SELECT name FROM business WHERE id = 1) AS business, (SELECT language FROM business WHERE id = 1) AS language FROM conversations c WHERE c.id = ?`,
    )
    .get(conversationId) as { name: string | null; business: string; language: string } | undefined;
  if (!row) throw new NoConversation(String(conversationId));
  const name = row.name?.trim() === '' ? null : row.name;
  return {
    'contact.name': () => name,
    'contact.first_name': () => name?.split(/\s+/)[0] ?? null,
    'me.first_name': once(() => membersOf(ws).find((member) => member.userId === userId)?.firstName ?? null),
    'business.name': () => row.business,
    // A sentence of ours: it is in the language of the reply that it stands in.
    'business.hours': (text) => hoursSentence(ws, languageIn(text, row.language)),
  };
}

function languageIn(text: string, own: string): Language {
  const written = languageOf(text.replace(KNOWN, ''));
  return written !== null && isLanguage(written) ? written : chooseLanguage(own);
}

/** Values in the places of their variables. One that isn't known stays as it is, so that whoever sends it sees it. */
export function fillWords(text: string, values: Values): string {
  return text.replace(KNOWN, (written, name: Variable) => values[name](text) ?? written);
}

/** Variables that still stand in a text, each once. */
export function unfilled(text: string): string[] {
  return [...new Set([...text.matchAll(KNOWN)].map(([written]) => written))];
}

/** What looks like a variable and is none: `{{contact.nmae}}`. */
export function unknownIn(text: string): string[] {
  return [...new Set(text.replace(KNOWN, '').match(/\{\{[^{}]*\}\}/g) ?? [])];
}
