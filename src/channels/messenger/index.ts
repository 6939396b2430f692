/** Messenger: a Facebook Page of the business's own. What comes in is posted to us; receipts come up to a moment. */
import { z } from 'zod';
import type { Channel, Outbound } from '../channel.ts';
import { checkAnswers, messagingLimits, sendByMessaging, showTypingByMessaging, verifyMessaging } from '../meta-messaging.ts';
import { messagingFailure } from '../meta-messaging-errors.ts';
import { fetchMetaFile, uploadToMeta, type SentAs } from '../meta-messaging-files.ts';
import { callGraph, type MetaAccess } from '../meta-graph.ts';
import { metaAccounts, parseMessaging } from '../meta-messaging-parse.ts';
import { lookAtToken } from '../meta-token.ts';
import { connectPage } from './account.ts';
import { messengerSettings } from './settings.ts';

const NAME = 'Messenger';
const OBJECT = 'page';

const person = z.object({ first_name: z.string().optional(), last_name: z.string().optional() });

export const messenger: Channel<typeof messengerSettings> = {
  kind: 'messenger',
  name: NAME,
  sendsFiles: true,
  settings: messengerSettings,
  limits: { ...messagingLimits, textLength: 2000, textUnit: 'utf16' },
  verify: verifyMessaging,
  accounts: (body) => metaAccounts(OBJECT, body),
  parse: (body) => parseMessaging(OBJECT, body),
  fetchAttachment: fetchMetaFile,

  connect: (access) => failing(connectPage(access)),

  async disconnect() {
    // Another channel of the same app may need the Page's subscription, so it stays; what still comes finds no channel.
  },

  health: (access) => failing(checkAnswers(access)),
  lasts: async (access) => ({ endsAt: (await failing(lookAtToken(access))).endsAt }),
  send: (access, outbound) =>
    sendByMessaging(access, outbound, { name: NAME, metadata: true, attachment: (part) => attachmentOf(access, part) }),
  async profile(access, externalId) {
    const asked = { path: encodeURIComponent(externalId), query: { fields: 'first_name,last_name' }, shape: person };
    const { first_name, last_name } = await failing(callGraph(access, asked));
    const displayName = [first_name, last_name].filter(Boolean).join(' ');
    return displayName === '' ? {} : { displayName };
  },
  typing: (access, thread) => showTypingByMessaging(access, thread),
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

async function failing<Result>(act: Promise<Result>): Promise<Result> {
  try {
    return await act;
  } catch (error) {
    throw messagingFailure(NAME, error);
  }
}
