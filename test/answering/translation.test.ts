import assert from 'node:assert/strict';
import { receiveEvents } from '../../src/conversations/index.ts';
import { setPresence } from '../../src/conversations/list/presence.ts';
import { setBudget } from '../../src/providers/index.ts';
import { storeMessage } from '../../src/conversations/store-message.ts';
import { pageOf, words, type Dom } from '../support/dom.ts';
import { eventually } from '../support/eventually.ts';
import type { Client, Fields } from '../support/http.ts';
import { asideCast, type AsideCast } from './aside-cast.ts';

const SPANISH = '¿Tienen pasteles sin gluten para el sábado?';
const HTMX = { 'HX-Request': 'true', Accept: 'text/html, text/event-stream' };

describe('translating', () => {
  let cast: AsideCast;
  let mira: Client;
  let id: number;
  let message: number;
  let page: string;
  let customers = 0;
  let ida: string;
  before(async () => {
    cast = await asideCast();
    mira = await cast.server.as('owner');
  });
  after(() => cast.end());
  beforeEach(async () => {
    customers += 1;
    ida = `Ida ${customers}`;
    ({ conversationId: id, messageId: message } = await cast.write(ida, SPANISH));
    page = `${cast.base}/conversations/${id}`;
    cast.ai.calls.length = 0;
  });

  const open = async (as: Client = mira): Promise<Dom> => pageOf(await as.get(page));
  const item = (of: Dom, messageId = message) => of.querySelector(`#m${messageId}`);
  const translate = (as: Client = mira, messageId = message, headers?: Record<string, string>) =>
    as.post(`${page}/messages/${messageId}/translation`, {}, headers);
  const translations = (of = message) =>
    cast.ws.sql.prepare('SELECT count(*) FROM message_translations WHERE message_id = ?').pluck().get(of);
  const labelOf = (of: Dom) => of.querySelector('#translate [aria-label]')?.getAttribute('aria-label');
  const toastOf = (of: Dom): string => words(of, '.toast').join(' ');

  describe('what a customer or the bot said', () => {
    it('is offered where its language is another than the member reads, and stands under it, with its cost, once it was made', async () => {
      const before = await open();
      assert.equal(item(before)?.querySelector('form.translate')?.getAttribute('action'), `${page}/messages/${message}/translation`);
      cast.ai.says = 'Do you have gluten-free cakes for Saturday?';
      assert.equal((await translate()).location, page);
      const after = await open();
      assert.match(
        words(after, `#m${message} .translated`).join(),
        /^In English: ?Do you have gluten-free cakes for Saturday\? ?\$0\.0.*, how it was made$/,
      );
      assert.match(item(after)?.textContent ?? '', /¿Tienen pasteles/);
      assert.equal(item(after)?.querySelector('form.translate'), null);
      const [run] = cast.runs(id);
      assert.deepEqual([run?.kind, run?.state], ['translation', 'answered']);
      assert.ok((run?.cost ?? 0) > 0);
      const sent = JSON.stringify(cast.ai.calls[0]?.body);
      assert.ok(sent.includes('Translate into English') && sent.includes(SPANISH));
      const how = pageOf(await mira.get(`${page}/runs/${run?.id}`));
      const told = how.querySelector('main')?.textContent ?? '';
      assert.match(told, /translated this for your team/);
      assert.doesNotMatch(told, /What was found/);
    });

    it('isn’t asked for twice: the next who looks has it, and one who reads another language gets their own', async () => {
      cast.ai.says = 'Gluten-free cakes?';
      await translate();
      await translate();
      const jonas = await cast.server.as('admin');
      await translate(jonas);
      assert.equal(cast.ai.calls.length, 1);
      setPresence(cast.ws, cast.server.people.admin, { away: false, sound: false, language: 'de' });
      assert.ok(item(await open(jonas))?.querySelector('form.translate'));
      cast.ai.says = 'Glutenfreie Kuchen?';
      await translate(jonas);
      assert.match(words(await open(jonas), `#m${message} .translated`).join(), /^In German: ?Glutenfreie Kuchen\?/);
      assert.match(words(await open(), `#m${message} .translated`).join(), /^In English: ?Gluten-free cakes\?/);
    });

    it('is asked for once by two at the same time', async () => {
      const release = cast.ai.holdHalfway();
      const first = translate();
      await eventually(() => assert.equal(cast.ai.calls.length, 1));
      const jonas = await cast.server.as('admin');
      const { text } = await translate(jonas, message, HTMX);
      assert.match(text, /Somebody asked for this a moment ago/);
      release();
      await first;
      assert.equal(cast.ai.calls.length, 1);
    });

    it('comes to every open page by itself', async () => {
      const stream = await fetch(`${cast.server.url}${cast.base}/live?conversation=${id}&list=1&after=${cast.ws.revision}`, {
        headers: { Cookie: (await cast.server.as('agent')).cookie ?? '' },
      });
      const reader = stream.body?.getReader();
      cast.ai.says = 'Gluten-free cakes?';
      assert.equal((await translate(mira, message, HTMX)).status, 204);
      let heard = '';
      while (reader && !heard.includes('Gluten-free cakes?')) heard += new TextDecoder().decode((await reader.read()).value);
      assert.match(heard, /class="translated"/);
      await reader?.cancel();
    });

    it('leaves out citations of the bot, and shows its Markdown', async () => {
      const text = 'Sí, tenemos **dos** tartas.[1]';
      const said = cast.ws.durable(
        () => storeMessage(cast.ws, { conversationId: id, author: 'bot', text, parts: [{ kind: 'text', text }] }).messageId,
      );
      cast.ai.says = 'Yes, we have **two** cakes.';
      await translate(mira, said);
      assert.equal((await open()).querySelector(`#m${said} .translated strong`)?.textContent, 'two');
      assert.ok(!JSON.stringify(cast.ai.calls[0]?.body).includes('tartas.[1]'));
    });

    it('isn’t offered for what the member can read, for what has no words, and to who only looks', async () => {
      const { messageId: english } = await cast.write(ida, 'Do you also have tea, and what does it cost?');
      const { messageId: smile } = await cast.write(ida, '👍');
      const { messageId: short } = await cast.write(ida, 'Ok');
      const now = await open();
      for (const each of [english, smile, short]) assert.equal(item(now, each)?.querySelector('form.translate'), null);
      const viewer = await cast.server.as('viewer');
      assert.equal(item(await open(viewer))?.querySelector('form.translate'), null);
      assert.equal((await translate(viewer)).status, 403);
    });

    it('goes when the customer changes their words or takes them back', async () => {
      const { messageId } = await cast.write(ida, '¿Y café para llevar?', 'edited');
      await translate(mira, messageId);
      assert.equal(translations(messageId), 1);
      await cast.write(ida, '¿Y té para llevar?', 'edited', true);
      assert.equal(translations(messageId), 0);
      await translate(mira, messageId);
      await receiveEvents(cast.ws, cast.channelId, [
        { type: 'revoked', thread: ida, sender: { externalId: ida }, externalId: 'edited', at: cast.server.clock.now() },
      ]);
      assert.equal(translations(messageId), 0);
      assert.equal((await translate(mira, messageId)).status, 404);
    });

    it('is dropped where the words were changed while it was made', async () => {
      const { messageId } = await cast.write(ida, '¿Y café para llevar?', 'edited');
      const release = cast.ai.holdHalfway();
      const asked = translate(mira, messageId);
      await eventually(() => assert.equal(cast.ai.calls.length, 1));
      await cast.write(ida, '¿Y té para llevar?', 'edited', true);
      release();
      await asked;
      assert.equal(translations(messageId), 0);
    });

    it('of another conversation isn’t there', async () => {
      const other = await cast.write('Ole', '¿Hay sitio?');
      assert.equal((await translate(mira, other.messageId)).status, 404);
    });
  });

  describe('where it can’t be done', () => {
    afterEach(() => cast.set(cast.model));

    it('says what to do: no model, no bot, the provider’s failure, a budget that is spent', async () => {
      cast.ai.fail('no-credit');
      await translate();
      assert.match(toastOf(await open()), /credit/);
      setBudget(cast.ws, cast.botId, { day: '0.000001', month: '', warn: '80', assumed: '' }, cast.server.people.owner);
      await translate();
      assert.match(toastOf(await open()), /budget/i);
      setBudget(cast.ws, cast.botId, { day: '', month: '', warn: '80', assumed: '' }, cast.server.people.owner);
      cast.set({ providerKeyId: null, model: '' });
      await translate();
      assert.match(toastOf(await open()), /needs an AI model, and the bot of this conversation has none/);
      cast.ws.durable(() => cast.ws.sql.prepare('UPDATE conversations SET bot_id = NULL WHERE id = ?').run(id));
      await translate();
      assert.match(toastOf(await open()), /no bot is live on this channel/);
      assert.deepEqual(
        cast.runs(id).map(({ kind, state }) => `${kind} ${state}`),
        ['translation failed'],
      );
    });

    it('takes nothing that broke off or was refused for a translation', async () => {
      cast.ai.fail('refusal');
      await translate();
      assert.match(toastOf(await open()), /refused/);
      cast.ai.fail('cut-clean');
      await translate();
      assert.equal(translations(), 0);
      assert.ok(cast.runs(id).every(({ state }) => state === 'failed'));
    });
  });

  describe('a reply before it is sent', () => {
    const JSON_ASKED = { Accept: 'application/json' };
    const write = (fields: Fields, headers?: Record<string, string>) => mira.post(`${page}/translation`, fields, headers);
    const said = () =>
      cast.ws.sql.prepare("SELECT id, text FROM messages WHERE author = 'person' AND conversation_id = ?").all(id) as {
        id: number;
        text: string;
      }[];

    it('becomes the member’s draft in the customer’s language, to be changed, with what they wrote above it, without a script', async () => {
      assert.equal(labelOf(await open()), 'Translate into Spanish first');
      cast.ai.says = 'Sí, los tenemos.';
      await write({ text: 'Yes, we have them.' });
      const after = await open();
      assert.equal(after.querySelector('#words')?.textContent, 'Sí, los tenemos.');
      assert.equal(after.querySelector('#written [name="original"]')?.getAttribute('value'), 'Yes, we have them.');
      assert.match(toastOf(after), /Translated: read it before you send it\. It cost/);
      await mira.post(`${page}/translation/back`, { text: 'Sí, los tenemos.', original: 'Yes, we have them.' });
      const back = await open();
      assert.equal(back.querySelector('#words')?.textContent, 'Yes, we have them.');
      assert.equal(back.querySelector('#written [name="original"]'), null);
    });

    it('comes to the composer’s script as JSON, and is sent by nobody', async () => {
      cast.ai.says = 'Sí, los tenemos.';
      const told = JSON.parse((await write({ text: 'Yes, we have them.' }, JSON_ASKED)).text) as Record<string, string>;
      assert.equal(told['text'], 'Sí, los tenemos.');
      assert.match(told['written'] ?? '', /value="Yes, we have them\."/);
      assert.match(told['says'] ?? '', /read it before you send it/);
      assert.match(told['run'] ?? '', /\/runs\/\d+$/);
      assert.deepEqual(said(), []);
      cast.ai.fail('overloaded');
      const failed = JSON.parse((await write({ text: 'Yes, we have them.' }, JSON_ASKED)).text) as Record<string, string>;
      assert.equal(failed['text'], undefined);
      assert.ok(failed['says']);
    });

    it('is sent as it was changed, and the team finds under it what was written', async () => {
      await mira.post(`${page}/messages`, { text: 'Sí, ¡los tenemos!', original: 'Yes, we have them.' });
      const [sent] = said();
      assert.equal(sent?.text, 'Sí, ¡los tenemos!');
      assert.match(words(await open(), `#m${sent?.id} .translated`).join(), /Written as: ?Yes, we have them\./);
      const parts = cast.ws.sql.prepare('SELECT text FROM message_parts WHERE message_id = ?').pluck().all(sent?.id);
      assert.deepEqual(parts, ['Sí, ¡los tenemos!'], 'nothing else goes to the channel');
    });

    it('keeps what was written when it is held back', async () => {
      const shown = await open();
      const seen = shown.querySelector('#composer [name="seen"]')?.getAttribute('value') ?? '';
      await cast.write(ida, 'Perdón, para el domingo.');
      await mira.post(`${page}/messages`, { text: 'Sí, los tenemos.', original: 'Yes, we have them.', seen });
      assert.deepEqual(said(), []);
      assert.equal((await open()).querySelector('#written [name="original"]')?.getAttribute('value'), 'Yes, we have them.');
    });

    it('goes by the customer’s words where their language isn’t known, and isn’t offered where both use one', async () => {
      const finnish = await cast.write('Leyla', 'Onko teillä pöytää kuudelle?');
      const theirs = `${cast.base}/conversations/${finnish.conversationId}`;
      assert.equal(labelOf(pageOf(await mira.get(theirs))), 'Translate into the customer’s language first');
      await mira.post(`${theirs}/translation`, { text: 'Yes' });
      assert.ok(JSON.stringify(cast.ai.calls.at(-1)?.body).includes('Onko teillä pöytää'));
      const english = await cast.write('Tom', 'Do you have a table for six, and what does it cost?');
      assert.equal(pageOf(await mira.get(`${cast.base}/conversations/${english.conversationId}`)).querySelector('#translate'), null);
    });

    it('of no words, or too many, is refused in words', async () => {
      assert.equal((await write({ text: ' ' })).status, 422);
      assert.equal((await write({ text: 'x'.repeat(20_001) })).status, 422);
      assert.equal(cast.ai.calls.length, 0);
    });
  });

  it('goes into the language that a member chose for themselves', async () => {
    const saved = await mira.post(`${cast.base}/presence`, { language: 'tr' });
    assert.equal(saved.status, 303);
    const chosen = pageOf(await mira.get(`${cast.base}/presence`));
    assert.equal(chosen.querySelector('[name="language"] [selected]')?.getAttribute('value'), 'tr');
    assert.equal((await mira.post(`${cast.base}/presence`, { language: 'klingon' })).status, 400);
    await translate();
    assert.ok(JSON.stringify(cast.ai.calls[0]?.body).includes('Translate into Turkish'));
    await mira.post(`${cast.base}/presence`, {});
  });
});
