import { channelKinds, listChannels, memberChatsOf } from '../channels/index.ts';
import { sendsMail } from '../mail/index.ts';
import type { Workspace } from '../workspace.ts';
import { choiceOf } from './people.ts';
import { devicesOf } from './push-devices.ts';
import { pushKeys } from './push-keys.ts';

/** A link that was just made, by which a chat becomes the member's. */
export interface NewLink {
  url: string;
  bot: string;
}

/** How a member is told, as the page shows it. */
export async function alertsPage(workspace: Workspace, user: { id: number; email: string }, link?: NewLink) {
  const { byMail } = choiceOf(workspace, user.id);
  const mails = sendsMail(workspace);
  const devices = devicesOf(workspace, user.id);
  const chats = memberChatsOf(workspace, user.id).map((chat) => ({ ...chat, says: whyNot(chat) }));
  const told = [
    ...(devices.length > 0 ? ['in your browser'] : []),
    ...(chats.some(({ says }) => says === null) ? ['in Telegram'] : []),
    ...(mails && byMail ? ['by mail'] : []),
  ];
  const ways = new Intl.ListFormat('en-GB').format(told);
  const { publicKey } = await pushKeys(workspace);
  return {
    line: told.length > 0 ? `You are told ${ways} when a customer waits.` : 'You are told by the bell on these pages alone.',
    byMail,
    mails,
    email: user.email,
    devices,
    publicKey,
    chats,
    telegrams: listChannels(workspace).filter(({ kind, address }) => channelKinds[kind]?.startsByLink && address !== null),
    link,
  };
}

function whyNot({ channelStatus, channelName, says }: { channelStatus: string; channelName: string; says: string | null }): string | null {
  return channelStatus === 'disconnected' ? `${channelName} is no longer connected. End this, and link a chat with another bot.` : says;
}
