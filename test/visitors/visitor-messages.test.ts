import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { addChannel } from '../../src/channels/index.ts';
import { TestClock } from '../support/clock.ts';
import { request } from '../support/request.ts';
import { bearer, clientOf } from './support/client.ts';
import { listenTo } from './support/events.ts';
import { answer, count, newestConversation, houseFor, openHouse } from './support/house.ts';

describe('what visitors write', () => {
  const clock = new TestClock();
  const house = houseFor(before, after, { clock });
  const visitor = clientOf(house);

  describe('a message', () => {
    it('[P3.2-c] makes the visitor’s token with the first message and sets no cookie', async () => {
      const identities = count(house, 'identities');
      const settings = await visitor.get('settings');
      equal(settings.headers.get('Set-Cookie'), null);
      equal(settings.body.token, undefined);
      equal(count(house, 'identities'), identities);
      const { status, body, headers } = await visitor.say('Hello');
      equal(status, 200);
      match(body.token ?? '', /^v1\./);
      match(body.conversation ?? '', /^cv_/);
      ok(body.messageId);
      equal(headers.get('Set-Cookie'), null);
      equal(count(house, 'identities'), identities + 1);
    });

    it('with a token goes on in the same conversation and brings no new token', async () => {
      const { token, conversationId } = await visitor.begin();
      const { body } = await visitor.say('And at noon?', token);
      equal(body.token, undefined);
      equal(newestConversation(house), conversationId);
    });

    it('[P3.2-a] that is sent again is stored once and answered with the same ids, also when the first answer was lost', async () => {
      const messages = count(house, 'messages');
      const clientId = randomUUID();
      const first = await visitor.say('Do you deliver?', undefined, clientId);
      const again = await visitor.say('Do you deliver?', undefined, clientId);
      const withToken = await visitor.say('Do you deliver?', first.body.token, clientId);
      deepEqual([again.body.messageId, withToken.body.messageId], [first.body.messageId, first.body.messageId]);
      equal(again.body.conversation, first.body.conversation);
      equal(count(house, 'messages'), messages + 1);
      equal((await visitor.get('thread', bearer(again.body.token))).status, 200);
    });

    it('posted ten times at the same instant makes one contact, one conversation, one message', async () => {
      const before = (['contacts', 'conversations', 'messages'] as const).map((table) => count(house, table));
      const clientId = randomUUID();
      const answers = await Promise.all(Array.from({ length: 10 }, () => visitor.say('Are you open?', undefined, clientId)));
      deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
      equal(new Set(answers.map(({ body }) => body.messageId)).size, 1);
      deepEqual(
        (['contacts', 'conversations', 'messages'] as const).map((table) => count(house, table)),
        before.map((n) => n + 1),
      );
    });

    it('and others of the same visitor at the same instant stay in one conversation', async () => {
      const { token } = await visitor.begin();
      const conversations = count(house, 'conversations');
      const answers = await Promise.all(['one', 'two', 'three', 'four'].map((text) => visitor.say(text, token)));
      equal(new Set(answers.map(({ body }) => body.messageId)).size, 4);
      equal(count(house, 'conversations'), conversations);
    });

    it('is kept as it was written: emoji alone, Arabic, Hebrew with marks, family emoji', async () => {
      const { token } = await visitor.begin();
      for (const text of [
        '🎂',
        '👨‍👩‍👧‍👦',
        'هل لديكم كعكة نباتية؟',
        'שלום\u200F, עולם',
        'e\u0301clair'.normalize('NFC'),
        '<img src=x onerror=alert(1)>',
      ]) {
        const { status, body } = await visitor.say(text, token);
        equal(status, 200, text);
        equal(house.ws.prepare('SELECT text FROM messages WHERE id = ?').pluck().get(body.messageId), text);
      }
    });

    it('of nothing that can be seen is refused in the visitor’s language', async () => {
      for (const text of ['', '  \n ', '\u200B\u200B', '\u202E\uFEFF', '\u200D']) {
        const { status, body } = await visitor.post('messages', { text, clientId: randomUUID() }, { 'Accept-Language': 'de' });
        equal(status, 422, JSON.stringify(text));
        equal(body.error, 'Es gibt noch nichts zu senden. Schreiben Sie ein paar Worte.');
      }
    });

    it('of 4,000 characters is taken, of one more refused', async () => {
      equal((await visitor.say('ä'.repeat(4000))).status, 200);
      const { status, body } = await visitor.say('a'.repeat(4001));
      equal(status, 422);
      match(body.error ?? '', /up to 4,000 characters/);
    });

    it('that is no such form is refused, and the next one is taken', async () => {
      const messages = count(house, 'messages');
      const refused: [string, unknown, number, Record<string, string>?][] = [
        ['broken JSON', '{"text": "Hi', 400],
        ['a list', '[]', 400],
        ['an unknown field', { text: 'Hi', clientId: randomUUID(), admin: true }, 400],
        ['no clientId', { text: 'Hi' }, 400],
        ['a short clientId', { text: 'Hi', clientId: '1' }, 400],
        ['a number for text', { text: 7, clientId: randomUUID() }, 400],
        ['a form', 'text=Hi', 415, { 'Content-Type': 'application/x-www-form-urlencoded' }],
        ['a megabyte', { text: 'x'.repeat(1024 * 1024), clientId: randomUUID() }, 413],
        ['a strange charset', '{}', 415, { 'Content-Type': 'application/json; charset=klingon' }],
      ];
      for (const [what, body, status, headers] of refused) equal((await visitor.post('messages', body, headers)).status, status, what);
      equal(count(house, 'messages'), messages);
      equal((await visitor.say('Still here?')).status, 200);
    });
  });

  describe('a token', () => {
    it('that is forged, of another widget or expired is refused in plain words', async () => {
      const { token } = await visitor.begin();
      const [form, id, channel, at, mac] = token.split('.');
      const forged = [
        'nonsense',
        '',
        `${form}.${id}.${channel}.${at}.${'A'.repeat(43)}`,
        `${form}.${id}.2.${at}.${mac}`,
        `${form}.AAAAAAAAAAAAAAAAAAAAAA.${channel}.${at}.${mac}`,
        `${form}.${id}.${channel}.zzzzzzzz.${mac}`,
        `${token}A`,
        token.slice(0, -2),
        '.'.repeat(200),
      ];
      for (const bad of forged) {
        equal((await visitor.get('thread', bearer(bad))).status, 401, bad);
        if (bad !== '') equal((await visitor.say('Hi', bad)).status, 401, bad);
      }
      clock.move(181 * 24 * 3600_000);
      const late = await visitor.get('thread', bearer(token));
      equal(late.status, 401);
      match(late.body.error ?? '', /earlier conversation has ended/);
      clock.move(-181 * 24 * 3600_000);
      equal((await visitor.get('thread', bearer(token))).status, 200);
    });

    it('opens one visitor’s conversations and nobody else’s', async () => {
      const leyla = await visitor.begin('I am Leyla');
      const tom = await visitor.begin('I am Tom');
      const thread = JSON.stringify((await visitor.get('thread', bearer(tom.token))).body);
      match(thread, /I am Tom/);
      ok(!thread.includes('Leyla'));
      const stream = await listenTo(house.to('stream'), { ...bearer(tom.token), 'Last-Event-ID': '0' });
      await stream.until(({ event }) => event === 'state');
      answer(house, leyla.conversationId, ['For Leyla']);
      const mine = answer(house, tom.conversationId, ['For Tom']);
      await stream.until(({ id }) => id === String(mine));
      ok(!JSON.stringify(stream.seen).includes('Leyla'));
      stream.close();
    });

    it('of another widget of the same business is worth nothing', async () => {
      const other = await addChannel(house.ws, { kind: 'widget', settings: {}, botId: null, userId: house.ownerId });
      const { token } = await visitor.begin();
      const said = await request('POST', `${house.url}/widget/${other.publicId}/messages`, {
        headers: { 'Content-Type': 'application/json', ...bearer(token) },
        body: JSON.stringify({ text: 'Hi', clientId: randomUUID() }),
      });
      equal(said.status, 401);
    });

    it('of another workspace’s widget is worth nothing', async () => {
      const other = await openHouse();
      const { token } = await visitor.begin();
      const response = await request('GET', other.to('thread'), { headers: { ...bearer(token), Accept: 'application/json' } });
      equal(response.status, 401);
      await other.end();
    });
  });
});
