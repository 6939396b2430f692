import assert from 'node:assert/strict';
import { contactRows, countContacts, findByWords } from '../../src/contacts/index.ts';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';

/** An address out of an attribute. */
const plain = (attribute: string): string => attribute.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');

describe('pages of contacts', () => {
  let cast: InboxCast;
  let base: string;
  const idOf = (name: string): number => cast.ws.sql.prepare('SELECT id FROM contacts WHERE name = ?').pluck().get(name) as number;
  /** Names in a list, in its order. */
  const names = (html: string): string[] => [...html.matchAll(/<th scope="row"><a[^>]*><bdi>([^<]*)/g)].map(([, name = '']) => name);

  before(async () => {
    cast = await inboxCast();
    base = `${cast.base}/contacts`;
    await cast.write('Jonas Weber', 'Do you bake birthday cakes?');
    cast.server.clock.move(60_000);
    await cast.write('Şükrü Demir', 'Is there a table for six?');
    cast.server.clock.move(60_000);
    await cast.write('نور الخطيب', 'مرحبا');
  });
  after(() => cast.end());

  it('list everybody who wrote, those seen last first, and find them by part of a name, in any script, and by number', async () => {
    const ana = await cast.server.as('agent');
    assert.deepEqual(names((await ana.get(base)).text), ['نور الخطيب', 'Şükrü Demir', 'Jonas Weber']);
    for (const [query, found] of [
      ['weber', ['Jonas Weber']],
      ['sukru', ['Şükrü Demir']],
      ['الخطيب', ['نور الخطيب']],
      ['49151-jonas', ['Jonas Weber']],
      ['Şü', ['Şükrü Demir']],
      ['"', []],
      ['*', []],
      ['100%', []],
      ['NEAR(', []],
      ['🎂🎂🎂', []],
    ] as const)
      assert.deepEqual(names((await ana.get(`${base}?${new URLSearchParams({ q: query })}`)).text), found, query);
  });

  it('find the same by walking the list, where letters stand on more than can be gathered', () => {
    const all = { query: '', channel: null, label: null, blocked: false, field: null, value: '' };
    for (const query of ['weber', 'SUKRU', 'demi', 'الخطيب', 'Şü', 'nobody', '%'])
      for (const limit of [1, 50])
        assert.deepEqual(
          contactRows(cast.ws, { ...all, query }, { limit }, 'many'),
          contactRows(cast.ws, { ...all, query }, { limit }, findByWords(cast.ws, query)),
          query,
        );
    assert.deepEqual(countContacts(cast.ws, { ...all, query: 'weber' }), { n: 1, more: false });
  });

  it('keep what is typed in a contact’s own form, refuse what doesn’t fit beside its field, and show it again', async () => {
    const mira = await cast.server.as('owner');
    await mira.post(`${base}/fields`, { name: 'Birthday', kind: 'date', choices: '' });
    await mira.post(`${base}/fields`, { name: 'Tier', kind: 'choice', choices: 'Gold\nSilver' });
    const [birthday, tier] = cast.ws.sql.prepare('SELECT id FROM contact_fields ORDER BY id').pluck().all() as number[];
    const page = `${base}/${idOf('Jonas Weber')}`;
    const wrong = await mira.post(page, { name: 'Jonas Weber', email: 'jonas@', phone: 'ring me', [`field-${birthday}`]: '2026-02-31' });
    assert.equal(wrong.status, 422);
    assert.equal(wrong.text.match(/aria-invalid="true"/g)?.length, 3);
    assert.match(wrong.text, /value="ring me"/);
    const right = await mira.post(page, {
      name: 'Jonas Weber',
      email: 'Jonas@Example.com',
      phone: '0049 (30) 12-34',
      [`field-${birthday}`]: '1990-02-28',
      [`field-${tier}`]: 'Gold',
    });
    assert.equal(right.status, 303);
    assert.match((await mira.get(page)).text, /value="jonas@example.com"[^]*value="\+49301234"[^]*value="1990-02-28"/);
    assert.deepEqual(names((await mira.get(`${base}?field=${tier}&value=gold`)).text), ['Jonas Weber']);
    assert.deepEqual(names((await mira.get(`${base}?field=${tier}&value=Silver`)).text), []);
    const talk = await mira.get(`${cast.base}/conversations/1`);
    assert.match(talk.text, /<dt>Tier<\/dt><dd>Gold/, 'beside the conversation');
  });

  it('refuse a field that is there already, a choice of one, and taking away a choice that somebody has', async () => {
    const mira = await cast.server.as('owner');
    for (const [fields, says] of [
      [{ name: 'birthday', kind: 'text', choices: '' }, /There is a field of this name already/],
      [{ name: 'Phone', kind: 'text', choices: '' }, /Every contact has Phone already/],
      [{ name: 'Colour', kind: 'choice', choices: 'red' }, /two choices at least/],
    ] as const) {
      const answer = await mira.post(`${base}/fields`, fields);
      assert.equal(answer.status, 422);
      assert.match(answer.text, says);
    }
    const tier = cast.ws.sql.prepare("SELECT id FROM contact_fields WHERE name = 'Tier'").pluck().get() as number;
    const gone = await mira.post(`${base}/fields/${tier}`, { name: 'Tier', choices: 'Silver\nBronze' });
    assert.match(gone.text, /Contacts have Gold/);
  });

  it('keep notes, which can be changed, deleted and brought back', async () => {
    const ana = await cast.server.as('agent');
    const page = `${base}/${idOf('Jonas Weber')}`;
    await ana.post(`${page}/notes`, { text: 'Pays <b>cash</b>.' });
    assert.match((await ana.get(page)).text, /Pays &lt;b&gt;cash&lt;\/b&gt;\.<\/p><p class="fine">Ana,|Pays &lt;b&gt;cash[^]*Ana,/);
    const note = cast.ws.sql.prepare('SELECT max(id) FROM contact_notes').pluck().get() as number;
    await ana.post(`${page}/notes/${note}`, { text: 'Pays by card.' });
    assert.equal((await ana.post(`${base}/${idOf('Şükrü Demir')}/notes/${note}/delete`)).status, 404, 'by another contact’s address');
    await ana.post(`${page}/notes/${note}/delete`);
    const deleted = (await ana.get(page)).text;
    assert.doesNotMatch(deleted, /Pays by card/);
    assert.match(deleted, new RegExp(`notes/${note}/restore`));
    await ana.post(`${page}/notes/${note}/restore`);
    assert.match((await ana.get(page)).text, /Pays by card/);
  });

  it('search all that a contact said', async () => {
    const ana = await cast.server.as('agent');
    const page = `${base}/${idOf('Jonas Weber')}`;
    assert.match((await ana.get(`${page}?q=birthday`)).text, /Do you bake birthday cakes/);
    assert.match((await ana.get(`${page}?q=100%25`)).text, /In none of their conversations/);
  });

  it('say plainly that somebody is blocked, here and beside their conversations', async () => {
    const ana = await cast.server.as('agent');
    const page = `${base}/${idOf('Şükrü Demir')}`;
    await ana.post(`${page}/block`);
    assert.match((await ana.get(page)).text, /What they write is kept, gets no answer and calls nobody/);
    assert.deepEqual(names((await ana.get(`${base}?blocked=1`)).text), ['Şükrü Demir']);
    await ana.post(`${page}/unblock`);
    assert.deepEqual(names((await ana.get(`${base}?blocked=1`)).text), []);
  });

  it('suggest who has the same address, show what a merge would make, and lead an old link to who is left', async () => {
    const mira = await cast.server.as('owner');
    const [jonas, sukru] = [idOf('Jonas Weber'), idOf('Şükrü Demir')];
    await mira.post(`${base}/${sukru}`, { email: 'jonas@example.com' });
    assert.match((await mira.get(`${base}/${jonas}`)).text, new RegExp(`merge\\?with=${sukru}`));
    const preview = (await mira.get(`${base}/${jonas}/merge?with=${sukru}`)).text;
    assert.match(preview, /Two conversations are open\. They stay apart/);
    const ana = await cast.server.as('agent');
    assert.equal((await ana.post(`${base}/${jonas}/merge`, { with: String(sukru) })).status, 403);
    await mira.post(`${base}/${jonas}/merge`, { with: String(sukru) });
    assert.equal((await mira.get(`${base}/${sukru}`)).location, `${base}/${jonas}`);
    const merge = cast.ws.sql.prepare('SELECT id FROM contact_merges').pluck().get() as number;
    await mira.post(`${base}/${jonas}/merges/${merge}/undo`);
    assert.equal((await mira.get(`${base}/${sukru}`)).status, 200);
  });

  it('show addresses and numbers in part to who may only look', async () => {
    const viktor = await cast.server.as('viewer');
    for (const path of [base, `${base}/${idOf('Jonas Weber')}`]) {
      const { text } = await viktor.get(path);
      assert.doesNotMatch(text, /jonas@example\.com|49301234/);
    }
  });

  it('lead on and back through more than fit on one page', async () => {
    const add = cast.ws.sql.prepare('INSERT INTO contacts (name, created_at, seen_at) VALUES (?, 0, 5)');
    cast.ws.durable(() => {
      for (let n = 1; n <= 120; n++) add.run(`Guest ${n}`);
    });
    const ana = await cast.server.as('agent');
    const all: string[] = [];
    let page = (await ana.get(base)).text;
    for (;;) {
      all.push(...names(page));
      const [, next] = /href="([^"]*)">More/.exec(page) ?? [];
      if (next === undefined) break;
      page = (await ana.get(plain(next))).text;
    }
    assert.equal(all.length, 123);
    assert.equal(new Set(all).size, 123);
    const [, back = ''] = /href="([^"]*)">Before/.exec(page) ?? [];
    assert.deepEqual(names((await ana.get(plain(back))).text), all.slice(50, 100));
  });
});
