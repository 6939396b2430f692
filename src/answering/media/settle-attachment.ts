import type { BotVersion } from '../../bots/index.ts';
import { conversationOfAttachment, keepText, type Conversation } from '../../conversations/index.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import type { Workspace } from '../../workspace.ts';

/** What a file is to be read for: the bot's turn to which it belongs. */
export interface Wanted {
  attachmentId: number;
  conversation: Conversation;
  version: BotVersion;
  file: { path: string; key: Uint8Array; name: string | null; mime: string | null; bytes: number };
}

/** Keeps what was understood, and asks for the answer that waits for it. Inside a transaction. */
export function settle(ws: Workspace, attachmentId: number, read: Parameters<typeof keepText>[2]): void {
  const conversationId = conversationOfAttachment(ws, attachmentId);
  if (keepText(ws, attachmentId, read) && conversationId !== undefined) enqueue(ws, { kind: 'answer', key: String(conversationId) });
}
