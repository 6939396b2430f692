import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { editChannelSettings, pauseChannel, resumeChannel } from '../../src/channels/index.ts';
import { directionOf, languages } from '../../src/lib/catalogue.ts';
import { request } from '../support/request.ts';
import { clientOf, type Answered } from './support/client.ts';
import { count, newestConversation, houseFor } from './support/house.ts';

describe('the widget over HTTP', () => {
  const house = houseFor(before, after);
  const visitor = clientOf(house);

  describe('the script', () => {
    it('is served to every website, compressed, and not again while it is the same', async () => {
      const first = await request('GET', `${house.url}/widget.js`);
      equal(first.status, 200);
      match(first.headers.get('Content-Type') ?? '', /^text\/javascript/);
      equal(first.headers.get('Access-Control-Allow-Origin'), '*');
      equal(first.headers.get('Cross-Origin-Resource-Policy'), 'cross-origin');
      equal(first.headers.get('Content-Encoding'), 'gzip');
      equal(first.headers.get('Set-Cookie'), null);
      const again = await request('GET', `${house.url}/widget.js`, {
        headers: { 'If-None-Match': first.headers.get('ETag') ?? '', 'Cache-Control': 'max-age=0' },
      });
      equal(again.status, 304);
    });
  });

  describe('the settings', () => {
    it('hold names, colours and words in the language that the browser asks for', async () => {
      const { status, body } = await visitor.get('settings', { 'Accept-Language': 'de-AT,de;q=0.9,en;q=0.5' });
      equal(status, 200);
      equal(body['name'], 'Café Aurora');
      equal(body['bot'], 'Aurora');
      equal(body['colour'], '#b8371a');
      equal(body['language'], 'de');
      match(String(body['notice']), /Sie schreiben mit einer KI/);
    });

    it('are in the language that the owner fixed, turned as it is read, and so is the full page', async () => {
      const fix = (language: string): Promise<void> =>
        editChannelSettings(house.ws, { channelId: house.channel.id, settings: { language }, userId: house.ownerId });
      await fix('he');
      const { body } = await visitor.get('settings', { 'Accept-Language': 'en' });
      deepEqual([body['language'], body['dir']], ['he', 'rtl']);
      const page = await request('GET', `${house.url}/c/${house.channel.publicId}`, { headers: { Accept: 'text/html' } });
      match(page.text, /<html lang="he" dir="rtl"/);
      await fix('visitor');
      for (const language of languages) {
        const { body: spoken } = await visitor.get('settings', { 'Accept-Language': `${language}-XX` });
        deepEqual([spoken['language'], spoken['dir']], [language, directionOf(language)]);
      }
    });

    it('make the channel connected: a page was seen that shows it', async () => {
      await visitor.get('settings');
      equal(house.ws.prepare('SELECT status FROM channels WHERE id = ?').pluck().get(house.channel.id), 'connected');
    });

    it('of a widget that is not there are 404', async () => {
      const response = await request('GET', `${house.url}/widget/wc_nothing/settings`);
      equal(response.status, 404);
    });
  });

  describe('which website may use it', () => {
    it('its own pages and those listed, with a preflight that the browser may keep', async () => {
      await house.allow('https://www.aurora.example');
      const origin = 'https://www.aurora.example';
      const asked = await request('OPTIONS', house.to('messages'), {
        headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
      });
      equal(asked.status, 204);
      equal(asked.headers.get('Access-Control-Allow-Origin'), origin);
      ok(Number(asked.headers.get('Access-Control-Max-Age')) > 0);
      equal((await visitor.get('settings', { Origin: origin })).status, 200);
      equal((await visitor.get('settings', { Origin: house.url })).status, 200);
      equal((await visitor.get('settings')).status, 200);
    });

    it('no other: 403 in plain words that the page can read, and nothing is stored', async () => {
      const before = count(house, 'messages');
      for (const origin of ['https://evil.example', 'https://www.aurora.example.evil.example', 'http://www.aurora.example', 'null']) {
        const asked = await request('OPTIONS', house.to('messages'), { headers: { Origin: origin } });
        equal(asked.headers.get('Access-Control-Allow-Origin'), null, origin);
        const { status, body, headers } = await visitor.post('messages', { text: 'Hi', clientId: randomUUID() }, { Origin: origin });
        equal(status, 403);
        equal(body.error, 'This chat isn’t switched on for this website.');
        equal(headers.get('Access-Control-Allow-Origin'), origin);
      }
      equal(count(house, 'messages'), before);
    });
  });

  describe('asking for a person', () => {
    it('works before the first word, calls one, and says so once', async () => {
      const clientId = randomUUID();
      const { status, body } = await visitor.post('person', { clientId });
      equal(status, 200);
      const again = await visitor.post('person', { clientId });
      equal(again.body.conversation, body.conversation);
      await visitor.post('person', { clientId: randomUUID(), token: body.token });
      const conversationId = newestConversation(house);
      const row = house.ws.prepare('SELECT turn, wanted_since IS NOT NULL AS wanted FROM conversations WHERE id = ?').get(conversationId);
      deepEqual(row, { turn: 'person', wanted: 1 });
      const said = house.ws
        .prepare("SELECT count(*) FROM messages WHERE conversation_id = ? AND author = 'bot'")
        .pluck()
        .get(conversationId);
      equal(said, 1);
    });
  });

  describe('too much at once', () => {
    it('of one visitor is 429 with a time to wait, and others go on', async () => {
      const { token } = await visitor.begin();
      const statuses = [];
      for (let n = 0; n < 31; n++) statuses.push((await visitor.say(`message ${n}`, token)).status);
      ok(statuses.includes(429));
      const { status, body, headers } = await visitor.say('again', token);
      equal(status, 429);
      match(body.error ?? '', /Wait a moment/);
      ok(Number(headers.get('Retry-After')) > 0);
      equal((await visitor.say('somebody else')).status, 200);
    });

    it('from one address is 429, and other addresses go on', async () => {
      const from = (ip: string): Promise<Answered> => visitor.get('settings', { 'X-Forwarded-For': ip });
      const statuses = await Promise.all(Array.from({ length: 241 }, () => from('203.0.113.7')));
      equal(statuses.filter(({ status }) => status === 429).length, 1);
      equal((await from('203.0.113.8')).status, 200);
    });

    it('leaves no address in the database', () => {
      const bytes = house.ws.sql.serialize();
      ok(!bytes.includes('203.0.113.7'));
    });
  });

  it('that was paused says that it is closed', async () => {
    pauseChannel(house.ws, { channelId: house.channel.id, userId: house.ownerId });
    const { status, body } = await visitor.say('Hello?');
    equal(status, 410);
    match(body.error ?? '', /closed for now/);
    await resumeChannel(house.ws, { channelId: house.channel.id, userId: house.ownerId });
    equal((await visitor.say('Hello again')).status, 200);
  });
});
