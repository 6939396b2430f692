/** What follows when a person was called and none has come; inside the transaction of the job that finds it. */
import type { Workspace } from '../../workspace.ts';
import { touch, type Conversation } from '../conversation.ts';
import { waitsForAnswer } from '../hand-back.ts';
import { channelFor } from '../open-channel.ts';
import { callFor } from '../receive-message.ts';
import { storeEvent } from '../store-message.ts';

/** Writes into the conversation's history that nobody came, and what the customer was told. */
export function noteNobodyCame(ws: Workspace, conversationId: number, text: string): void {
  storeEvent(ws, conversationId, 'nobody-came', text);
}

/** The bot answers again, and first what nobody has answered. A person stays called: whoever comes takes over from it. */
export function answersAgain(ws: Workspace, conversation: Conversation): void {
  if (conversation.turn === 'bot' || conversation.botId === null) return;
  ws.prepare("UPDATE conversations SET turn = 'bot' WHERE id = ?").run(conversation.id);
  storeEvent(ws, conversation.id, 'handed-back', 'The bot answers meanwhile.');
  touch(ws, conversation.id);
  if (waitsForAnswer(ws, conversation.id) && !conversation.silenced)
    callFor(ws, channelFor(ws, conversation.channelId), { ...conversation, turn: 'bot' });
}
