/** What the jobs that tell a customer something by themselves have to know first. */
import { timeWindow, windowClosed, type Conversation } from '../conversations/index.ts';
import type { Language } from '../lib/catalogue.ts';
import type { Workspace } from '../workspace.ts';
import { languageFor } from './language-for.ts';

/** Of what the customer wrote last: it tells their language. */
const READ_AT_MOST = 3;

/** Why nothing can be said to the customer; undefined when it can. */
export function untoldBecause(ws: Workspace, conversation: Conversation): string | undefined {
  if (conversation.silenced) return 'The customer gets no messages.';
  const status = ws.prepare('SELECT status FROM channels WHERE id = ?').pluck().get(conversation.channelId);
  if (status !== 'connected' && status !== 'connecting') return 'The customer was not told: the channel takes no messages now.';
  const window = timeWindow(ws, conversation);
  if (window !== null && !window.open.bot) return `The customer was not told. ${windowClosed(window, 'bot')}`;
  return undefined;
}

/** The language in which the customer wrote last. */
export function spokenIn(ws: Workspace, { id, language }: Pick<Conversation, 'id' | 'language'>): Language {
  const [question = '', ...earlier] = ws
    .prepare("SELECT text FROM messages WHERE conversation_id = ? AND author = 'customer' AND revoked_at IS NULL ORDER BY id DESC LIMIT ?")
    .pluck()
    .all(id, READ_AT_MOST) as string[];
  return languageFor(ws, { question, earlier: earlier.join('\n'), language });
}
