import { whatsapp } from '../../../src/channels/whatsapp/index.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createOutbound } from '../../../src/lib/outbound.ts';
import { MetaSimulator } from '../../simulators/meta.ts';
import { bodyOf, changeOf, contactOf, messageOf } from '../../simulators/meta-webhooks.ts';
import type { Kind, Rig } from './rig.ts';

export const whatsappKind: Kind = { kind: 'whatsapp', skips: {}, start: startWhatsapp };

const FILES_AT_MOST = 1024 * 1024;

async function startWhatsapp(): Promise<Rig> {
  const far = await new MetaSimulator().start();
  const outbound = createOutbound({ allowPrivate: true });
  const ayse = { name: 'Ayşe Demir', phone: '4915112345678' };
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
    thread: ayse.phone,
    batch: { body, texts },
    pauseMs: 4000,
    link: '[d](e)',
    access: (more = {}) => ({
      channelId: 1,
      settings: far.settings,
      state: null,
      apiRoot: far.apiRoot,
      fetch: outbound.to(far.url),
      fetchFile: outbound.to(far.url, { maxBytes: FILES_AT_MOST }),
      agent: () => outbound.agent(far.url),
      clock: systemClock,
      signal: new AbortController().signal,
      ...more,
    }),
    cause(situation) {
      if (situation === 'blocked') far.leaves(ayse);
      if (situation === 'rate') far.fail('messages', { code: 131056 });
      if (situation === 'cut') far.fail('messages', { cut: 'after' });
      if (situation === 'revoked') far.revoke();
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
