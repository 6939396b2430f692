import assert from 'node:assert/strict';
import { takeOver, wantPerson } from '../../src/conversations/index.ts';
import { storeMessage } from '../../src/conversations/store-message.ts';
import { pageOf, words, type Dom } from '../support/dom.ts';
import type { Client } from '../support/http.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

const HTMX = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' };

describe('the inbox', () => {
  let cast: InboxCast;
  let mira: Client;
  beforeEach(async () => {
    cast = await inboxCast();
    mira = await cast.server.as('owner');
  });
  afterEach(() => cast.end());

  const inbox = async (query = ''): Promise<Dom> => pageOf(await mira.get(`${cast.base}/inbox${query}`));
  const conversation = async (id: number, query = ''): Promise<Dom> => pageOf(await mira.get(`${cast.base}/conversations/${id}${query}`));

  describe('list', () => {
    it('says what comes here while nobody has written', async () => {
      const document = await inbox();
      assert.deepEqual(words(document, '.list .empty h2'), ['No conversations yet']);
      assert.deepEqual(words(document, '#list-line .line'), ['No one waits.']);
    });

    it('puts those who wait first, the longest on top, then yours, the team’s and the bot’s', async () => {
      const bot = await cast.write('Hana', 'When do you close?');
      const mine = await cast.write('Tomasz', 'Four it is.');
      const team = await cast.write('Anna', 'Is it ready?');
      const early = await cast.write('Olu', 'A person, please');
      const late = await cast.write('Priya', 'Me too');
      takeOver(cast.ws, mine, cast.server.people.owner);
      takeOver(cast.ws, team, cast.server.people.agent);
      cast.ws.durable(() => wantPerson(cast.ws, { id: early }, 'They asked for a person.'));
      cast.server.clock.move(60_000);
      cast.ws.durable(() => wantPerson(cast.ws, { id: late }, 'They asked for a person.'));
      cast.server.clock.move(11 * 60_000);
      const document = await inbox();
      assert.deepEqual(words(document, '#list .group'), ['Waiting for a person', 'With you', 'With your team', 'With the bot']);
      assert.deepEqual(words(document, '#list .name'), ['Olu', 'Priya', 'Tomasz', 'Anna', 'Hana']);
      assert.deepEqual(words(document, '#list .state'), ['Has waited 12 min', 'Has waited 11 min']);
      assert.deepEqual(words(document, '#list-line .line mark'), ['Two people are waiting.']);
      assert.match(words(document, '#bell')[0] ?? '', /2 waiting/);
      assert.deepEqual(words(document, 'head title'), ['(2) Inbox, Café Aurora']);
      assert.ok(document.querySelector(`#c${bot} .is-unread`));
    });

    it('keeps to its tab: mine, the bot’s, done', async () => {
      const mine = await cast.write('Tomasz', 'Four it is.');
      await cast.write('Hana', 'When do you close?');
      takeOver(cast.ws, mine, cast.server.people.owner);
      assert.deepEqual(words(await inbox('?tab=mine'), '#list .name'), ['Tomasz']);
      assert.deepEqual(words(await inbox('?tab=bot'), '#list .name'), ['Hana']);
      assert.deepEqual(words(await inbox('?tab=done'), '.list .empty h2'), ['Nothing is done yet']);
      assert.deepEqual(words(await inbox('?tab=forged'), '#list .name'), ['Tomasz', 'Hana']);
    });

    it('finds a message by its words, and shows them', async () => {
      await cast.write('Hana', 'Do you have oat milk?');
      await cast.write('Olu', 'Is there parking nearby?');
      const document = await inbox('?q=oat+milk');
      assert.deepEqual(words(document, '#list .name'), ['Hana']);
      assert.deepEqual(words(document, '#list .said mark'), ['oat', 'milk']);
      assert.deepEqual(words(await inbox('?q=soy+milk'), '.list .empty h2'), ['Nothing holds these words']);
      await cast.write('Ida', 'Could I talk to a person about a wedding breakfast for seventy guests in the garden?');
      assert.deepEqual(words(await inbox('?q=breakfast'), '#list .said'), ['Could I talk to a person about a wedding breakfast for…']);
    });

    it('shows a bot’s last words as they read, without marks and without a lead', async () => {
      const id = await cast.write('Hana', 'Do you have oat milk?');
      cast.botSays(
        id,
        'This is what our information says:\n\n**Oat and soy** cost nothing extra, see [the menu](https://aurora.example/menu). [1]',
      );
      assert.deepEqual(words(await inbox(), '#list .said'), ['Bot: Oat and soy cost nothing extra, see the menu.']);
    });

    it('shows what those who wait have asked, not that the bot called somebody', async () => {
      const id = await cast.write('Olu', 'Do you cater for weddings?');
      cast.botSays(id, 'I can’t answer that well, so I’ve asked a person to look at it.');
      assert.deepEqual(words(await inbox(), '#list .said'), ['Bot: I can’t answer that well, so I’ve asked a person to look at it.']);
      cast.ws.durable(() => wantPerson(cast.ws, { id }, 'The bot found no answer.'));
      assert.deepEqual(words(await inbox(), '#list .said'), ['Do you cater for weddings?']);
      const open = await conversation(id);
      assert.match(words(open, '.holder')[0] ?? '', /^Aurora answers meanwhile/);
      assert.match(words(open, '.takeover p')[0] ?? '', /^No person has this yet\. Olu has waited/);
    });

    it('shows fifty and leads to more', async () => {
      for (let n = 0; n < 53; n += 1) await cast.write(`Guest ${n}`, 'Hello');
      const document = await inbox();
      assert.equal(document.querySelectorAll('#list .row').length, 50);
      const more = document.querySelector('.more-rows a')?.getAttribute('href') ?? '';
      assert.equal(pageOf(await mira.get(more)).querySelectorAll('#list .row').length, 53);
    });
  });

  describe('conversation', () => {
    it('shows what was said, by whom, with sources, receipts and cost', async () => {
      const id = await cast.write('Jonas', 'Do you do cakes?\nFor eleven?');
      const runId = cast.run(id, 'Do you do cakes?');
      const sources = [
        { n: 1, chunkId: 1, sourceId: 3, title: 'Cakes and orders', path: 'page 2' },
        { n: 2, chunkId: 2, sourceId: 3, title: 'Not cited', path: '' },
      ];
      cast.delivery(cast.botSays(id, '**Yes**, twelve slices.[1] See [9].', { runId, sources }), 'read');
      const document = await conversation(id);
      assert.equal(document.querySelector('#thread .is-customer .as-written')?.textContent, 'Do you do cakes?\nFor eleven?');
      assert.deepEqual(words(document, '#thread .is-bot strong'), ['Yes']);
      assert.deepEqual(words(document, '#thread .sources a'), ['Cakes and orders, page 2']);
      assert.match(document.querySelector('#thread .sources a')?.getAttribute('href') ?? '', /\/knowledge\/3\/passages\/1$/);
      const cite = document.querySelector('#thread .cite')?.getAttribute('href') ?? '';
      assert.ok(document.querySelector(cite), 'the citation leads to its source');
      assert.match(
        words(document, '#thread .is-bot .receipt')[0] ?? '',
        /^Aurora, bot ?Read 10:00 ?1\.3 s ?€0\.0021 ?How it was made ?Trace ?This answer was wrong$/,
      );
      assert.deepEqual(words(document, '.contact h2'), ['Jonas']);
    });

    it('says plainly what became of each message', async () => {
      const id = await cast.write('Jonas', 'Hi');
      const expected: [state: string, says: string | undefined, shown: RegExp][] = [
        ['queued', undefined, /Sending/],
        ['queued', 'Telegram asks to wait a moment.', /Waits to be sent\. Telegram asks to wait a moment\./],
        ['sent', undefined, /Sent 10:00/],
        ['delivered', undefined, /Delivered 10:00/],
        ['cancelled', 'A person took over.', /Not sent\. A person took over\./],
        ['uncertain', 'No answer.', /Uncertain: not confirmed by Telegram.*It arrived.*Send again/],
        ['failed', 'The chat is gone.', /Not sent\. The chat is gone\..*Send again/],
      ];
      for (const [state, says] of expected) cast.delivery(cast.botSays(id, state), state, says);
      const receipts = words(await conversation(id), '#thread .receipt');
      expected.forEach(([, , shown], index) => assert.match(receipts[index] ?? '', shown));
    });

    it('takes nothing that a customer wrote for HTML or for htmx', async () => {
      const evil = '<script>alert(1)</script><img src=x onerror=alert(1)> <hx-partial hx-target="#bell">x</hx-partial>';
      const id = await cast.write(evil, evil);
      cast.botSays(id, `${evil} [x](javascript:alert(1)) ![y](https://evil.example/p.png)`, {
        sources: [{ n: 1, chunkId: 1, sourceId: 1, title: evil, path: '' }],
      });
      const document = await conversation(id, `?q=${encodeURIComponent(evil)}`);
      assert.equal(document.querySelectorAll('main script:not([src^="/assets/"]), main img, hx-partial').length, 0);
      assert.equal(document.querySelectorAll('[href^="javascript:"]').length, 0);
      assert.equal(document.querySelector('#thread .is-customer .as-written')?.textContent, evil);
    });

    it('names what can’t be shown, and marks what was cut off or taken back', async () => {
      const id = await cast.write('Jonas', 'Hi');
      cast.ws.durable(() => storeMessage(cast.ws, { conversationId: id, author: 'customer', text: '', parts: [{ kind: 'audio' }] }));
      cast.ws.durable(() => {
        const { messageId } = storeMessage(cast.ws, {
          conversationId: id,
          author: 'customer',
          text: 'my secret',
          parts: [{ kind: 'text', text: 'my secret' }],
        });
        cast.ws.sql.prepare('UPDATE messages SET revoked_at = 1 WHERE id = ?').run(messageId);
      });
      cast.botSays(id, 'We open at', { cutOff: true });
      const document = await conversation(id);
      assert.deepEqual(words(document, '#thread .file'), ['Voice note']);
      assert.match(words(document, '#thread')[0] ?? '', /Taken back by the customer\./);
      assert.doesNotMatch(words(document, '#thread')[0] ?? '', /my secret/);
      assert.match(words(document, '#thread .is-bot .receipt')[0] ?? '', /Cut off: this is what was shown/);
    });

    it('is read by who answers, and not by who only looks', async () => {
      const id = await cast.write('Jonas', 'Hi');
      const unread = (): unknown => cast.ws.sql.prepare('SELECT unread FROM conversations WHERE id = ?').pluck().get(id);
      await (await cast.server.as('viewer')).get(`${cast.base}/conversations/${id}`);
      assert.equal(unread(), 1);
      await conversation(id);
      assert.equal(unread(), 0);
    });

    it('shows a viewer no way to answer, and addresses masked', async () => {
      const id = await cast.write('Jonas', 'Hi');
      const document = pageOf(await (await cast.server.as('viewer')).get(`${cast.base}/conversations/${id}`));
      assert.equal(document.querySelectorAll('.talk form').length, 0);
      assert.deepEqual(words(document, '.contact .ledger dd').slice(0, 1), ['49 … as']);
      assert.deepEqual(words(await conversation(id), '.contact .ledger dd').slice(0, 1), ['49151-Jonas']);
    });

    it('reaches back page by page, also without JavaScript', async () => {
      const id = await cast.write('Jonas', 'first');
      for (let n = 0; n < 70; n += 1) cast.botSays(id, `line ${n}`);
      const document = await conversation(id);
      assert.equal(document.querySelectorAll('#thread > .is-bot').length, 50);
      const earlier = document.querySelector('#earlier a')?.getAttribute('href') ?? '';
      const before = pageOf(await mira.get(earlier));
      assert.equal(before.querySelectorAll('#thread > .is-bot').length, 20);
      assert.equal(before.querySelector('#earlier'), null);
      const part = await mira.get(earlier, HTMX);
      assert.match(part.text, /<hx-partial hx-target="#thread" hx-swap="afterbegin">/);
      assert.doesNotMatch(part.text, /<html/);
    });

    it('marks each day once, in the zone of the business', async () => {
      const id = await cast.write('Jonas', 'in the morning');
      for (const [text, saidAt] of [
        ['before midnight in Berlin', Date.UTC(2026, 10, 24, 22, 59)],
        ['after it', Date.UTC(2026, 10, 24, 23, 1)],
      ] as const) {
        cast.botSays(id, text, { saidAt });
      }
      assert.deepEqual(words(await conversation(id), '#thread .is-day'), ['24 November 2026', '25 November 2026']);
    });

    it('of another workspace isn’t there', async () => {
      const id = await cast.write('Jonas', 'Hi');
      assert.equal((await mira.get(`${cast.base}/conversations/${id + 99}`)).status, 404);
      assert.equal((await (await cast.server.as('outsider')).get(`${cast.base}/conversations/${id}`)).status, 404);
    });
  });

  describe('what members do', () => {
    it('take over, answer, hand back: by plain forms', async () => {
      const id = await cast.write('Jonas', 'A person?');
      const path = `${cast.base}/conversations/${id}`;
      const taken = await mira.post(`${path}/takeover`, {}, { Referer: `${mira.url}${path}?tab=bot` });
      assert.equal(taken.status, 303);
      assert.equal(taken.location, `${path}?tab=bot`, 'back to the list as it was');
      assert.deepEqual(words(await conversation(id), '.holder span'), ['You have this', 'Hand back to the bot']);
      await mira.post(`${path}/messages`, { text: 'Mira here.', draft: 'd1' });
      assert.deepEqual(words(await conversation(id), '#thread .is-person .bubble'), ['Mira here.']);
      await mira.post(`${path}/handback`);
      const document = await conversation(id);
      assert.deepEqual(words(document, '.toast > span'), ['Handed back to the bot.']);
      assert.equal(document.querySelector('.toast form')?.getAttribute('action'), `${path}/takeover`);
      assert.deepEqual(words(document, '.holder span').slice(0, 1), ['Aurora has this']);
    });

    it('get the changed parts of the page when htmx asks', async () => {
      const id = await cast.write('Jonas', 'A person?');
      const answer = await mira.post(`${cast.base}/conversations/${id}/messages`, { text: 'Mira & <b>co</b>', draft: 'd1' }, HTMX);
      assert.equal(answer.status, 200);
      assert.doesNotMatch(answer.text, /<html|\(truncated\)/);
      for (const target of ['#thread', '#talk-head', '#talk-foot', '#list', '#bell'])
        assert.ok(answer.text.includes(`hx-target="${target}"`), target);
      assert.match(answer.text, /Mira &amp; &lt;b&gt;co&lt;\/b&gt;/);
      assert.match(answer.text, /You have this|<b>You<\/b> have this/);
    });

    it('say a thing once, however often the form was sent', async () => {
      const id = await cast.write('Jonas', 'Hi');
      const form = { text: 'Once.', draft: 'the-same' };
      await Promise.all([1, 2, 3].map(() => mira.post(`${cast.base}/conversations/${id}/messages`, form)));
      assert.deepEqual(words(await conversation(id), '#thread .is-person .bubble'), ['Once.']);
    });

    it('leave notes that stay among them', async () => {
      const id = await cast.write('Jonas', 'Hi');
      await mira.post(`${cast.base}/conversations/${id}/notes`, { text: 'Not paid yet.' });
      assert.match(words(await conversation(id), '#thread .is-note')[0] ?? '', /Mira, for the team only, 10:00 ?Not paid yet\./);
      assert.equal(cast.ws.sql.prepare('SELECT count(*) FROM deliveries').pluck().get(), 0);
      assert.equal(cast.ws.sql.prepare('SELECT turn FROM conversations WHERE id = ?').pluck().get(id), 'bot');
    });

    it('are told when there is nothing to send, or too much', async () => {
      const id = await cast.write('Jonas', 'Hi');
      const path = `${cast.base}/conversations/${id}/messages`;
      for (const text of ['', '  \n ', '\u200b', 'x'.repeat(20_001)])
        assert.equal((await mira.post(path, { text })).status, 422, JSON.stringify(text.slice(0, 5)));
      assert.equal((await mira.post(path, { text: 'x', evil: '1' })).status, 400);
      assert.equal((await mira.post(`${cast.base}/conversations/${id}/takeover`, { evil: '1' })).status, 400);
      assert.equal((await mira.post(`${cast.base}/conversations/99/messages`, { text: 'x' })).status, 404);
      assert.equal(cast.ws.sql.prepare("SELECT count(*) FROM messages WHERE author = 'person'").pluck().get(), 0);
    });

    it('mark as done and open again; a newer conversation goes first', async () => {
      const id = await cast.write('Jonas', 'Thanks');
      const path = `${cast.base}/conversations/${id}`;
      await mira.post(`${path}/resolve`);
      assert.deepEqual(words(await inbox('?tab=done'), '#list .name'), ['Jonas']);
      await mira.post(`${path}/reopen`);
      assert.deepEqual(words(await inbox(), '#list .name'), ['Jonas']);
      await mira.post(`${path}/resolve`);
      const newer = await cast.write('Jonas', 'One more thing');
      assert.notEqual(newer, id);
      const late = await mira.post(`${path}/messages`, { text: 'You are welcome' });
      assert.equal(late.status, 409);
      assert.match(late.text, /They have begun a new conversation since/);
      const answer = await mira.post(`${path}/reopen`);
      assert.equal(answer.location, `${cast.base}/conversations/${newer}`);
      assert.deepEqual(words(await conversation(newer), '.toast > span'), ['They have begun a new conversation since. It goes on there.']);
    });

    it('settle what is uncertain', async () => {
      const id = await cast.write('Jonas', 'Hi');
      const first = cast.delivery(cast.botSays(id, 'One'), 'uncertain');
      const second = cast.delivery(cast.botSays(id, 'Two'), 'uncertain');
      const from = { Referer: `${mira.url}${cast.base}/conversations/${id}` };
      assert.equal(
        (await mira.post(`${cast.base}/deliveries/${first}/settle`, { how: 'arrived' }, from)).location,
        `${cast.base}/conversations/${id}`,
      );
      await mira.post(`${cast.base}/deliveries/${second}/settle`, { how: 'again' }, from);
      const receipts = words(await conversation(id), '#thread .receipt');
      assert.match(receipts[0] ?? '', /Delivered/);
      assert.match(receipts[1] ?? '', /Sending/);
      assert.equal((await mira.post(`${cast.base}/deliveries/${second}/settle`, { how: 'forged' })).status, 400);
      const third = cast.delivery(cast.botSays(id, 'Three'), 'uncertain');
      const atMine = { 'HX-Request': 'true', 'HX-Current-URL': `${mira.url}${cast.base}/conversations/${id}?tab=mine` };
      const changes = await mira.post(`${cast.base}/deliveries/${third}/settle`, { how: 'arrived' }, atMine);
      assert.deepEqual(words(pageOf(changes), '.tabs [aria-current="page"]'), ['Mine']);
      assert.equal((await mira.post(`${cast.base}/deliveries/999/settle`, { how: 'again' })).status, 404);
    });
  });
});
