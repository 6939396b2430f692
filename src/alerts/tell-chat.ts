import { randomUUID } from 'node:crypto';
import { businessOf } from '../accounts/index.ts';
import {
  channelAccess,
  DeliveryError,
  leaveChat,
  memberChatById,
  noteChat,
  noteChatTold,
  SHUT_OUT,
  type MemberChat,
} from '../channels/index.ts';
import { GiveUp, TryLater, type JobKind } from '../jobs/job.ts';
import { timeText } from '../web/formats.ts';
import { zoneOf } from '../web/zones.ts';
import type { Workspace } from '../workspace.ts';
import { linkTo } from './links.ts';
import { answerers } from './people.ts';
import { lastWordsIn, waitingIn } from './waiting.queries.ts';

const EXPIRED = 'This link has run out. Make a new one in Deskbell, under “How you are told”.';

/** What is to be said where. */
interface Telling {
  channelId: number;
  thread: string;
  text: string;
  /** Undefined for who isn't known. */
  chat?: MemberChat;
}

/**
 * The job 'tell-chat': its key is the chat and what is said there ('linked', 'here', or the conversation in which somebody
 * waits), or where a link was opened that has run out. Said twice after a kill, it does no harm.
 */
export const tellChat: JobKind = {
  attempts: 5,
  longestWaitMs: 5 * 60_000,
  async run(ws, job, signal) {
    const telling = tellingOf(ws, job.key);
    if (!telling) {
      job.finishQuietly();
      return;
    }
    const { chat } = telling;
    const failed = await send(ws, telling, signal);
    if (failed && !failed.permanent) throw failed.retryAfter === undefined ? failed : new TryLater(failed.retryAfter, failed.says);
    // Of this message alone: the next may go out.
    if (failed && chat && !failed.shutOut) throw new GiveUp(failed.says);
    await job.finish(() => {
      if (!chat) return;
      if (failed) noteChat(ws, chat.id, SHUT_OUT);
      else noteChatTold(ws, chat.id);
    });
  },
};

/** Undefined where there is nothing to say any more, or nobody to say it to. */
function tellingOf(ws: Workspace, key: string): Telling | undefined {
  const [first = '', what = '', ...rest] = key.split('/');
  if (first === 'expired') return { channelId: Number(what), thread: rest.join('/'), text: EXPIRED };
  const chat = memberChatById(ws, Number(first));
  if (!chat || chat.channelStatus === 'disconnected') return undefined;
  // Whoever may no longer answer is told nothing more, and what they write there is a customer's again.
  if (!answerers(ws).some(({ userId }) => userId === chat.userId)) {
    leaveChat(ws, chat.userId, chat.id);
    return undefined;
  }
  const text = textOf(ws, chat, what);
  return text === undefined ? undefined : { channelId: chat.channelId, thread: chat.thread, text, chat };
}

function textOf(ws: Workspace, chat: MemberChat, what: string): string | undefined {
  if (what === 'linked')
    return `Here you are told when a customer of ${plain(businessOf(ws).name)} waits for a person.\n\nHow you are told, and how to end it: ${linkTo(ws, 'alerts')}`;
  if (what === 'here') return `This chat only tells you that customers wait. You answer them in the inbox: ${linkTo(ws, 'inbox')}`;
  const waiting = chat.says === null ? waitingIn(ws, Number(what)) : undefined;
  if (!waiting) return undefined;
  const { conversationId, name, channel, why, since } = waiting;
  const at = timeText(zoneOf(businessOf(ws).timezone), ws.clock.now(), since, 'smart');
  const who = chat.withWords && name !== null ? name : 'A customer';
  const words = chat.withWords ? lastWordsIn(ws, conversationId) : null;
  return [
    plain(`${who} waits for a person on ${channel}, since ${at}. ${why}`),
    ...(words === null ? [] : [plain(`“${words}”`)]),
    linkTo(ws, `conversations/${conversationId}`),
  ].join('\n\n');
}

/** So that what others have written has no marks and no links of its own making. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]~<>#]/g, '\\$&');
}

async function send(ws: Workspace, { channelId, thread, text }: Telling, signal: AbortSignal): Promise<DeliveryError | null> {
  try {
    const { kind, access } = channelAccess(ws, channelId, signal);
    await kind.send(access, { thread, recipient: thread, reference: randomUUID(), attempt: 1, kind: 'text', author: 'bot', text });
    return null;
  } catch (error) {
    if (error instanceof DeliveryError) return error;
    throw error;
  }
}
