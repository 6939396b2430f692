import { chooseLanguage, textsIn } from '../lib/catalogue.ts';
import type { Workspace } from '../workspace.ts';
import { conversationFor } from './conversation.ts';
import { sayAsBusiness } from './reply.ts';
import { handToPerson } from './want-person.ts';

/** The customer asked for a person by a button: told so, once, and the bot is silent. Throws NoConversation. */
export function askForPerson(ws: Workspace, conversationId: number, language: string): Promise<void> {
  return ws.together(() => {
    const conversation = conversationFor(ws, conversationId);
    if (handToPerson(ws, conversation, 'The customer asked for a person.'))
      sayAsBusiness(ws, conversationId, textsIn(chooseLanguage(language)).personCalled);
  });
}
