import { handToPerson, sayAsBusiness, takeAwaySentence, type Conversation } from '../conversations/index.ts';
import { textsIn, type Language } from '../lib/catalogue.ts';
import type { Workspace } from '../workspace.ts';
import type { HandsOver } from './hand-over.ts';
import { businessLanguage } from './language-for.ts';

/**
 * Calls a person and tells the customer, in the transaction one is in. In the owner's own words where they are in the
 * customer's language; else that somebody was called or, while nobody is there, when somebody comes. False when it was a
 * person's turn already: then nothing is said again.
 */
export function sayHandedOver(
  ws: Workspace,
  conversation: Conversation,
  { why, says }: HandsOver,
  language: Language,
  { also, ...more }: { answersThrough?: number; also?: string } = {},
): boolean {
  if (!handToPerson(ws, conversation, why)) return false;
  const own = says !== '' && language === businessLanguage(ws) ? says : undefined;
  const text = own ?? takeAwaySentence(ws, conversation.id, language) ?? textsIn(language).personCalled;
  sayAsBusiness(ws, conversation.id, also === undefined ? text : `${text}\n\n${also}`, more);
  return true;
}
