/** Messenger: a Facebook Page of the business's own. What comes in is posted to us; receipts come up to a moment. */
import { z } from 'zod';
import type { Channel, Outbound } from '../channel.ts';
import { messagingChannel, messagingLimits, messagingRate, sendByMessaging } from '../meta-messaging.ts';
import { inWordsOf } from '../meta-messaging-errors.ts';
import { uploadToMeta, type SentAs } from '../meta-messaging-files.ts';
import { callGraph, type MetaAccess } from '../meta-graph.ts';
import { lookAtToken } from '../meta-token.ts';
import { connectPage } from './account.ts';
import { messengerSettings } from './settings.ts';

const NAME = 'Messenger';

const person = z.object({ first_name: z.string().optional(), last_name: z.string().optional() });

export const messenger: Channel<typeof messengerSettings> = {
  ...messagingChannel(NAME, 'page'),
  kind: 'messenger',
  settings: messengerSettings,
  limits: { ...messagingLimits, textLength: 2000, textUnit: 'utf16', rate: messagingRate(300) },
  connect: (access) => inWordsOf(NAME, connectPage(access)),
  lasts: async (access) => ({ endsAt: (await inWordsOf(NAME, lookAtToken(access))).endsAt }),
  send: (access, outbound) =>
    sendByMessaging(access, outbound, { name: NAME, metadata: true, attachment: (part) => attachmentOf(access, part) }),
  async profile(access, externalId) {
    const asked = { path: encodeURIComponent(externalId), query: { fields: 'first_name,last_name' }, shape: person };
    const { first_name, last_name } = await inWordsOf(NAME, callGraph(access, asked));
    const displayName = [first_name, last_name].filter(Boolean).join(' ');
    return displayName === '' ? {} : { displayName };
  },
};

async function attachmentOf(access: MetaAccess, { file }: Outbound): Promise<Record<string, unknown> | null> {
  if (!file) return null;
  const type = sentAs(file.mime);
  return { type, payload: { attachment_id: await uploadToMeta(access, file, type, file.name, {}) } };
}

/** What is shown or played in the chat; the rest goes as a document. */
const SHOWN: Record<string, SentAs> = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'image/gif': 'image',
  'audio/mpeg': 'audio',
  'audio/mp4': 'audio',
  'audio/aac': 'audio',
  'audio/wav': 'audio',
  'video/mp4': 'video',
  'video/quicktime': 'video',
};

function sentAs(mime: string): SentAs {
  return (Object.hasOwn(SHOWN, mime) ? SHOWN[mime] : undefined) ?? 'file';
}
