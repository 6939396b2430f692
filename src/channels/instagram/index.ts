/** Instagram: the direct messages of a professional account. What comes in is posted to us; a text is measured in bytes. */
import { z } from 'zod';
import { DeliveryError, type Channel, type ChannelAccess, type Outbound } from '../channel.ts';
import { callGraph } from '../meta-graph.ts';
import { messagingChannel, messagingLimits, messagingRate, sendByMessaging } from '../meta-messaging.ts';
import { inWordsOf } from '../meta-messaging-errors.ts';
import { uploadToMeta, type SentAs } from '../meta-messaging-files.ts';
import { connectAccount, lastingOf } from './account.ts';
import { instagramSettings, type InstagramSettings } from './settings.ts';

type Access = ChannelAccess<InstagramSettings>;

const NAME = 'Instagram';

const person = z.object({ name: z.string().optional(), username: z.string().optional() });
const MB = 1024 * 1024;

export const instagram: Channel<typeof instagramSettings> = {
  ...messagingChannel(NAME, 'instagram'),
  kind: 'instagram',
  settings: instagramSettings,
  limits: { ...messagingLimits, textLength: 1000, textUnit: 'bytes', rate: messagingRate(100) },
  connect: (access) => inWordsOf(NAME, connectAccount(access)),
  lasts: (access) => inWordsOf(NAME, lastingOf(access)),
  // Its echoes bring no reference back: they are known by their id, or by their words while a send is under way.
  send: (access, outbound) =>
    sendByMessaging(access, outbound, { name: NAME, metadata: false, attachment: (part) => attachmentOf(access, part) }),
  async profile(access, externalId) {
    const asked = { path: encodeURIComponent(externalId), query: { fields: 'name,username' }, shape: person };
    const { name, username } = await inWordsOf(NAME, callGraph(access, asked));
    return { ...(name ? { displayName: name } : {}), ...(username ? { username } : {}) };
  },
};

const TAKEN: Record<string, SentAs> = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'image/gif': 'image',
  'audio/aac': 'audio',
  'audio/mp4': 'audio',
  'audio/wav': 'audio',
  'video/mp4': 'video',
  'video/ogg': 'video',
  'video/quicktime': 'video',
  'video/webm': 'video',
  'application/pdf': 'file',
};
const LARGEST_IMAGE = 8 * MB;

async function attachmentOf(access: Access, { file }: Outbound): Promise<Record<string, unknown> | null> {
  if (!file) return null;
  const type = Object.hasOwn(TAKEN, file.mime) ? TAKEN[file.mime] : undefined;
  if (!type) throw notTaken('Instagram takes pictures, sound, film and PDF documents alone. Send this as a PDF, or a link to it.');
  if (type === 'image' && file.bytes > LARGEST_IMAGE)
    throw notTaken('Instagram takes no pictures over 8 MB. Make it smaller, and send it again.');
  const id = await uploadToMeta(access, file, type, asciiName(file.name), { platform: 'instagram' });
  return { type, payload: { attachment_id: id } };
}

function notTaken(says: string): DeliveryError {
  return new DeliveryError({ outcome: 'not-sent', permanent: true, says });
}

/** Instagram refuses names with other letters. */
function asciiName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/g, '_');
}
