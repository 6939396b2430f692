import { publishedOf } from '../bots/index.ts';
import { conversationById, NoConversation } from '../conversations/index.ts';
import type { Workspace } from '../workspace.ts';
import { SILENCED } from './ask-model.ts';
import { gather } from './gather.ts';
import { abilitiesOf } from './media/abilities.ts';
import { askAside, type Trying } from './try-bot.ts';

/**
 * What the conversation's bot would answer now, for a member to change and send: it reads the same thread and knowledge as
 * ever. Nothing is said to the customer by it, and the bot stays silent. A string says why there is nothing to ask. Throws
 * NoConversation.
 */
export function suggestAnswer(ws: Workspace, conversationId: number, signal: AbortSignal): AsyncGenerator<Trying> | string {
  const conversation = conversationById(ws, conversationId);
  if (!conversation) throw new NoConversation(String(conversationId));
  if (conversation.silenced) return SILENCED;
  const version = conversation.botId === null ? undefined : publishedOf(ws, conversation.botId);
  if (!version) return 'No bot is live on this channel, so there is nobody to suggest an answer.';
  const gathered = gather(ws, conversationId, () => ({ ...abilitiesOf(ws, version.settings), pictures: false }));
  if (!gathered) return 'The customer has an answer already. There is nothing to suggest.';
  if (gathered.question === '') return 'The bot can’t open files, and there are no words to answer.';
  const { turns, question, earlier, recap, language } = gathered;
  // It answers through nothing: it isn't the conversation's answer, and is dropped by nothing that comes.
  const asked = { version, turns, question, earlier, recap, language, conversationId, answersThrough: null, kind: 'suggestion' as const };
  return askAside(ws, asked, signal);
}
