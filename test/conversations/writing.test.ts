import assert from 'node:assert/strict';
import { editHours } from '../../src/conversations/hours/hours.ts';
import { takeOver } from '../../src/conversations/index.ts';
import { pageOf, type Dom } from '../support/dom.ts';
import { formOf } from '../support/files.ts';
import type { Client, Fields } from '../support/http.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

describe('the composer', () => {
  let cast: InboxCast;
  let mira: Client;
  let jonas: Client;
  let id: number;
  beforeEach(async () => {
    cast = await inboxCast();
    mira = await cast.server.as('owner');
    jonas = await cast.server.as('admin');
    id = await cast.write('Ida', 'Do you do cakes?');
    takeOver(cast.ws, id, cast.server.people.owner);
  });
  afterEach(() => cast.end());

  const clean = (of: Dom | null | undefined): string => (of?.textContent ?? '').replace(/\s+/g, ' ').trim();
  const open = async (as: Client, query = '') => pageOf(await as.get(`${cast.base}/conversations/${id}${query}`));
  const said = (): string[] =>
    cast.ws.sql
      .prepare("SELECT text FROM messages WHERE conversation_id = ? AND author = 'person' ORDER BY id")
      .pluck()
      .all(id) as string[];
  /** Sends the composer of a page with these words. */
  const send = (as: Client, page: Dom, text: string, more: Fields = {}) => {
    const fields: Fields = { text, ...more };
    for (const name of ['draft', 'seen', 'replyTo']) {
      const value = page.querySelector(`#composer [name="${name}"]`)?.getAttribute('value');
      if (value !== null && value !== undefined) fields[name] ??= value;
    }
    return as.post(`${cast.base}/conversations/${id}/messages`, fields);
  };
  const keep = (as: Client, text: string, more: Fields = {}) =>
    as.post(`${cast.base}/conversations/${id}/draft`, { text, kind: 'reply', ...more });

  describe('drafts', () => {
    it('are kept for each person and conversation, and found again on any device', async () => {
      assert.equal((await keep(mira, 'Half a sent')).status, 204);
      await keep(jonas, 'For us alone', { kind: 'note' });
      const hers = await open(mira);
      assert.equal(hers.querySelector('#words')?.textContent, 'Half a sent');
      assert.equal(hers.querySelector('#composer [checked]')?.getAttribute('value'), 'customer');
      const his = await open(jonas);
      assert.equal(his.querySelector('#words')?.textContent, 'For us alone');
      assert.equal(his.querySelector('#composer [checked]')?.getAttribute('value'), 'team');
    });

    it('are marked in the list of their writer alone', async () => {
      await keep(mira, 'Half a sent');
      assert.match(clean((await open(mira)).querySelector(`#c${id}`)), /Draft/);
      assert.doesNotMatch(clean((await open(jonas)).querySelector(`#c${id}`)), /Draft/);
    });

    it('are gone once they are sent or emptied, and one that comes late doesn’t come back', async () => {
      const page = await open(mira);
      const draft = page.querySelector('#composer [name="draft"]')?.getAttribute('value') ?? '';
      await keep(mira, 'Yes, we do', { draft });
      await send(mira, page, 'Yes, we do');
      await keep(mira, 'Yes, we do', { draft });
      assert.equal((await open(mira)).querySelector('#words')?.textContent, '');
      await keep(mira, 'And');
      await keep(mira, '');
      assert.equal((await open(mira)).querySelector('#words')?.textContent, '');
      assert.equal(cast.ws.sql.prepare('SELECT count(*) FROM reply_drafts').pluck().get(), 0);
    });

    it('of a note that was kept don’t come back either, and the note stands once', async () => {
      const page = await open(mira);
      const draft = page.querySelector('#composer [name="draft"]')?.getAttribute('value') ?? '';
      for (const _ of [1, 2]) await mira.post(`${cast.base}/conversations/${id}/notes`, { text: 'Not paid yet', draft });
      await keep(mira, 'Not paid yet', { draft, kind: 'note' });
      assert.equal(cast.ws.sql.prepare("SELECT count(*) FROM messages WHERE author = 'note'").pluck().get(), 1);
      assert.equal((await open(mira)).querySelector('#words')?.textContent, '');
    });

    it('belong to who may answer, in a conversation that is there', async () => {
      assert.equal((await keep(await cast.server.as('viewer'), 'No')).status, 403);
      assert.equal((await mira.post(`${cast.base}/conversations/999/draft`, { text: 'x', kind: 'reply' })).status, 404);
    });
  });

  describe('what came meanwhile', () => {
    it('from the customer holds a reply back: it is shown, then sent by a second word', async () => {
      const page = await open(mira);
      await cast.write('Ida', 'No, for eleven!');
      await send(mira, page, 'For twelve, then?');
      assert.deepEqual(said(), []);
      const held = await open(mira);
      assert.match(clean(held.querySelector('.held')), /Not sent yet: Ida wrote meanwhile\..*Ida No, for eleven!.*Send anyway/);
      assert.equal(held.querySelector('#words')?.textContent, 'For twelve, then?');
      const anyway = held.querySelector('.held button')?.getAttribute('value') ?? '';
      await send(mira, held, 'For twelve, then?', { anyway });
      assert.deepEqual(said(), ['For twelve, then?']);
      assert.equal((await open(mira)).querySelector('.held'), null);
    });

    it('says plainly that files and answers to offer must be given again, since a form alone had them', async () => {
      const page = await open(mira);
      const seen = page.querySelector('#composer [name="seen"]')?.getAttribute('value') ?? '';
      await cast.write('Ida', 'No, for eleven!');
      const body = formOf({ csrf: mira.csrf ?? '', text: 'Like this?', seen }, [
        { name: 'prices.txt', content: Buffer.from('Lemon cake: 30') },
      ]);
      const sent = await mira.send('POST', `${cast.base}/conversations/${id}/messages`, { body, headers: { Origin: mira.url } });
      assert.equal(sent.status, 303);
      assert.match(clean((await open(mira)).querySelector('.held')), /The files aren’t kept: choose them again\./);
      assert.equal(cast.ws.sql.prepare('SELECT count(*) FROM attachments').pluck().get(), 0);
      await send(mira, page, 'Which one?', { answers: 'Lemon\nAlmond' });
      assert.match(clean((await open(mira)).querySelector('.held')), /The answers to offer aren’t kept: write them again\./);
      await send(mira, page, 'Which one?');
      assert.doesNotMatch(clean((await open(mira)).querySelector('.held')), /again/);
    });

    it('after it was held back holds it back again', async () => {
      const page = await open(mira);
      await cast.write('Ida', 'No, for eleven!');
      await send(mira, page, 'For twelve, then?');
      const anyway = (await open(mira)).querySelector('.held button')?.getAttribute('value') ?? '';
      await cast.write('Ida', 'Forget it.');
      await send(mira, page, 'For twelve, then?', { anyway });
      assert.deepEqual(said(), []);
      assert.match(clean((await open(mira)).querySelector('.held')), /Forget it\./);
    });

    it('never lets two people send unseen: of two at once one is told', async () => {
      const [hers, his] = [await open(mira), await open(jonas)];
      const answers = await Promise.all([send(mira, hers, 'Twelve slices'), send(jonas, his, 'Ten slices')]);
      assert.deepEqual(
        answers.map(({ status }) => status),
        [303, 303],
      );
      const [first = ''] = said();
      assert.equal(said().length, 1);
      const [loser, winner] = first === 'Twelve slices' ? [jonas, 'Mira'] : [mira, 'Jonas'];
      const held = clean((await open(loser)).querySelector('.held'));
      assert.match(held, new RegExp(`Not sent yet: ${winner} wrote meanwhile\\..*${winner} ${first}`));
      assert.doesNotMatch(held, /Ida/);
    });

    it('from the bot holds it back, too; a note and one’s own words don’t', async () => {
      const page = await open(mira);
      await send(mira, page, 'One');
      await mira.post(`${cast.base}/conversations/${id}/notes`, { text: 'A note' });
      await mira.post(`${cast.base}/conversations/${id}/messages`, {
        text: 'Two',
        seen: page.querySelector('[name="seen"]')?.getAttribute('value') ?? '',
      });
      assert.deepEqual(said(), ['One', 'Two']);
      const again = await open(mira);
      cast.botSays(id, 'Twelve slices.');
      await send(mira, again, 'Three');
      assert.deepEqual(said(), ['One', 'Two']);
      assert.match(clean((await open(mira)).querySelector('.held')), /The bot Twelve slices\./);
    });

    it('is part of what htmx gets, and the words stay in the field', async () => {
      const page = await open(mira);
      await cast.write('Ida', 'No, for eleven!');
      const seen = page.querySelector('[name="seen"]')?.getAttribute('value') ?? '';
      const answer = await mira.post(
        `${cast.base}/conversations/${id}/messages`,
        { text: 'For twelve?', seen },
        { 'HX-Request': 'true', Referer: `${mira.url}${cast.base}/conversations/${id}` },
      );
      assert.equal(answer.status, 200);
      assert.match(answer.text, /hx-target="#talk-foot" hx-swap="innerMorph"/);
      assert.match(answer.text, /Not sent yet: Ida wrote meanwhile/);
    });
  });

  describe('replies to a certain message', () => {
    it('are begun by a link, go with the message and are shown with it', async () => {
      const page = await open(mira);
      const link = page.querySelector('#thread .is-customer [data-reply]')?.getAttribute('href') ?? '';
      assert.match(link, /\?reply=\d+#composer$/);
      const replying = pageOf(await mira.get(link.replace(/#.*/, '')));
      assert.match(clean(replying.querySelector('#replying')), /^In reply to: Do you do cakes\?/);
      await send(mira, replying, 'We do');
      const sent = (await open(mira)).querySelector('#thread .is-person');
      assert.match(clean(sent?.querySelector('.quoted')), /Do you do cakes\?/);
      assert.equal(clean(sent?.querySelector('.as-written')), 'We do');
    });

    it('quote it in words where the channel can’t show it', async () => {
      const page = await open(mira);
      const [replyTo = ''] = /\d+$/.exec(page.querySelector('[data-reply]')?.getAttribute('data-reply') ?? '') ?? [];
      await send(mira, page, 'We do', { replyTo });
      const parts = cast.ws.sql.prepare(
        "SELECT p.text FROM message_parts p JOIN messages m ON m.id = p.message_id WHERE m.author = 'person'",
      );
      assert.deepEqual(parts.pluck().all(), ['> Do you do cakes?\n\nWe do']);
    });

    it('of another conversation are none', async () => {
      const other = await cast.write('Olu', 'Something private');
      const theirs = cast.ws.sql.prepare('SELECT id FROM messages WHERE conversation_id = ?').pluck().get(other) as number;
      assert.equal((await open(mira, `?reply=${theirs}`)).querySelector('#replying .quoted'), null);
      await send(mira, await open(mira), 'Hello', { replyTo: String(theirs) });
      assert.deepEqual(cast.ws.sql.prepare("SELECT reply_to FROM messages WHERE author = 'person'").pluck().all(), [null]);
    });
  });

  describe('canned replies', () => {
    const make = (fields: Fields, as = mira) => as.post(`${cast.base}/canned`, fields);

    it('are written, listed, changed and removed by whoever answers', async () => {
      const ana = await cast.server.as('agent');
      assert.equal((await make({ shortcut: '/Hours ', text: 'Hi {{contact.first_name}}, 9 to 6.' }, ana)).location, `${cast.base}/canned`);
      const page = pageOf(await mira.get(`${cast.base}/canned`));
      assert.match(clean(page.querySelector('tbody')), /^\/hours ?Hi \{\{contact\.first_name\}\}, 9 to 6\.$/);
      const href = page.querySelector('tbody a')?.getAttribute('href') ?? '';
      await mira.post(href, { shortcut: 'open', text: '9 to 6.' });
      assert.equal(pageOf(await mira.get(href)).querySelector('[name="text"]')?.textContent, '9 to 6.');
      await mira.post(`${href}/remove`);
      assert.equal((await mira.get(href)).status, 404);
      assert.equal((await make({ shortcut: 'x', text: 'y' }, await cast.server.as('viewer'))).status, 403);
    });

    it('are refused with the reason: no word, a taken one, a variable that is none', async () => {
      await make({ shortcut: 'hours', text: '9 to 6' });
      for (const [fields, says] of [
        [{ shortcut: 'two words', text: 'x' }, /one word of 40 letters/],
        [{ shortcut: 'hours', text: 'x' }, /\/hours is another reply already/],
        [{ shortcut: 'x', text: 'Hi {{contact.nmae}}' }, /There is no variable \{\{contact\.nmae\}\}/],
        [{ shortcut: 'x', text: ' ' }, /The text is missing/],
      ] as const) {
        const answer = await make(fields);
        assert.equal(answer.status, 422);
        assert.match(clean(pageOf(answer, 422).querySelector('form')), says);
      }
    });

    it('come in out of a CSV file, in any usual encoding, with what was skipped', async () => {
      await make({ shortcut: 'hours', text: 'old' });
      const upload = async (content: Buffer) => {
        const body = new FormData();
        body.append('file', new Blob([content]), 'replies.csv');
        const packed = new Response(body);
        return mira.send('POST', `${cast.base}/canned/import`, {
          body: Buffer.from(await packed.arrayBuffer()),
          headers: { 'Content-Type': packed.headers.get('Content-Type') ?? '', Origin: mira.url, Accept: 'text/html' },
        });
      };
      const answer = await upload(Buffer.from('short_code;content\nhours;Wir öffnen um 9\nbad word;x\ngruß;"Hallo,\nschön"\n', 'latin1'));
      assert.equal(answer.status, 422);
      assert.match(clean(pageOf(answer, 422).querySelector('[aria-label="Rows that were not taken"] tbody')), /^3 ?A shortcut is one word/);
      const kept = cast.ws.sql.prepare('SELECT shortcut, text FROM canned_replies ORDER BY id').raw().all();
      assert.deepEqual(kept, [
        ['hours', 'Wir öffnen um 9'],
        ['gruß', 'Hallo,\nschön'],
      ]);
      assert.equal((await upload(Buffer.from('\ufeffa,b c\n', 'utf16le'))).location, `${cast.base}/canned`);
      assert.equal((await upload(Buffer.from('one column\n'))).status, 422);
    });

    it('are filled in for the conversation, and put in without a script', async () => {
      await make({ shortcut: 'hello', text: 'Hello {{contact.first_name}}, {{me.first_name}} of {{business.name}} here.' });
      const list = await mira.get(`${cast.base}/conversations/${id}/canned`, { 'HX-Request': 'true' });
      assert.match(list.text, /data-text="Hello Ida, Mira of Café Aurora here\."/);
      const page = await mira.get(`${cast.base}/conversations/${id}`);
      const canned = /<noscript>.*value="(\d+)">\/hello.*<\/noscript>/.exec(page.text)?.[1] ?? '';
      await mira.post(`${cast.base}/conversations/${id}/canned`, { text: 'First.', canned });
      assert.equal((await open(mira)).querySelector('#words')?.textContent, 'First.\nHello Ida, Mira of Café Aurora here.');
      assert.equal((await mira.post(`${cast.base}/conversations/${id}/canned`, { text: '', canned: '' })).status, 422);
    });

    it('say today’s hours, or when it opens next, in the language of the reply', async () => {
      await make({ shortcut: 'open', text: '{{business.hours}} See you soon, we are looking forward to it!' });
      await make({ shortcut: 'auf', text: '{{ business.hours }} Wir freuen uns auf Sie und sind gerne für Sie da.' });
      const filled = async (): Promise<string[]> => {
        const { text } = await mira.get(`${cast.base}/conversations/${id}/canned`, { 'HX-Request': 'true' });
        return [...text.matchAll(/data-text="([^"]*[.}]) (?:See|Wir)/g)].map(([, hours = '']) => hours);
      };
      assert.deepEqual(await filled(), ['{{ business.hours }}', '{{business.hours}}'], 'no hours are set');
      const open = [9 * 60, 18 * 60] as [number, number];
      const week = [[], [[8 * 60, 12 * 60] as [number, number], [14 * 60, 18 * 60] as [number, number]], [open], [open], [open], [], []];
      const hours = { inUse: true, week, tellsAway: false, awayText: null };
      editHours(cast.ws, cast.server.people.owner, { ...hours, holidays: [] });
      // Tuesday, ten o'clock in Berlin.
      assert.deepEqual(await filled(), [
        'Heute haben wir geöffnet: 08:00–12:00, 14:00–18:00.',
        'We’re open today: 08:00–12:00, 14:00–18:00.',
      ]);
      cast.server.clock.move(3 * 3600_000);
      assert.match((await filled())[1] ?? '', /^We’re open today/, 'it opens again at two');
      cast.server.clock.move(6 * 3600_000);
      assert.deepEqual(await filled(), [
        'Gerade ist geschlossen. Wir öffnen wieder: Mittwoch, 09:00.',
        'We’re closed now. We open again: Wednesday 09:00.',
      ]);
      editHours(cast.ws, cast.server.people.owner, { ...hours, holidays: [{ day: '2026-11-25', name: 'Stocktaking' }] });
      assert.match((await filled())[1] ?? '', /Thursday/);
    });

    it('with a variable that has no value ask before they are sent', async () => {
      cast.ws.sql.prepare('UPDATE contacts SET name = NULL').run();
      cast.ws.sql.prepare('UPDATE identities SET display_name = NULL').run();
      await make({ shortcut: 'hello', text: 'Hello {{contact.first_name}}.' });
      assert.match((await mira.get(`${cast.base}/conversations/${id}/canned`)).text, /data-text="Hello \{\{contact\.first_name\}\}\."/);
      await send(mira, await open(mira), 'Hello {{contact.first_name}}.');
      assert.deepEqual(said(), []);
      const held = await open(mira);
      assert.match(clean(held.querySelector('.held')), /there is no value for \{\{contact\.first_name\}\}/);
      await send(mira, held, 'Hello {{contact.first_name}}.', { anyway: held.querySelector('.held button')?.getAttribute('value') ?? '' });
      assert.deepEqual(said(), ['Hello {{contact.first_name}}.']);
    });
  });
});
