/**
 * What Messenger and Instagram share: how something is said to a customer. What people may write for longer than a bot
 * goes with the tag "human agent", and only once Meta has refused it without: so it needs no clock of ours that agrees
 * with Meta's, and an app without that feature loses nothing within the day.
 */
import { z } from 'zod';
import type { Channel, ChannelLimits, Outbound, Rate, Sent } from './channel.ts';
import { callGraph, checkNotStopping, isSignedByMeta, type MetaAccess } from './meta-graph.ts';
import { inWordsOf, isWindowClosed, messagingFailure, tagRefused } from './meta-messaging-errors.ts';
import { fetchMetaFile } from './meta-messaging-files.ts';
import { markdownToPlain } from './meta-messaging-markup.ts';
import { metaAccounts, parseMessaging } from './meta-messaging-parse.ts';
import type { metaSecrets } from './meta-messaging-settings.ts';

const DAY_MS = 24 * 3600_000;
const COURTESY_MS = 5000;

export const messagingLimits = {
  quietMs: 1500,
  windowMs: DAY_MS,
  personWindowMs: 7 * DAY_MS,
  oneBubble: true,
  /** Meta takes the sign back after 20 s. */
  typingMs: 15_000,
} satisfies Partial<ChannelLimits>;

const accepted = z.object({ message_id: z.string().min(1) });
const done = z.object({ recipient_id: z.string() });

interface How {
  /** The channel's name, for sentences. */
  name: string;
  /** What stands in the message instead of its words: a file that was handed over. Throws as `callGraph`, or DeliveryError. */
  attachment(outbound: Outbound): Promise<Record<string, unknown> | null>;
  /** Whether echoes bring our reference back. */
  metadata: boolean;
}

/** Meta counts over the whole account; nobody is to have fewer of it than all. */
export function messagingRate(perSecond: number): Rate {
  return { perSecond, thread: () => ({ burst: perSecond, everyMs: 1000 / perSecond }) };
}

/** Sends one part. Throws DeliveryError. */
export async function sendByMessaging(access: MetaAccess, outbound: Outbound, how: How): Promise<Sent> {
  const { recipient, author, attempt } = outbound;
  checkNotStopping(access.signal);
  try {
    const message = await messageOf(outbound, how);
    checkNotStopping(access.signal);
    const body = { recipient: { id: recipient }, message };
    const answer = await said(access, { ...body, messaging_type: 'RESPONSE' }).catch((error: unknown) => {
      if (author !== 'person' || !isWindowClosed(error)) throw error;
      return taggedAsPerson(access, body);
    });
    return { externalId: answer.message_id, state: 'sent' };
  } catch (error) {
    throw messagingFailure(how.name, error, attempt);
  }
}

async function messageOf(outbound: Outbound, { attachment, metadata }: How): Promise<Record<string, unknown>> {
  const { text, choices = [], reference } = outbound;
  const attached = await attachment(outbound);
  return {
    ...(attached ? { attachment: attached } : { text: markdownToPlain(text) }),
    ...(metadata ? { metadata: reference } : {}),
    ...(choices.length > 0 ? { quick_replies: choices.map(({ id, title }) => ({ content_type: 'text', title, payload: id })) } : {}),
  };
}

function said(access: MetaAccess, body: Record<string, unknown>): Promise<z.infer<typeof accepted>> {
  return callGraph(access, { path: 'me/messages', body, shape: accepted });
}

async function taggedAsPerson(access: MetaAccess, body: Record<string, unknown>): Promise<z.infer<typeof accepted>> {
  try {
    return await said(access, { ...body, messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' });
  } catch (error) {
    throw isWindowClosed(error) ? tagRefused(error) : error;
  }
}

/** Marks what the customer wrote as seen, and shows that an answer is on its way. Never throws. */
async function showTypingByMessaging(access: MetaAccess, recipient: string): Promise<void> {
  for (const action of ['mark_seen', 'typing_on']) {
    const body = { recipient: { id: recipient }, sender_action: action };
    try {
      await callGraph(access, { path: 'me/messages', body, shape: done, timeoutMs: COURTESY_MS });
    } catch {
      return; // a courtesy: the answer itself tells what is wrong
    }
  }
}

/** Of a Page. An Instagram account that is linked to it shares them: whoever subscribes last sets the list. */
export const PAGE_FIELDS = [
  'messages',
  'messaging_postbacks',
  'message_deliveries',
  'message_reads',
  'message_echoes',
  'message_reactions',
  'message_edits',
  'messaging_referrals',
  'messaging_handovers',
  'standby',
];

/** Lets what comes to the account be posted to the app: one that isn't subscribed hears nothing. Throws as `callGraph`. */
export async function subscribe(access: MetaAccess, fields: string[]): Promise<void> {
  const body = { subscribed_fields: fields.join(',') };
  await callGraph(access, { path: 'me/subscribed_apps', body, shape: z.object({ success: z.literal(true) }) });
}

/** What both products do alike. */
export function messagingChannel(name: string, object: 'page' | 'instagram') {
  return {
    name,
    sendsFiles: true,
    verify: ({ headers, raw }, { appSecret }) => isSignedByMeta(headers['x-hub-signature-256'], raw, appSecret),
    accounts: (body) => metaAccounts(object, body),
    parse: (body) => parseMessaging(object, body),
    fetchAttachment: fetchMetaFile,
    typing: showTypingByMessaging,

    async health(access) {
      await inWordsOf(name, callGraph(access, { path: 'me', query: { fields: 'id' }, shape: z.object({ id: z.string() }) }));
    },

    async disconnect() {
      // Another channel of the same app may need the subscription, so it stays; what still comes finds no channel.
    },
  } satisfies Partial<Channel<ReturnType<typeof metaSecrets>>>;
}
