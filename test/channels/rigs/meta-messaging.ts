import { instagram } from '../../../src/channels/instagram/index.ts';
import { messenger } from '../../../src/channels/messenger/index.ts';
import { createOutbound } from '../../../src/lib/outbound.ts';
import { MetaMessagingSimulator } from '../../simulators/meta-messaging.ts';
import { entryOf, itemOf, messageIn, messagingBody } from '../../simulators/meta-messaging-webhooks.ts';
import { signatureOf, type Json } from '../../simulators/meta-webhooks.ts';
import { metaAccess } from './meta-access.ts';
import { SAID, type Kind, type Rig, type Saying } from './rig.ts';

const AYSE = '7512340000000501';
const ABOUT = 'm_about';
const FILES_AT_MOST = 1024 * 1024;

const skips = {
  'replies-out': 'the one that is replied to is quoted in words',
  reacts: 'Meta’s reference for pages doesn’t settle how a business reacts, so no member is offered it',
  contact: 'Meta hands on no contacts',
  alias: 'a customer has one id for each account',
  'files-token': 'Meta’s addresses of files need no token',
} as const;

export const messengerKind: Kind = { kind: 'messenger', skips, start: () => startMessaging({ product: 'messenger' }) };
export const instagramKind: Kind = {
  kind: 'instagram',
  skips: { ...skips, 'files-out': 'it takes ASCII in names alone: test/channels/messaging-files.test.ts sends its files' },
  start: () => startMessaging({ product: 'instagram', login: 'instagram' }),
};

/** What a customer does, as Meta posts it. */
function bodiesOf(far: MetaMessagingSimulator): Partial<Record<Saying, unknown>> {
  const file = (type: string, name?: string, more: Json = {}) => [
    { type, payload: { url: far.files.keep(Buffer.from(type), name), ...more } },
  ];
  const says = (said: Json) => far.says(AYSE, said);
  const { latitude: lat, longitude: long } = SAID.place;
  return {
    image: says({ text: SAID.caption, attachments: file('image') }),
    voice: says({ attachments: file('audio') }),
    video: says({ attachments: file('video') }),
    document: says({ attachments: file('file', SAID.name) }),
    sticker: says({
      attachments: [
        ...file('image', 'a.png', { sticker_id: 369239263222822 }),
        ...file('sticker', 'a.png', { sticker_id: 369239263222822 }),
      ],
    }),
    location: says({ attachments: [{ type: 'location', payload: { coordinates: { lat, long } } }] }),
    reaction: far.does(AYSE, { reaction: { mid: ABOUT, action: 'react', reaction: 'other', emoji: SAID.emoji } }),
    'reaction-gone': far.does(AYSE, { reaction: { mid: ABOUT, action: 'unreact' } }),
    reply: says({ text: 'Yes', reply_to: { mid: ABOUT } }),
    edit: far.does(AYSE, { message_edit: { mid: ABOUT, text: SAID.edited, num_edit: 1 } }),
    revoke: far.does(AYSE, { message: { mid: ABOUT, is_deleted: true } }),
    unknown: far.does(AYSE, { optin: { type: 'notification_messages' } }),
    nameless: far.says(AYSE, 'Hi'),
  };
}

async function startMessaging(options: Pick<ConstructorParameters<typeof MetaMessagingSimulator>[0], 'product' | 'login'>): Promise<Rig> {
  const far = await new MetaMessagingSimulator(options).start();
  const outbound = createOutbound({ allowPrivate: true });
  const texts = ['Hi', 'Are you open on Sunday?', 'And on Monday?'];
  const item = (holds: Json) => itemOf(far, AYSE, Date.now(), holds);
  const [hi, sunday, monday] = texts.map((text) => item(messageIn(text)));
  far.wrote(AYSE);
  return {
    channel: options.product === 'messenger' ? messenger : instagram,
    secret: far.token.slice(-20),
    thread: AYSE,
    batch: {
      body: messagingBody(
        far,
        entryOf(far, Date.now(), [hi ?? {}, item({ of: 'no known shape' })]),
        entryOf(far, Date.now(), [{ no: 'sender' }, sunday ?? {}, monday ?? {}]),
      ),
      texts,
    },
    pauseMs: 15_000,
    link: '[d](e)',
    access: (more = {}) => ({ ...metaAccess(far, outbound, { maxBytes: FILES_AT_MOST }), ...more }),
    says: (text, { at = Date.now(), id } = {}) => far.says(AYSE, text, { at, ...(id === undefined ? {} : { mid: `m_${id}` }) }),
    saysMany: (many) =>
      messagingBody(
        far,
        entryOf(
          far,
          Date.now(),
          many.map((text) => item(messageIn(text))),
        ),
      ),
    bodies: bodiesOf(far),
    sign: (raw) => ({ 'x-hub-signature-256': signatureOf(raw, far.appSecret) }),
    offered: () => far.sent.map(({ choices }) => choices.map(({ title }) => title)),
    touch(title) {
      const touched = far.sent.at(-1)?.choices.find((choice) => choice.title === title);
      return far.says(AYSE, { text: title, quick_reply: { payload: touched?.id } });
    },
    cause(situation) {
      if (situation === 'blocked') far.blocks(AYSE);
      if (situation === 'rate') far.fail('messages', { code: options.product === 'messenger' ? 80006 : 80002 });
      if (situation === 'cut') far.fail('messages', { cut: 'after' });
      if (situation === 'revoked') far.revoke();
      if (situation === 'window') far.wrote(AYSE, Date.now() - 25 * 3600_000);
      if (situation === 'broken') far.fail('messages', { code: 2, status: 500 });
      if (situation === 'page') far.fail('messages', { page: 502 });
      if (situation === 'half') far.fail('messages', { half: true });
    },
    fail: () => undefined,
    read: () => far.sent.map(({ text }) => text),
    readFiles: () => far.sent.flatMap(({ file }) => (file ? [{ name: file.name, content: Buffer.from(file.content), caption: '' }] : [])),
    hold: (content) => far.files.keep(content),
    spoil(reference, how) {
      if (how === 'gone') far.files.replace(reference, null);
      if (how === 'too-large') far.files.replace(reference, Buffer.alloc(FILES_AT_MOST + 1));
      if (how === 'not-now') far.fail('file.bin', { page: 503 });
    },
    shownTyping: () => far.shown.filter((shown) => shown.startsWith('typing_on')).length,
    holdNextSend: () => far.hold('messages'),
    leave: () => far.stop(),
    async end() {
      await far.stop();
      await outbound.close();
    },
  };
}
