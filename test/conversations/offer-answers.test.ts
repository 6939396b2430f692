import assert from 'node:assert/strict';
import { deliverMessages, deliveryParked, receiveEvents } from '../../src/conversations/index.ts';
import { ayse, onWhatsapp } from '../channels/on-whatsapp.ts';
import { eventually } from '../support/eventually.ts';
import type { Answer, Client, Fields } from '../support/http.ts';
import { castOf } from './cast.ts';

describe('answers that are offered', () => {
  describe('by a member, in the composer', () => {
    const on = onWhatsapp(beforeEach, afterEach);
    let mira: Client;
    let path: string;

    beforeEach(async () => {
      await on.server.installation.jobs.start({ deliver: { run: deliverMessages, onParked: deliveryParked } });
      await on.post(on.far.says(ayse, 'Can I book a table?'));
      mira = await on.server.as('owner');
      path = `/w/${on.ws.id}/conversations/${on.one<{ id: number }>('SELECT id FROM conversations').id}`;
      await mira.post(`${path}/takeover`);
    });

    const say = (fields: Fields): Promise<Answer> => mira.post(`${path}/messages`, fields);
    const sent = async (n: number) => {
      await eventually(() => assert.equal(on.far.sent.length, n));
      return on.far.sent.map(({ text, choices, opener }) => ({ text, titles: choices?.map(({ title }) => title) ?? [], opener }));
    };

    it('go out under the words as buttons; the thread shows them, and which one was touched', async () => {
      assert.equal((await say({ text: 'For how many?', answers: ' For two\r\n\nFor  four\nMore\n' })).status, 303);
      assert.deepEqual(await sent(1), [{ text: 'For how many?', titles: ['For two', 'For four', 'More'], opener: undefined }]);
      const [offer] = on.far.sent;
      const [, chosen] = offer?.choices ?? [];
      await on.post(on.far.says(ayse, { type: 'interactive', interactive: { type: 'button_reply', button_reply: chosen } }));
      const { text } = await mira.get(path);
      assert.match(text, /class="offered"[^>]*><li dir="auto">For two<\/li><li dir="auto">For four<\/li><li dir="auto">More<\/li>/);
      assert.match(text, /For four<\/p><\/div><div class="at num">.*?Chosen from the answers offered/);
      assert.doesNotMatch(text, /Can I book a table\?<\/p><\/div><div class="at num">[^<]*<[^/]*Chosen/);
    });

    it('are a list from four on, opened by a word in the language of what is said', async () => {
      await say({ text: 'Wann möchten Sie kommen?', answers: '9 Uhr\n10 Uhr\n11 Uhr\n12 Uhr' });
      await say({ text: 'When will you come?', answers: '9\n10\n11\n12\n13\n14\n15\n16\n17\n18' });
      const [german, english] = await sent(2);
      assert.deepEqual([german?.opener, german?.titles.length], ['Auswählen', 4]);
      assert.deepEqual([english?.opener, english?.titles.length], ['Choose', 10]);
    });

    it('stand under the end of a text that is longer than may stand with them', async () => {
      const text = 'We have tables inside and in the garden. '.repeat(40).trim();
      await say({ text, answers: 'Inside\nGarden' });
      const parts = await sent(2);
      assert.equal(parts.map((part) => part.text).join(' '), text);
      assert.deepEqual(
        parts.map(({ titles }) => titles),
        [[], ['Inside', 'Garden']],
      );
      assert.ok((parts[1]?.text.length ?? 0) <= 1024);
    });

    for (const [what, fields, says] of [
      ['more than ten', { text: 'When?', answers: '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11' }, /Offer 10 answers at most\./],
      ['one that no button holds', { text: 'When?', answers: 'On Sunday at half past nine' }, /20 characters at most/],
      ['two of the same', { text: 'When?', answers: 'Now\nLater\nNow' }, /Two of the answers to offer are the same\./],
      ['no words above them', { text: '', answers: 'Now' }, /Write what the answers are for\./],
    ] as const) {
      it(`aren’t taken, and nothing is sent: ${what}`, async () => {
        const answer = await say(fields);
        assert.equal(answer.status, 422);
        assert.match(answer.text, says);
        assert.equal(on.one<{ n: number }>("SELECT count(*) AS n FROM messages WHERE author = 'person'").n, 0);
      });
    }

    it('belong in no note', async () => {
      assert.equal((await mira.post(`${path}/notes`, { text: 'Call her', answers: 'Yes' })).status, 422);
    });
  });

  it('by a bot are its starter questions, with the greeting, as far as the channel shows them whole', async () => {
    const cast = await castOf();
    const settings = {
      greeting: 'Welcome.',
      starters: ['Are you open?', 'Can I book a table for six on Sunday?', 'Are you open?', 'Cakes?'],
    };
    cast.ws.durable(() => {
      const insert = 'INSERT INTO bot_versions (bot_id, number, settings, created_at, updated_at) VALUES (?, 1, ?, 0, 0)';
      const version = cast.ws.sql.prepare(insert).run(cast.botId, JSON.stringify(settings)).lastInsertRowid;
      cast.ws.sql.prepare('UPDATE bots SET published_version_id = ? WHERE id = ?').run(version, cast.botId);
    });
    await cast.startJobs();
    const start = { type: 'command', thread: '7', sender: { externalId: '7' }, externalId: '1', command: 'start', saidAt: 0 } as const;
    await receiveEvents(cast.ws, cast.channelId, [start]);
    await eventually(() => assert.equal(cast.far.sent.length, 1));
    const { text, choices } = cast.far.sent[0] ?? assert.fail();
    assert.equal(text, 'Welcome.');
    assert.deepEqual(choices, [
      { id: '1', title: 'Are you open?' },
      { id: '2', title: 'Cakes?' },
    ]);
    await cast.test.end();
  });
});
