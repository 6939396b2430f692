import assert from 'node:assert/strict';
import { DeliveryError, type OutFile } from '../../src/channels/channel.ts';
import { whatsapp } from '../../src/channels/whatsapp/index.ts';
import { createOutbound } from '../../src/lib/outbound.ts';
import { MetaSimulator } from '../simulators/meta.ts';
import { metaAccess } from './rigs/meta-access.ts';

const ayse = { name: 'Ayşe Demir', phone: '4915112345678' };

describe('files by WhatsApp', () => {
  let far: MetaSimulator;
  const outbound = createOutbound({ allowPrivate: true });
  beforeEach(async () => {
    far = await new MetaSimulator().start();
    far.wrote(ayse);
  });
  afterEach(() => far.stop());
  after(() => outbound.close());

  const file = (name: string, mime: string, content = Buffer.from(name)): OutFile => ({
    name,
    mime,
    bytes: content.length,
    read: async () => content,
  });
  const send = (sent: OutFile, text = '') =>
    whatsapp.send(metaAccess(far, outbound), {
      thread: 'direct',
      recipient: ayse.phone,
      reference: 'ref-1',
      attempt: 1,
      author: 'bot',
      kind: 'file',
      text,
      file: sent,
    });

  for (const [what, sent, text, as] of [
    ['a picture', file('cake.jpg', 'image/jpeg'), 'Like **this**?', 'image'],
    ['a picture that is too large for one', file('cake.png', 'image/png', Buffer.alloc(6 << 20, 1)), '', 'document'],
    ['a picture in a form that WhatsApp doesn’t show', file('cake.svg', 'image/svg+xml'), '', 'document'],
    ['a voice', file('voice.mp3', 'audio/mpeg'), '', 'audio'],
    ['a voice with words, which can’t stand under one', file('voice.mp3', 'audio/mpeg'), 'Listen', 'document'],
    ['a video', file('oven.mp4', 'video/mp4'), '', 'video'],
    ['a document', file('offer “1”.pdf', 'application/pdf'), 'The offer', 'document'],
  ] as const) {
    it(`${what} goes as ${as}, whole, with its words`, async () => {
      assert.equal((await send(sent, text)).state, 'sent');
      const [got] = far.sent;
      assert.ok(got?.file);
      assert.deepEqual([got.file.as, got.file.mime, got.file.name], [as, sent.mime, sent.name]);
      assert.ok(got.file.content.equals(Buffer.from(await sent.read())));
      assert.equal(got.text, text.replaceAll('**', '*'));
    });
  }

  it('a cut while it is handed over leaves nothing in doubt; a cut of the message itself does', async () => {
    const outcome = (error: unknown) => error instanceof DeliveryError && [error.outcome, error.permanent];
    far.fail('media', { cut: 'after' });
    assert.deepEqual(await send(file('a.pdf', 'application/pdf')).catch(outcome), ['not-sent', false]);
    far.fail('messages', { cut: 'after' });
    assert.deepEqual(await send(file('a.pdf', 'application/pdf')).catch(outcome), ['unknown', false]);
    far.fail('media', { code: 190, status: 401 });
    assert.equal(
      await send(file('a.pdf', 'application/pdf')).catch((error: unknown) => error instanceof DeliveryError && error.account),
      true,
    );
  });
});
