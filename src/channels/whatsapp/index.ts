/** WhatsApp by Meta's Cloud API: a number of the business's own. What comes in is posted to us; what goes out is accepted first, delivered later. */
import { z } from 'zod';
import { markdownToWhatsapp } from '../../lib/whatsapp-markup.ts';
import type { Channel, ChannelAccess, Outbound, Reaction, Sent } from '../channel.ts';
import { callGraph, checkNotStopping, isSignedByMeta, type GraphCall } from '../meta-graph.ts';
import { lookAtToken } from '../meta-token.ts';
import { connect } from './account.ts';
import { choicesContent } from './choices.ts';
import { whatsappFailure } from './errors.ts';
import { fetchAttachment } from './fetch-attachment.ts';
import { parseWhatsapp, whatsappAccounts } from './parse.ts';
import { whatsappSettings, type WhatsappSettings } from './settings.ts';
import { fileContent } from './send-file.ts';
import { componentsOf, listTemplates } from './templates.ts';

type Access = ChannelAccess<WhatsappSettings>;

const accepted = z.object({ messages: z.array(z.object({ id: z.string().min(1) })).min(1) });
const done = z.object({ success: z.literal(true) });
const number = z.object({ id: z.string() });

const DAY_MS = 24 * 3600_000;
/** WhatsApp takes the sign back after 25 s. */
const TYPING_MS = 20_000;
const PHONE = /^\d{5,17}$/;

export const whatsapp: Channel<typeof whatsappSettings> = {
  kind: 'whatsapp',
  name: 'WhatsApp',
  sendsFiles: true,
  repliesTo: true,
  settings: whatsappSettings,
  limits: {
    textLength: 4096,
    textUnit: 'utf16',
    captionLength: 1024,
    choicesTextLength: 1024,
    quietMs: 1500,
    windowMs: DAY_MS,
    oneBubble: true,
    rate: { perSecond: 80, thread: () => ({ burst: 45, everyMs: 6000 }) },
    typingMs: TYPING_MS,
  },
  verify: ({ headers, raw }, { appSecret }) => isSignedByMeta(headers['x-hub-signature-256'], raw, appSecret),
  accounts: whatsappAccounts,
  parse: parseWhatsapp,
  fetchAttachment,

  connect: (access) => failing(connect(access)),

  async disconnect() {
    // Other numbers of the account may use the same subscription, so it is left as it is; what still comes finds no channel.
  },

  async health(access) {
    await call(access, { path: access.settings.phoneNumberId, query: { fields: 'id' }, shape: number });
  },

  lasts: async (access) => ({ endsAt: (await failing(lookAtToken(access))).endsAt }),

  async send(access, outbound) {
    checkNotStopping(access.signal);
    const body = await failing(bodyOf(access, outbound), outbound.attempt);
    const { messages } = await call(access, { path: messagesOf(access), body, shape: accepted }, outbound.attempt);
    return { externalId: messages[0]?.id ?? null, state: 'sent' } satisfies Sent;
  },

  reactsTo: () => true,

  async react(access, reaction) {
    await call(access, { path: messagesOf(access), body: reactionBody(reaction), shape: accepted });
  },

  async typing(access, _thread, newest) {
    if (newest === undefined) return;
    const body = { messaging_product: 'whatsapp', status: 'read', message_id: newest, typing_indicator: { type: 'text' } };
    try {
      await callGraph(access, { path: messagesOf(access), body, shape: done, timeoutMs: 5000 });
    } catch {
      return; // a courtesy: the answer itself tells what is wrong
    }
  },

  templates: (access) => failing(listTemplates(access)),
};

const messagesOf = ({ settings }: Access) => `${settings.phoneNumberId}/messages`;

// A user id belongs to one person for good; a number may have passed to somebody else.
const addressed = (recipient: string) => ({
  messaging_product: 'whatsapp',
  recipient_type: 'individual',
  ...(PHONE.test(recipient) ? { to: recipient } : { recipient }),
});

function reactionBody({ recipient, to, emoji }: Reaction): Record<string, unknown> {
  return { ...addressed(recipient), type: 'reaction', reaction: { message_id: to.id, emoji: emoji ?? '' } };
}

async function bodyOf(
  access: Access,
  { recipient, reference, text, template, file, choices, replyTo }: Outbound,
): Promise<Record<string, unknown>> {
  const envelope = {
    ...addressed(recipient),
    biz_opaque_callback_data: reference,
    ...(replyTo === undefined ? {} : { context: { message_id: replyTo.id } }),
  };
  const words = markdownToWhatsapp(text);
  if (file) return { ...envelope, ...(await fileContent(access, file, words)) };
  if (choices) return { ...envelope, ...choicesContent(words, choices) };
  if (!template) return { ...envelope, type: 'text', text: { body: words, preview_url: false } };
  const { name, language } = template;
  return { ...envelope, type: 'template', template: { name, language: { code: language }, components: componentsOf(template) } };
}

async function call<Result>(access: Access, graphCall: GraphCall<Result>, attempt = 1): Promise<Result> {
  checkNotStopping(access.signal);
  return failing(callGraph(access, graphCall), attempt);
}

async function failing<Result>(act: Promise<Result>, attempt = 1): Promise<Result> {
  try {
    return await act;
  } catch (error) {
    throw whatsappFailure(error, attempt);
  }
}
