/**
 * WhatsApp by a linked phone: Deskbell is one of the devices of an ordinary account, as WhatsApp Web is. No one at WhatsApp
 * agreed to it, so its risks are said before it is connected, and it only ever replies.
 */
import { publicId } from '../../lib/ids.ts';
import { DeliveryError, type Channel, type Outbound, type Rate, type Reaction, type Sent } from '../channel.ts';
import { fetchAttachment } from './fetch-attachment.ts';
import { addressOf, DIRECT, isGroup, messageIdOf } from './ids.ts';
import { lineOf, notLinking, openLink } from './line.ts';
import type { Access } from './link.ts';
import { listen } from './listen.ts';
import { parseLinked } from './parse.ts';
import { fileContent } from './send-file.ts';
import { linkedSettings } from './settings.ts';
import { wordsContent } from './words.ts';

/** From its first picture on: a minute for that, and twenty seconds for each of the five that follow. */
const PAIRING_MS = 160_000;
/** Nobody publishes what WhatsApp lets an ordinary account do, and it blocks what writes like a machine: no faster than a busy person. */
const rate: Rate = {
  perSecond: 2,
  thread: (thread) => ({ burst: 3, everyMs: 2000, ...(isGroup(thread) ? { together: true } : {}) }),
};
const NOT_OPEN = 'This phone isn’t linked just now.';

export const whatsappLinked: Channel<typeof linkedSettings> = {
  kind: 'whatsapp-linked',
  name: 'WhatsApp',
  isDevice: true,
  sendsByItsLine: true,
  sendsFiles: true,
  repliesTo: true,
  settings: linkedSettings,
  limits: {
    textLength: 4096,
    textUnit: 'utf16',
    captionLength: 1024,
    quietMs: 1500,
    windowMs: null,
    oneBubble: true,
    typingMs: 10_000,
    rate,
  },
  parse: parseLinked,
  listen,
  fetchAttachment,
  send,
  reactsTo: () => true,
  react,

  async connect() {
    // There is no account before a phone has agreed.
    return { name: 'not linked yet', accountId: '' };
  },

  async disconnect(access) {
    const line = lineOf(access);
    if (!line?.link?.open) return;
    try {
      await line.link.logOut();
    } catch {
      return; // the phone's list shows the device until its owner takes it off
    }
  },

  async health(access) {
    if (!lineOf(access)?.link?.open) throw new DeliveryError({ outcome: 'not-sent', permanent: false, says: NOT_OPEN });
  },

  async typing(access, thread, newest, recipient) {
    const link = lineOf(access)?.link;
    if (!link?.open) return;
    try {
      await link.showTyping(addressOf(thread, recipient ?? thread), newest);
    } catch {
      return; // a courtesy: the answer itself tells what is wrong
    }
  },

  async linkByCode(access, phone) {
    const line = lineOf(access);
    if (!line?.link || line.pairingSince === null) throw notLinking();
    const code = await line.link.codeFor(phone);
    line.byCode = true;
    access.device?.show({ kind: 'code', code, phone, until: line.pairingSince + PAIRING_MS });
  },
};

async function send(access: Access, { thread, recipient, reference, text, file, choices = [], replyTo }: Outbound): Promise<Sent> {
  const link = openLink(access);
  const to = addressOf(thread, recipient);
  const words = { text, choices, ...(replyTo ? { replyTo } : {}) };
  const content = file ? await fileContent(access, link, file, { ...words, to }) : wordsContent(words, to, link.own);
  const messageId = messageIdOf(reference);
  await link.say(to, content, messageId, access.signal);
  return { externalId: messageId, state: 'sent' };
}

async function react(access: Access, { thread, recipient, to: { id, author }, emoji }: Reaction): Promise<void> {
  const link = openLink(access);
  const to = addressOf(thread, recipient);
  const key = {
    id,
    remoteJid: to,
    fromMe: author === null,
    ...(isGroup(to) && author !== null ? { participant: addressOf(DIRECT, author) } : {}),
  };
  const reactionMessage = { key, text: emoji ?? '', senderTimestampMs: access.clock.now() };
  await link.say(to, { reactionMessage }, messageIdOf(publicId('dl')), access.signal);
}
