import { importCannedReplies, keepDraft } from '../conversations/index.ts';
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
const BEGUN = { to: 'Sofia Rossi', text: 'Hi Sofia, dogs are welcome on the terrace. For six on' };

/** Replies that are kept ready, and one that Mira has begun. */
export function beginWriting(ws: Workspace, userId: number): void {
  importCannedReplies(ws, READY, userId);
  const begun = ws
    .prepare(
      'SELECT c.id FROM conversations c JOIN identities i ON i.id = c.identity_id WHERE i.display_name = ? ORDER BY c.id DESC LIMIT 1',
    )
    .pluck()
    .get(BEGUN.to) as number | undefined;
  if (begun !== undefined) keepDraft(ws, { conversationId: begun, userId, text: BEGUN.text });
}
