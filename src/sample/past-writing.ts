import { importCannedReplies, keepDraft, keepSummary, keepTranslation } from '../conversations/index.ts';
import type { Workspace } from '../workspace.ts';

const READY = [
  { shortcut: 'hello', text: 'Hello {{contact.first_name}}, {{me.first_name}} from {{business.name}} here. How can I help?' },
  { shortcut: 'hours', text: 'We are open Tuesday to Friday from eight to six, and on weekends from nine to seven.' },
  {
    shortcut: 'cake-order',
    text: 'For which day, how many people, and is there anything they can’t eat? A photo of a cake you like helps, too.',
  },
  { shortcut: 'thanks', text: 'Thank you, {{contact.first_name}}. See you soon at {{business.name}}!' },
];
const SUMMED_UP = {
  of: 'Jonas Weber',
  text: 'Jonas wants a birthday cake and has changed order 3081 to the almond one, €4 more.\n“Happy 40th, Ida” is to be written on it.\nStill open: dark or white chocolate.',
};
const BEGUN = { to: 'Sofia Rossi', text: 'Hi Sofia, dogs are welcome on the terrace. For six on' };

/** As a model would have put it: the sample asks none. */
const TRANSLATED = [
  { of: 'Gibt es vegane Kuchen?', text: 'Do you have vegan cakes?' },
  { of: 'هل لديكم قاعة لحفلة عيد ميلاد؟', text: 'Do you have a room for a birthday party?' },
];

/** Replies that are kept ready, one that Mira has begun, what she had translated, and what a model summed up. */
export function beginWriting(ws: Workspace, userId: number): void {
  importCannedReplies(ws, READY, userId);
  const begun = newestOf(ws, BEGUN.to);
  if (begun !== undefined) keepDraft(ws, { conversationId: begun, userId, text: BEGUN.text });
  for (const { of, text } of TRANSLATED) translate(ws, of, text);
  const long = newestOf(ws, SUMMED_UP.of);
  if (long !== undefined) ws.write(() => keepSummary(ws, { conversationId: long, text: SUMMED_UP.text, runId: null }));
}

function newestOf(ws: Workspace, customer: string): number | undefined {
  return ws
    .prepare(
      'SELECT c.id FROM conversations c JOIN identities i ON i.id = c.identity_id WHERE i.display_name = ? ORDER BY c.id DESC LIMIT 1',
    )
    .pluck()
    .get(customer) as number | undefined;
}

function translate(ws: Workspace, of: string, text: string): void {
  const found = ws
    .prepare("SELECT id AS messageId, conversation_id AS conversationId FROM messages WHERE text = ? AND author = 'customer'")
    .get(of) as { messageId: number; conversationId: number } | undefined;
  if (found) ws.write(() => keepTranslation(ws, { ...found, language: 'en', of, text, runId: null }));
}
