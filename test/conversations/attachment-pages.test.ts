import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { receiveEvents } from '../../src/conversations/index.ts';
import type { NamedFile } from '../../src/conversations/attachments/attachment.ts';
import { keepFile } from '../../src/conversations/attachments/keep-file.ts';
import type { InPart } from '../../src/channels/index.ts';
import { pageOf, words } from '../support/dom.ts';
import { formOf, pdf, png, wav, type GivenFile } from '../support/files.ts';
import { widgetChannel } from '../support/stand-in-channel.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

describe('files in the inbox', () => {
  let cast: InboxCast;
  let widget: number;
  before(async () => {
    cast = await inboxCast();
    widget = widgetChannel(cast.ws, { botId: null }).id;
  });
  after(() => cast.end());

  let next = 1;
  /** A visitor's message with a file and other parts; returns its conversation and the attachment's id. */
  async function sent(content: Uint8Array | null, name = 'cake.png', more: InPart[] = []): Promise<{ id: number; file: number }> {
    const n = next++;
    const files = new Map<string, NamedFile>();
    if (content) {
      const file = await keepFile(
        cast.ws,
        (async function* () {
          yield content;
        })(),
      );
      files.set('r', { name, file });
    }
    const [received] = await receiveEvents(
      cast.ws,
      widget,
      [
        {
          type: 'message',
          thread: `v${n}`,
          sender: { externalId: `v${n}` },
          externalId: `m${n}`,
          saidAt: cast.server.clock.now(),
          parts: [...(content ? [{ kind: 'image' as const, file: { reference: 'r', name } }] : []), ...more],
        },
      ],
      { files },
    );
    return { id: received?.conversationId ?? 0, file: cast.ws.sql.prepare('SELECT max(id) FROM attachments').pluck().get() as number };
  }
  const address = (file: number) => `${cast.base}/attachments/${file}`;

  it('are handed out so that nothing in them can act', async () => {
    const { file } = await sent(png(), `a"b'(*)\r\nX-Evil: 1;ü.html`);
    const { status, headers } = await (await cast.server.as('viewer')).get(address(file));
    assert.equal(status, 200);
    assert.equal(headers.get('Content-Type'), 'image/png');
    assert.equal(headers.get('X-Content-Type-Options'), 'nosniff');
    assert.equal(headers.get('Content-Security-Policy'), "default-src 'none'; sandbox");
    assert.equal(headers.get('Cache-Control'), 'private, no-store');
    assert.equal(headers.get('X-Evil'), null);
    assert.match(headers.get('Content-Disposition') ?? '', /^inline; filename\*=UTF-8''[\w.%~-]+$/);
  });

  for (const [what, content] of [
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')],
    ['a PDF', pdf()],
  ] as const) {
    it(`that browsers would run are only saved: ${what}`, async () => {
      const { id, file } = await sent(content, 'cake.png');
      const owner = await cast.server.as('owner');
      const { headers } = await owner.get(address(file));
      assert.equal(headers.get('Content-Type'), 'application/octet-stream');
      assert.match(headers.get('Content-Disposition') ?? '', /^attachment;/);
      const page = pageOf(await owner.get(`${cast.base}/conversations/${id}`));
      assert.equal(page.querySelectorAll('#thread img').length, 0);
      assert.equal(page.querySelector('#thread a.file')?.getAttribute('href'), `${address(file)}?save`);
    });
  }

  it('open to every role of the workspace, to nobody else, and by no other workspace’s address', async () => {
    const { file } = await sent(png());
    for (const person of ['owner', 'admin', 'agent', 'viewer'] as const)
      assert.equal((await (await cast.server.as(person)).get(address(file))).status, 200, person);
    assert.equal((await (await cast.server.as('outsider')).get(address(file))).status, 404);
    assert.equal((await cast.server.stranger().get(address(file))).status, 303);
    const owner = await cast.server.as('owner');
    for (const id of ['0', '-1', '999999', 'x']) assert.equal((await owner.get(`${cast.base}/attachments/${id}`)).status, 404, id);
  });

  it('are played from anywhere: ranges give that part, and what lies outside is refused', async () => {
    const content = Buffer.concat([wav(), Buffer.alloc(200_000, 7)]);
    const { file } = await sent(content, 'voice.wav');
    const owner = await cast.server.as('owner');
    const part = async (range: string) => {
      const { status, headers } = await owner.get(address(file), { Range: range });
      return [status, headers.get('Content-Range'), Number(headers.get('Content-Length'))];
    };
    const all = content.length;
    assert.deepEqual(await part('bytes=0-99'), [206, `bytes 0-99/${all}`, 100]);
    assert.deepEqual(await part('bytes=70000-70009'), [206, `bytes 70000-70009/${all}`, 10]);
    assert.deepEqual(await part('bytes=100-'), [206, `bytes 100-${all - 1}/${all}`, all - 100]);
    assert.deepEqual(await part('bytes=-5'), [206, `bytes ${all - 5}-${all - 1}/${all}`, 5]);
    assert.deepEqual((await part(`bytes=${all}-`)).slice(0, 2), [416, `bytes */${all}`]);
    assert.deepEqual(await part('bytes=0-1,5-6'), [200, null, all]);
    const { text } = await owner.get(address(file), { Range: 'bytes=36-39' });
    assert.equal(text, 'data');
  });

  it('show as what they are, and places and contacts as words without a link', async () => {
    const place: InPart = { kind: 'location', text: 'Café Aurora, Berlin', detail: { latitude: 52.520008, longitude: 13.404954 } };
    const contact: InPart = { kind: 'contact', text: 'Ayşe Demir, +49 151', detail: { name: 'Ayşe Demir', phone: '+49 151' } };
    const { id, file } = await sent(png(), '<b>cake</b>.png', [place, contact, { kind: 'text', text: 'For Sunday' }]);
    const page = pageOf(await (await cast.server.as('viewer')).get(`${cast.base}/conversations/${id}`));
    const image = page.querySelector('#thread .shot img');
    assert.deepEqual([image?.getAttribute('src'), image?.getAttribute('alt')], [address(file), '<b>cake</b>.png']);
    assert.deepEqual(words(page, '#thread .file'), ['Place: 52.52001, 13.40495Café Aurora, Berlin', 'ContactAyşe Demir, +49 151']);
    assert.equal(page.querySelectorAll('#thread .file a').length, 0);
    assert.deepEqual(words(page, '#thread .as-written'), ['For Sunday']);
  });

  it('that aren’t there yet, failed or never come say so; who answers can have one fetched again', async () => {
    const { id, file } = await sent(null, '', [{ kind: 'audio', file: { reference: 'far-1' } }]);
    const set = (state: string, says: string | null) =>
      cast.ws.durable(() => cast.ws.sql.prepare('UPDATE attachments SET state = ?, says = ? WHERE id = ?').run(state, says, file));
    const seen = async (person: 'agent' | 'viewer') => pageOf(await (await cast.server.as(person)).get(`${cast.base}/conversations/${id}`));
    assert.deepEqual(words(await seen('agent'), '#thread .file'), ['Voice noteBeing fetched']);
    set('failed', 'Telegram is busy.');
    assert.deepEqual(words(await seen('agent'), '#thread .file'), ['Voice noteTelegram is busy.Fetch it again']);
    assert.deepEqual(words(await seen('viewer'), '#thread .file'), ['Voice noteTelegram is busy.']);
    assert.equal((await (await cast.server.as('viewer')).post(`${address(file)}/fetch`)).status, 403);
    assert.equal((await (await cast.server.as('agent')).post(`${address(file)}/fetch`)).status, 303);
    assert.equal(cast.ws.sql.prepare('SELECT state FROM attachments WHERE id = ?').pluck().get(file), 'wanted');
    set('refused', 'This file is empty.');
    assert.deepEqual(words(await seen('agent'), '#thread .file'), ['Voice noteThis file is empty.']);
  });

  describe('that a member sends', () => {
    async function post(id: number, fields: Record<string, string>, files: GivenFile[], path = 'messages') {
      const agent = await cast.server.as('agent');
      return agent.send('POST', `${cast.base}/conversations/${id}/${path}`, {
        body: formOf({ csrf: agent.csrf ?? '', ...fields }, files),
        headers: { Accept: 'text/html', Origin: agent.url },
      });
    }
    const lying = () => readdirSync(join(cast.ws.folder, 'attachments')).length;
    const parts = (id: number) =>
      cast.ws.sql
        .prepare(
          `SELECT p.kind, p.text, a.name, a.mime FROM message_parts p LEFT JOIN attachments a ON a.id = p.attachment_id
           WHERE p.message_id = (SELECT max(id) FROM messages WHERE conversation_id = ? AND author = 'person') ORDER BY p.position`,
        )
        .all(id);

    it('go with the words in one message, once, however often the form is sent', async () => {
      const { id } = await sent(null, '', [{ kind: 'text', text: 'Hi' }]);
      const before = lying();
      for (let again = 0; again < 2; again++)
        assert.equal(
          (
            await post(id, { text: 'Here', draft: 'd1' }, [
              { name: '../../plan.png', content: png() },
              { name: 'b.pdf', content: pdf() },
            ])
          ).status,
          303,
        );
      assert.deepEqual(parts(id), [
        { kind: 'image', text: null, name: 'plan.png', mime: 'image/png' },
        { kind: 'file', text: null, name: 'b.pdf', mime: 'application/pdf' },
        { kind: 'text', text: 'Here', name: null, mime: null },
      ]);
      assert.equal(lying(), before + 2, 'the second form’s files are gone');
      assert.deepEqual(cast.ws.sql.prepare('SELECT DISTINCT state FROM deliveries WHERE conversation_id = ?').pluck().all(id), ['sent']);
    });

    it('need no words', async () => {
      const { id } = await sent(null, '', [{ kind: 'text', text: 'Hi' }]);
      assert.equal((await post(id, { text: '' }, [{ name: 'b.pdf', content: pdf() }])).status, 303);
      assert.deepEqual(parts(id), [{ kind: 'file', text: null, name: 'b.pdf', mime: 'application/pdf' }]);
      assert.equal((await post(id, { text: '' }, [])).status, 422);
    });

    it('that aren’t taken are named, and nothing is sent or kept', async () => {
      const { id } = await sent(null, '', [{ kind: 'text', text: 'Hi' }]);
      const before = lying();
      const good = { name: 'b.pdf', content: pdf() };
      const large = { name: 'film.mp4', content: Buffer.alloc(25 * 1024 * 1024) };
      for (const [files, status, says] of [
        [[good, large], 413, /“film\.mp4” is larger than 20 MB/],
        [[good, { name: 'tool.exe', content: Buffer.from('MZ\0\0') }], 422, /“tool\.exe” wasn’t sent\. This is a program/],
        [[{ name: 'none.txt', content: Buffer.alloc(0) }], 422, /empty/],
        [Array.from({ length: 6 }, () => good), 422, /5 files go at once/],
      ] as const) {
        const answer = await post(id, { text: 'Here' }, [...files]);
        assert.equal(answer.status, status);
        assert.match(answer.text, says);
      }
      assert.equal((await post(id, { text: 'A note' }, [good], 'notes')).status, 422);
      assert.deepEqual([parts(id), lying()], [[], before]);
    });

    it('come from the page itself: another site’s form is refused before a byte is read', async () => {
      const { id } = await sent(null, '', [{ kind: 'text', text: 'Hi' }]);
      const agent = await cast.server.as('agent');
      const answer = await agent.send('POST', `${cast.base}/conversations/${id}/messages`, {
        body: formOf({ text: 'x' }, [{ name: 'b.pdf', content: pdf() }]),
        headers: { Origin: 'https://evil.example' },
      });
      assert.equal(answer.status, 403);
    });
  });
});
