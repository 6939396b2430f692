import { whatsapp } from '../../../src/channels/whatsapp/index.ts';
import { createOutbound } from '../../../src/lib/outbound.ts';
import { MetaSimulator } from '../../simulators/meta.ts';
import { bodyOf, changeOf, contactOf, messageOf, signatureOf, type Json, type WhatsappCustomer } from '../../simulators/meta-webhooks.ts';
import { metaAccess } from './meta-access.ts';
import { SAID, type Kind, type Rig, type Saying } from './rig.ts';

const ayse = { name: 'Ayşe Demir', phone: '4915112345678' };
const ABOUT = 'wamid.about';

/** What a customer does, as Meta posts it. */
function bodiesOf(far: MetaSimulator): Record<Saying, unknown> {
  const does = (content: Json, who: WhatsappCustomer = ayse) => far.says(who, content);
  const media = { id: 'media-1', mime_type: 'application/octet-stream', sha256: 'x' };
  const { name, phone } = SAID.contact;
  return {
    image: does({ type: 'image', image: { ...media, caption: SAID.caption } }),
    voice: does({ type: 'audio', audio: { ...media, voice: true } }),
    video: does({ type: 'video', video: media }),
    document: does({ type: 'document', document: { ...media, filename: SAID.name } }),
    sticker: does({ type: 'sticker', sticker: media }),
    location: does({ type: 'location', location: SAID.place }),
    contact: does({ type: 'contacts', contacts: [{ name: { formatted_name: name }, phones: [{ phone }] }] }),
    reaction: does({ type: 'reaction', reaction: { message_id: ABOUT, emoji: SAID.emoji } }),
    'reaction-gone': does({ type: 'reaction', reaction: { message_id: ABOUT } }),
    reply: does({ type: 'text', text: { body: 'Yes' }, context: { id: ABOUT, from: '4930' } }),
    edit: does({ type: 'edit', edit: { original_message_id: ABOUT, message: { type: 'text', text: { body: SAID.edited } } } }),
    revoke: does({ type: 'revoke', revoke: { original_message_id: ABOUT } }),
    unknown: bodyOf(far, { field: 'account_update', value: { event: 'VERIFIED_ACCOUNT' } }),
    nameless: bodyOf(far, changeOf(far, { messages: [messageOf(ayse, 'Hi', Date.now())] })),
    alias: does({ type: 'text', text: { body: 'Hi' } }, { ...ayse, userId: 'DE.1234' }),
  };
}

export const whatsappKind: Kind = { kind: 'whatsapp', skips: {}, start: startWhatsapp };

const FILES_AT_MOST = 1024 * 1024;

async function startWhatsapp(): Promise<Rig> {
  const far = await new MetaSimulator().start();
  const outbound = createOutbound({ allowPrivate: true });
  const texts = ['Hi', 'Are you open on Sunday?', 'And on Monday?'];
  const [hi, sunday, monday] = texts.map((text) => messageOf(ayse, text, Date.now()));
  far.wrote(ayse);
  const contacts = [contactOf(ayse)];
  const body = {
    ...bodyOf(far),
    entry: [
      { id: far.businessAccountId, changes: [changeOf(far, { contacts, messages: [hi, { id: 'wamid.1', of: 'no known shape' }] })] },
      { id: far.businessAccountId, changes: [{ field: 'account_update' }, changeOf(far, { contacts, messages: [sunday, monday] })] },
    ],
  };
  return {
    channel: whatsapp,
    secret: far.token.slice(-20),
    thread: 'direct',
    recipient: ayse.phone,
    batch: { body, texts },
    pauseMs: 4000,
    link: '[d](e)',
    access: (more = {}) => ({ ...metaAccess(far, outbound, { maxBytes: FILES_AT_MOST }), ...more }),
    says: (text, { at = Date.now(), id } = {}) => far.says(ayse, text, { at, ...(id === undefined ? {} : { id: `wamid.${id}` }) }),
    saysMany: (many) => bodyOf(far, changeOf(far, { contacts, messages: many.map((text) => messageOf(ayse, text, Date.now())) })),
    bodies: bodiesOf(far),
    sign: (raw) => ({ 'x-hub-signature-256': signatureOf(raw, far.appSecret) }),
    offered: () => far.sent.map(({ choices = [] }) => choices.map(({ title }) => title)),
    repliedTo: () => far.sent.map(({ replyTo }) => replyTo),
    heardId: ABOUT,
    reactions: () => far.reactions.map(({ messageId, emoji }) => ({ to: messageId, emoji })),
    touch(title) {
      const touched = far.sent.at(-1)?.choices?.find((choice) => choice.title === title);
      return far.says(ayse, { type: 'interactive', interactive: { type: 'button_reply', button_reply: touched } });
    },
    cause(situation) {
      if (situation === 'blocked') far.leaves(ayse);
      if (situation === 'rate') far.fail('messages', { code: 131056 });
      if (situation === 'cut') far.fail('messages', { cut: 'after' });
      if (situation === 'revoked') far.revoke();
      if (situation === 'window') far.wrote(ayse, Date.now() - 25 * 3600_000);
      if (situation === 'broken') far.fail('messages', { code: 2, status: 500 });
      if (situation === 'page') far.fail('messages', { page: 502 });
      if (situation === 'half') far.fail('messages', { half: true });
    },
    fail: () => undefined,
    read: () => far.sent.map(({ text }) => text),
    readFiles: () =>
      far.sent.flatMap(({ file, text }) => (file ? [{ name: file.name ?? '', content: Buffer.from(file.content), caption: text }] : [])),
    hold(content) {
      const reference = `media-${far.files.size}`;
      far.files.set(reference, Buffer.from(content));
      return reference;
    },
    spoil(reference, how) {
      if (how === 'gone') far.files.delete(reference);
      if (how === 'too-large') far.files.set(reference, Buffer.alloc(FILES_AT_MOST + 1));
      if (how === 'not-now') far.fail(reference, { page: 503 });
    },
    shownTyping: () => far.typing.length,
    holdNextSend: () => far.hold('messages'),
    leave: () => far.stop(),
    async end() {
      await far.stop();
      await outbound.close();
    },
  };
}
