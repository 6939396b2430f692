import assert from 'node:assert/strict';
import { DeliveryError, type Channel, type OutFile } from '../../src/channels/channel.ts';
import { fetchAmong } from '../../src/channels/fetch-among.ts';
import { instagram } from '../../src/channels/instagram/index.ts';
import { messenger } from '../../src/channels/messenger/index.ts';
import { createOutbound } from '../../src/lib/outbound.ts';
import { httpSimulator } from '../simulators/http.ts';
import { MetaMessagingSimulator } from '../simulators/meta-messaging.ts';
import { AYSE } from './on-messaging.ts';
import { metaAccess } from './rigs/meta-access.ts';

const MB = 1 << 20;
const outbound = createOutbound({ allowPrivate: true });
after(() => outbound.close());

const file = (name: string, mime: string, content = Buffer.from(name)): OutFile => ({
  name,
  mime,
  bytes: content.length,
  read: async () => content,
});

const accessTo = (far: MetaMessagingSimulator) => metaAccess(far, outbound);

for (const [product, channel, files] of [
  [
    'messenger',
    messenger,
    [
      ['a picture', file('Törtchen.jpg', 'image/jpeg'), 'image', 'Törtchen.jpg'],
      ['a voice', file('voice.mp3', 'audio/mpeg'), 'audio', 'voice.mp3'],
      ['a film', file('oven.mp4', 'video/mp4'), 'video', 'oven.mp4'],
      ['a document', file('offer “1”.pdf', 'application/pdf'), 'file', 'offer “1”.pdf'],
      ['a picture in a form that isn’t shown', file('cake.svg', 'image/svg+xml'), 'file', 'cake.svg'],
    ],
  ],
  [
    'instagram',
    instagram,
    [
      ['a picture', file('Törtchen 🥐.jpg', 'image/jpeg'), 'image', 'Tortchen __.jpg'],
      ['a voice', file('voice.m4a', 'audio/mp4'), 'audio', 'voice.m4a'],
      ['a film', file('oven.mov', 'video/quicktime'), 'video', 'oven.mov'],
      ['a PDF', file('menü.pdf', 'application/pdf'), 'file', 'menu.pdf'],
    ],
  ],
] as ['messenger' | 'instagram', Channel, [string, OutFile, string, string][]][]) {
  describe(`files by ${channel.name}`, () => {
    let far: MetaMessagingSimulator;
    beforeEach(async () => {
      far = await new MetaMessagingSimulator({ product }).start();
      far.wrote(AYSE);
    });
    afterEach(() => far.stop());

    const send = (sent: OutFile, author: 'bot' | 'person' = 'bot') =>
      channel.send(accessTo(far), {
        thread: AYSE,
        recipient: AYSE,
        reference: 'ref-1',
        attempt: 1,
        author,
        kind: 'file',
        text: '',
        file: sent,
      });
    const outcome = (error: unknown) => error instanceof DeliveryError && [error.outcome, error.permanent, error.account];

    for (const [what, sent, as, name] of files) {
      it(`${what} goes as ${as}, whole`, async () => {
        assert.equal((await send(sent)).state, 'sent');
        const got = far.sent[0]?.file;
        assert.deepEqual([got?.as, got?.mime, got?.name], [as, sent.mime, name]);
        assert.ok(got?.content.equals(Buffer.from(await sent.read())));
      });
    }

    it('a cut while it is handed over leaves nothing in doubt; a cut of the message itself does', async () => {
      const pdf = file('a.pdf', 'application/pdf');
      far.fail('message_attachments', { cut: 'after' });
      assert.deepEqual(await send(pdf).catch(outcome), ['not-sent', false, false]);
      far.fail('messages', { cut: 'after' });
      assert.deepEqual(await send(pdf).catch(outcome), ['unknown', false, false]);
      far.fail('message_attachments', { code: 190, status: 401 });
      assert.deepEqual(await send(pdf).catch(outcome), ['not-sent', false, true]);
      far.fail('message_attachments', { code: 100, subcode: 2018047 });
      assert.deepEqual(await send(pdf).catch(outcome), ['not-sent', true, false]);
    });

    it('a person’s file goes with the tag once a day has passed, and is handed over once', async () => {
      far.wrote(AYSE, Date.now() - 25 * 3600_000);
      await assert.rejects(send(file('a.pdf', 'application/pdf')), /24 hours/);
      await send(file('a.pdf', 'application/pdf'), 'person');
      assert.deepEqual([far.sent.length, far.sent[0]?.tagged, far.uploads.size], [1, true, 2]);
    });

    it('a customer’s file that is away passes by itself; an address that Meta doesn’t keep files at never comes', async () => {
      const { fetchAttachment } = channel;
      assert.ok(fetchAttachment);
      const address = far.files.keep(Buffer.from('x'));
      await assert.rejects(fetchAttachment(accessTo(far), 'https://elsewhere.example/x.png'), { kind: 'gone' });
      far.fail('file.bin', { page: 500 });
      await assert.rejects(fetchAttachment(accessTo(far), address), { kind: 'later' });
      await far.stop();
      await assert.rejects(fetchAttachment(accessTo(far), address), { kind: 'later' });
    });
  });
}

describe('what Instagram doesn’t take', () => {
  it('is refused before a byte is handed over, in words', async () => {
    const far = await new MetaMessagingSimulator({ product: 'instagram' }).start();
    try {
      for (const [sent, says] of [
        [file('prices.xlsx', 'application/vnd.ms-excel'), /Send this as a PDF/],
        [file('cake.png', 'image/png', Buffer.alloc(9 * MB)), /no pictures over 8 MB/],
      ] as const) {
        const part = {
          thread: AYSE,
          recipient: AYSE,
          reference: 'r',
          attempt: 1,
          author: 'person',
          kind: 'file',
          text: '',
          file: sent,
        } as const;
        await assert.rejects(instagram.send(accessTo(far) as Parameters<typeof instagram.send>[0], part), (error: unknown) => {
          assert.ok(error instanceof DeliveryError && error.permanent && error.outcome === 'not-sent');
          return says.test(error.says);
        });
      }
      assert.equal(far.uploads.size, 0);
    } finally {
      await far.stop();
    }
  });
});

describe('a fetch among the places where a far side keeps files', () => {
  const limits = { timeoutMs: 5000 };

  it('asks hosts of these names alone: no other, no name that only ends alike, no other scheme, port or password', async () => {
    const asked: string[] = [];
    const spy = { ...outbound, to: (base: string) => async () => (asked.push(base), new Response('ok')) };
    const fetch = fetchAmong(spy, ['https://files.example', 'https://*.fbcdn.net'], limits);
    for (const url of ['https://files.example/a', 'https://scontent.xx.fbcdn.net/a?b=c', 'https://a.fbcdn.net:443/'])
      assert.equal(await (await fetch(url)).text(), 'ok', url);
    assert.deepEqual(asked, ['https://files.example', 'https://scontent.xx.fbcdn.net', 'https://a.fbcdn.net']);
    for (const url of [
      'https://fbcdn.net/',
      'https://evilfbcdn.net/',
      'https://a.fbcdn.net.evil.example/',
      'https://evil.example/a.fbcdn.net',
      'http://a.fbcdn.net/',
      'https://a.fbcdn.net:8443/',
      'https://a@a.fbcdn.net/',
      'https://other.files.example/',
      'ftp://a.fbcdn.net/',
    ])
      await assert.rejects(fetch(url), { name: 'OutboundError', kind: 'blocked' }, url);
    assert.equal(asked.length, 3);
  });

  it('follows a redirect to another of these places, never elsewhere, and not in circles', async () => {
    const to: Record<string, string> = {};
    const other = await httpSimulator((request, response) => {
      const location = to[request.url ?? ''];
      if (location === undefined) response.end('the file');
      else response.writeHead(302, { location }).end();
    });
    const stray = await httpSimulator((_request, response) => response.end('stray'));
    try {
      Object.assign(to, { '/here': '/there', '/away': stray.url, '/round': '/round', '/inside': 'http://169.254.169.254/latest' });
      const fetch = fetchAmong(outbound, [other.url], limits);
      assert.equal(await (await fetch(`${other.url}/here`)).text(), 'the file');
      for (const path of ['/away', '/round', '/inside']) await assert.rejects(fetch(other.url + path), { kind: 'blocked' }, path);
      assert.deepEqual(stray.requests, []);
    } finally {
      await Promise.all([other.close(), stray.close()]);
    }
  });

  it('checks addresses as every way out does: a private one is refused where the operator allows none', async () => {
    const strict = createOutbound({ allowPrivate: false });
    await assert.rejects(fetchAmong(strict, ['https://*.localhost'], limits)('https://a.localhost/x'), { name: 'OutboundError' });
    await strict.close();
  });
});
