import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { addChannel } from '../../src/channels/index.ts';
import { sayAsPerson, handBack, resolveConversation, takeOver, addNote } from '../../src/conversations/index.ts';
import { TestClock } from '../support/clock.ts';
import { answer, count, newestConversation, openHouse, type House } from './support/house.ts';
import { listenTo } from './support/events.ts';

interface Answered {
  status: number;
  body: Record<string, unknown> & { token?: string; messageId?: number; conversation?: string; error?: string };
  headers: Headers;
}

describe('the widget over HTTP', () => {
  let house: House;
  const clock = new TestClock();

  before(async () => {
    house = await openHouse({ clock });
  });
  after(() => house.end());

  async function post(act: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    const raw = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(house.to(act), { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers }, body: raw });
    return { status: response.status, body: (await response.json()) as Answered['body'], headers: response.headers };
  }

  async function get(act: string, headers: Record<string, string> = {}): Promise<Answered> {
    const response = await fetch(house.to(act), { headers: { Accept: 'application/json', ...headers } });
    return { status: response.status, body: (await response.json()) as Answered['body'], headers: response.headers };
  }

  const say = (text: string, token?: string, clientId: string = randomUUID()): Promise<Answered> => post('messages', { text, clientId, ...(token ? { token } : {}) });
  const bearer = (token: string | undefined): Record<string, string> => ({ Authorization: `Bearer ${token}` });

  async function begin(text = 'Is there a vegan cake on Sunday?'): Promise<{ token: string; conversationId: number; messageId: number }> {
    const { body } = await say(text);
    return { token: body.token ?? '', conversationId: newestConversation(house), messageId: body.messageId ?? 0 };
  }

  describe('the script', () => {
    it('is served to every website, compressed, and not again while it is the same', async () => {
      const first = await fetch(`${house.url}/widget.js`);
      equal(first.status, 200);
      match(first.headers.get('Content-Type') ?? '', /^text\/javascript/);
      equal(first.headers.get('Access-Control-Allow-Origin'), '*');
      equal(first.headers.get('Cross-Origin-Resource-Policy'), 'cross-origin');
      equal(first.headers.get('Content-Encoding'), 'gzip');
      equal(first.headers.get('Set-Cookie'), null);
      const again = await fetch(`${house.url}/widget.js`, { headers: { 'If-None-Match': first.headers.get('ETag') ?? '', 'Cache-Control': 'max-age=0' } });
      equal(again.status, 304);
    });
  });

  describe('the settings', () => {
    it('hold names, colours and words in the language that the browser asks for', async () => {
      const { status, body } = await get('settings', { 'Accept-Language': 'de-AT,de;q=0.9,en;q=0.5' });
      equal(status, 200);
      equal(body['name'], 'Café Aurora');
      equal(body['bot'], 'Aurora');
      equal(body['colour'], '#b8371a');
      equal(body['language'], 'de');
      match(String(body['notice']), /Sie schreiben mit einer KI/);
    });

    it('make the channel connected: a page was seen that shows it', async () => {
      await get('settings');
      equal(house.ws.prepare('SELECT status FROM channels WHERE id = ?').pluck().get(house.channel.id), 'connected');
    });

    it('of a widget that is not there are 404', async () => {
      const response = await fetch(`${house.url}/widget/wc_nothing/settings`);
      equal(response.status, 404);
    });
  });

  describe('which website may use it', () => {
    it('its own pages and those listed, with a preflight that the browser may keep', async () => {
      await house.allow('https://www.aurora.example');
      const origin = 'https://www.aurora.example';
      const asked = await fetch(house.to('messages'), { method: 'OPTIONS', headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' } });
      equal(asked.status, 204);
      equal(asked.headers.get('Access-Control-Allow-Origin'), origin);
      ok(Number(asked.headers.get('Access-Control-Max-Age')) > 0);
      equal((await get('settings', { Origin: origin })).status, 200);
      equal((await get('settings', { Origin: house.url })).status, 200);
      equal((await get('settings')).status, 200);
    });

    it('no other: 403 in plain words that the page can read, and nothing is stored', async () => {
      const before = count(house, 'messages');
      for (const origin of ['https://evil.example', 'https://www.aurora.example.evil.example', 'http://www.aurora.example', 'null']) {
        const asked = await fetch(house.to('messages'), { method: 'OPTIONS', headers: { Origin: origin } });
        equal(asked.headers.get('Access-Control-Allow-Origin'), null, origin);
        const { status, body, headers } = await post('messages', { text: 'Hi', clientId: randomUUID() }, { Origin: origin });
        equal(status, 403);
        equal(body.error, 'This chat isn’t switched on for this website.');
        equal(headers.get('Access-Control-Allow-Origin'), origin);
      }
      equal(count(house, 'messages'), before);
    });
  });

  describe('a message', () => {
    it('[P3.2-c] makes the visitor’s token with the first message and sets no cookie', async () => {
      const identities = count(house, 'identities');
      const settings = await get('settings');
      equal(settings.headers.get('Set-Cookie'), null);
      equal(settings.body.token, undefined);
      equal(count(house, 'identities'), identities);
      const { status, body, headers } = await say('Hello');
      equal(status, 200);
      match(body.token ?? '', /^v1\./);
      match(body.conversation ?? '', /^cv_/);
      ok(body.messageId);
      equal(headers.get('Set-Cookie'), null);
      equal(count(house, 'identities'), identities + 1);
    });

    it('with a token goes on in the same conversation and brings no new token', async () => {
      const { token, conversationId } = await begin();
      const { body } = await say('And at noon?', token);
      equal(body.token, undefined);
      equal(newestConversation(house), conversationId);
    });

    it('[P3.2-a] that is sent again is stored once and answered with the same ids, also when the first answer was lost', async () => {
      const messages = count(house, 'messages');
      const clientId = randomUUID();
      const first = await say('Do you deliver?', undefined, clientId);
      const again = await say('Do you deliver?', undefined, clientId);
      const withToken = await say('Do you deliver?', first.body.token, clientId);
      deepEqual([again.body.messageId, withToken.body.messageId], [first.body.messageId, first.body.messageId]);
      equal(again.body.conversation, first.body.conversation);
      equal(count(house, 'messages'), messages + 1);
      equal((await get('thread', bearer(again.body.token))).status, 200);
    });

    it('posted ten times at the same instant makes one contact, one conversation, one message', async () => {
      const before = (['contacts', 'conversations', 'messages'] as const).map((table) => count(house, table));
      const clientId = randomUUID();
      const answers = await Promise.all(Array.from({ length: 10 }, () => say('Are you open?', undefined, clientId)));
      deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
      equal(new Set(answers.map(({ body }) => body.messageId)).size, 1);
      deepEqual((['contacts', 'conversations', 'messages'] as const).map((table) => count(house, table)), before.map((n) => n + 1));
    });

    it('and others of the same visitor at the same instant stay in one conversation', async () => {
      const { token } = await begin();
      const conversations = count(house, 'conversations');
      const answers = await Promise.all(['one', 'two', 'three', 'four'].map((text) => say(text, token)));
      equal(new Set(answers.map(({ body }) => body.messageId)).size, 4);
      equal(count(house, 'conversations'), conversations);
    });

    it('is kept as it was written: emoji alone, Arabic, Hebrew with marks, family emoji', async () => {
      const { token } = await begin();
      for (const text of ['🎂', '👨‍👩‍👧‍👦', 'هل لديكم كعكة نباتية؟', 'שלום\u200F, עולם', 'e\u0301clair'.normalize('NFC'), '<img src=x onerror=alert(1)>']) {
        const { status, body } = await say(text, token);
        equal(status, 200, text);
        equal(house.ws.prepare('SELECT text FROM messages WHERE id = ?').pluck().get(body.messageId), text);
      }
    });

    it('of nothing that can be seen is refused in the visitor’s language', async () => {
      for (const text of ['', '  \n ', '\u200B\u200B', '\u202E\uFEFF', '\u200D']) {
        const { status, body } = await post('messages', { text, clientId: randomUUID() }, { 'Accept-Language': 'de' });
        equal(status, 422, JSON.stringify(text));
        equal(body.error, 'Es gibt noch nichts zu senden. Schreiben Sie ein paar Worte.');
      }
    });

    it('of 4,000 characters is taken, of one more refused', async () => {
      equal((await say('ä'.repeat(4000))).status, 200);
      const { status, body } = await say('a'.repeat(4001));
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
      for (const [what, body, status, headers] of refused) equal((await post('messages', body, headers)).status, status, what);
      equal(count(house, 'messages'), messages);
      equal((await say('Still here?')).status, 200);
    });
  });

  describe('a token', () => {
    it('that is forged, of another widget or expired is refused in plain words', async () => {
      const { token } = await begin();
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
        equal((await get('thread', bearer(bad))).status, 401, bad);
        if (bad !== '') equal((await say('Hi', bad)).status, 401, bad);
      }
      clock.move(181 * 24 * 3600_000);
      const late = await get('thread', bearer(token));
      equal(late.status, 401);
      match(late.body.error ?? '', /earlier conversation has ended/);
      clock.move(-181 * 24 * 3600_000);
      equal((await get('thread', bearer(token))).status, 200);
    });

    it('opens one visitor’s conversations and nobody else’s', async () => {
      const leyla = await begin('I am Leyla');
      const tom = await begin('I am Tom');
      const thread = JSON.stringify((await get('thread', bearer(tom.token))).body);
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
      const { token } = await begin();
      const said = await fetch(`${house.url}/widget/${other.publicId}/messages`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...bearer(token) },
        body: JSON.stringify({ text: 'Hi', clientId: randomUUID() }),
      });
      equal(said.status, 401);
    });

    it('of another workspace’s widget is worth nothing', async () => {
      const other = await openHouse();
      const { token } = await begin();
      const response = await fetch(other.to('thread'), { headers: { ...bearer(token), Accept: 'application/json' } });
      equal(response.status, 401);
      await other.end();
    });
  });

  describe('the stream', () => {
    it('brings an answer word by word, then as the message it became', async () => {
      const { token, conversationId, messageId } = await begin();
      const stream = await listenTo(`${house.to('stream')}?token=${token}&after=${messageId}`);
      await stream.until(({ event }) => event === 'state');
      const id = answer(house, conversationId, ['Yes, the lemon ', 'and olive oil cake.']);
      await stream.until(({ event }) => event === 'draft-ended');
      const kinds = stream.seen.map(({ event, data, id: eventId }) => (event === 'message' ? `message ${data['text']} ${eventId}` : event === 'draft' ? `draft ${data['text']} ${eventId}` : event));
      deepEqual(kinds.filter((kind) => kind !== 'state'), ['draft Yes, the lemon and olive oil cake. undefined', `message Yes, the lemon and olive oil cake. ${id}`, 'draft-ended']);
      stream.close();
    });

    it('that begins in the middle of an answer tells it from its beginning', async () => {
      const { token, conversationId } = await begin();
      house.ws.bus.publish({ type: 'draft', conversationId, runId: 7, text: 'On Sundays ' });
      house.ws.bus.publish({ type: 'draft', conversationId, runId: 7, text: 'we keep ' });
      const stream = await listenTo(house.to('stream'), bearer(token));
      const draft = await stream.until(({ event }) => event === 'draft');
      deepEqual(draft.data, { run: 7, text: 'On Sundays we keep ' });
      house.ws.bus.publish({ type: 'draft-ended', conversationId, runId: 7, messageId: null });
      const ended = await stream.until(({ event }) => event === 'draft-ended');
      equal(ended.data['messageId'], null);
      stream.close();
    });

    it('resumes after the last message that was seen, with nothing lost and nothing twice', async () => {
      const { token, conversationId } = await begin();
      const first = await listenTo(house.to('stream'), { ...bearer(token), 'Last-Event-ID': '0' });
      const one = answer(house, conversationId, ['One']);
      await first.until(({ id }) => id === String(one));
      first.close();
      const two = answer(house, conversationId, ['Two']);
      const three = answer(house, conversationId, ['Three']);
      const second = await listenTo(house.to('stream'), { ...bearer(token), 'Last-Event-ID': String(one) });
      await second.until(({ id }) => id === String(three));
      deepEqual(second.seen.filter(({ event }) => event === 'message').map(({ id }) => Number(id)), [two, three]);
      second.close();
    });

    it('shows a takeover with the person’s first name, their words, and the hand-back; never a note', async () => {
      const { token, conversationId } = await begin();
      const stream = await listenTo(house.to('stream'), bearer(token));
      await stream.until(({ event, data }) => event === 'state' && data['turn'] === 'bot');
      takeOver(house.ws, conversationId, house.ownerId);
      await stream.until(({ event, data }) => event === 'state' && data['turn'] === 'person' && data['who'] === 'Mira');
      addNote(house.ws, { conversationId, userId: house.ownerId, text: 'SECRET: a difficult guest' });
      sayAsPerson(house.ws, { conversationId, userId: house.ownerId, text: 'Hello, Mira here.' });
      const said = await stream.until(({ data }) => data['text'] === 'Hello, Mira here.');
      deepEqual([said.data['author'], said.data['name']], ['person', 'Mira']);
      handBack(house.ws, conversationId, house.ownerId);
      await stream.until(({ event, data }) => event === 'state' && data['turn'] === 'bot' && stream.seen.length > 3);
      const all = JSON.stringify(stream.seen) + JSON.stringify((await get('thread', bearer(token))).body);
      ok(!all.includes('SECRET'));
      ok(!all.includes('Aydin'));
      stream.close();
    });

    it('goes on in the conversation that a message after the end begins', async () => {
      const { token, conversationId } = await begin();
      const stream = await listenTo(house.to('stream'), bearer(token));
      resolveConversation(house.ws, conversationId, house.ownerId);
      await stream.until(({ event, data }) => event === 'state' && data['open'] === false);
      await say('One more thing', token);
      const next = newestConversation(house);
      notEqual(next, conversationId);
      const id = answer(house, next, ['Of course.']);
      await stream.until((event) => event.id === String(id));
      stream.close();
    });

    it('[P3.2-d] makes delivered what it brought; until then it is sent', async () => {
      const { token, conversationId } = await begin();
      const state = (id: number): unknown => house.ws.prepare('SELECT state FROM deliveries WHERE message_id = ?').pluck().get(id);
      const early = answer(house, conversationId, ['Nobody looks']);
      equal(state(early), 'sent');
      const stream = await listenTo(house.to('stream'), { ...bearer(token), 'Last-Event-ID': '0' });
      await stream.until(({ id }) => id === String(early));
      const late = answer(house, conversationId, ['Somebody looks']);
      await stream.until(({ id }) => id === String(late));
      await new Promise((resolve) => setTimeout(resolve, 20));
      deepEqual([state(early), state(late)], ['delivered', 'delivered']);
      stream.close();
    });

    it('without a token is 401', async () => {
      equal((await listenTo(house.to('stream'))).status, 401);
    });
  });

  describe('asking for a person', () => {
    it('works before the first word, calls one, and says so once', async () => {
      const clientId = randomUUID();
      const { status, body } = await post('person', { clientId });
      equal(status, 200);
      const again = await post('person', { clientId });
      equal(again.body.conversation, body.conversation);
      await post('person', { clientId: randomUUID(), token: body.token });
      const conversationId = newestConversation(house);
      const row = house.ws.prepare('SELECT turn, wanted_since IS NOT NULL AS wanted FROM conversations WHERE id = ?').get(conversationId);
      deepEqual(row, { turn: 'person', wanted: 1 });
      const said = house.ws.prepare("SELECT count(*) FROM messages WHERE conversation_id = ? AND author = 'bot'").pluck().get(conversationId);
      equal(said, 1);
    });
  });

  describe('too much at once', () => {
    it('of one visitor is 429 with a time to wait, and others go on', async () => {
      const { token } = await begin();
      const statuses = [];
      for (let n = 0; n < 31; n++) statuses.push((await say(`message ${n}`, token)).status);
      ok(statuses.includes(429));
      const { status, body, headers } = await say('again', token);
      equal(status, 429);
      match(body.error ?? '', /Wait a moment/);
      ok(Number(headers.get('Retry-After')) > 0);
      equal((await say('somebody else')).status, 200);
    });

    it('from one address is 429, and other addresses go on', async () => {
      const from = (ip: string): Promise<Answered> => get('settings', { 'X-Forwarded-For': ip });
      const statuses = await Promise.all(Array.from({ length: 241 }, () => from('203.0.113.7')));
      equal(statuses.filter(({ status }) => status === 429).length, 1);
      equal((await from('203.0.113.8')).status, 200);
    });

    it('[P3.3-b] leaves no address in the database', () => {
      const bytes = house.ws.sql.serialize();
      ok(!bytes.includes('203.0.113.7'));
    });
  });

  it('that was paused says that it is closed', async () => {
    house.ws.prepare("UPDATE channels SET status = 'paused'").run();
    const { status, body } = await say('Hello?');
    equal(status, 410);
    match(body.error ?? '', /closed for now/);
    house.ws.prepare("UPDATE channels SET status = 'connected'").run();
  });
});
