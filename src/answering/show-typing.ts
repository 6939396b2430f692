import { channelAccess, channelKinds } from '../channels/index.ts';
import type { Conversation } from '../conversations/index.ts';
import type { Workspace } from '../workspace.ts';

/** Telegram shows the sign for five seconds at most; others say how long. */
const AGAIN_AFTER_MS = 4000;

/**
 * Shows the customer that an answer is on its way, where the channel can, until what it returns is called. Nothing waits
 * for it and nothing fails by it. The widget shows the answer itself as it is written.
 */
export function showTyping(ws: Workspace, { channelId, thread, recipient, lastCustomerMessageId }: Conversation): () => void {
  const kind = ws.prepare('SELECT kind FROM channels WHERE id = ?').pluck().get(channelId) as string;
  if (!channelKinds[kind]?.typing) return () => undefined;
  const newest = ws.prepare('SELECT external_id FROM messages WHERE id = ?').pluck().get(lastCustomerMessageId) as string | undefined;
  const ended = new AbortController();
  const show = async (): Promise<void> => {
    const { kind: channel, access } = channelAccess(ws, channelId, ended.signal);
    await channel.typing?.(access, thread, newest, recipient);
  };
  const tell = (): void => void show().catch((err: unknown) => ws.installation.log.debug({ err, workspace: ws.id }, 'no typing sign'));
  const again = setInterval(tell, channelKinds[kind].limits.typingMs ?? AGAIN_AFTER_MS);
  tell();
  return () => {
    clearInterval(again);
    ended.abort();
  };
}
