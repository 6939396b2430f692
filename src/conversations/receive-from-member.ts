import { isChatLink, joinChat, memberChatIn, noteChat, SHUT_OUT, type ChannelEvent } from '../channels/index.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { Workspace } from '../workspace.ts';
import type { OpenChannel } from './open-channel.ts';
import type { Received } from './receive-events.ts';

/**
 * What comes in a chat in which a member of the team is told that customers wait, or makes one such a chat: no customer's, so no
 * conversation comes of it. Undefined for everything else. What is said to the member is said by the job 'tell-chat'.
 */
export function receiveFromMember(ws: Workspace, channel: OpenChannel, event: ChannelEvent): Received | undefined {
  if (!channel.kind.startsByLink || !('thread' in event) || !('sender' in event)) return undefined;
  const { thread, sender } = event;
  const starts = event.type === 'command' && event.command === 'start';
  if (starts && isChatLink(event.payload)) {
    // A group has other people in it.
    const alone = thread === sender.externalId;
    const name = sender.displayName ?? sender.username ?? thread;
    const joined = alone ? joinChat(ws, { channelId: channel.id, thread, name, payload: event.payload }) : undefined;
    const chat = joined ?? memberChatIn(ws, channel.id, thread);
    tell(ws, chat === undefined ? `expired/${channel.id}/${thread}` : `${chat}/linked`);
    return { outcome: 'ignored' };
  }
  const chat = memberChatIn(ws, channel.id, thread);
  if (chat === undefined) return undefined;
  if (event.type === 'reach') noteChat(ws, chat, event.open ? null : SHUT_OUT);
  else if (starts) tell(ws, `${chat}/linked`);
  else if (event.type === 'message' || event.type === 'command') tell(ws, `${chat}/here`);
  return { outcome: 'ignored' };
}

function tell(ws: Workspace, key: string): void {
  enqueue(ws, { kind: 'tell-chat', key });
}
