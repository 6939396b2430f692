/** What is said by a linked phone, as WhatsApp's own message. */
import { markdownToWhatsapp } from '../../lib/whatsapp-markup.ts';
import type { Choice, Quoted, SentWords } from '../channel.ts';
import type { Own } from './auth.ts';
import type { Content } from './baileys.ts';
import { addressOf, DIRECT, userOf } from './ids.ts';

/** `to` is the chat: by its kind of id the account names itself in it. */
export function wordsContent({ text, choices, replyTo }: SentWords, to: string, own: Own): Content {
  return { extendedTextMessage: { text: withChoices(markdownToWhatsapp(text), choices), ...quoting(replyTo, to, own) } };
}

/** WhatsApp shows no buttons that come from a linked phone: the answers stand under the text, to be typed. */
function withChoices(text: string, choices: Choice[]): string {
  return [text, choices.map(({ title }) => `- ${title}`).join('\n')].filter(Boolean).join('\n\n');
}

/** The reply's mark: a phone shows the words that come with it, and finds the message by its id. */
export function quoting(quoted: Quoted | undefined, to: string, own: Own) {
  if (!quoted) return {};
  const { id: stanzaId, author, text } = quoted;
  const quotedMessage = { conversation: author === null ? markdownToWhatsapp(text) : text };
  return { contextInfo: { stanzaId, participant: author === null ? ownIn(to, own) : addressOf(DIRECT, author), quotedMessage } };
}

function ownIn(to: string, { id, lid }: Own): string {
  return lid === undefined || to.endsWith('@s.whatsapp.net') ? `${userOf(id)}@s.whatsapp.net` : `${userOf(lid)}@lid`;
}
