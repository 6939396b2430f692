import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { importContacts, sweepImports } from '../../src/contacts/index.ts';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';
import { eventually } from '../support/eventually.ts';
import { cast as people, PASSWORD, type Answer, type Client } from '../support/http.ts';

/** What the café knows of a contact that came by a file. */
interface Known {
  name: string | null;
  email: string | null;
  phone: string | null;
  language: string | null;
}

describe('contacts out of a CSV file', () => {
  let cast: InboxCast;
  let base: string;
  let mira: Client;

  beforeEach(async () => {
    cast = await inboxCast();
    base = `${cast.base}/contacts`;
    mira = await cast.server.as('owner');
  });
  afterEach(() => cast.end());

  function upload(content: string | Buffer, name = 'customers.csv'): Promise<Answer> {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(Buffer.from(content))]), name);
    return mira.send('POST', `${base}/import`, { body: form, headers: { Accept: 'text/html', Origin: mira.url } });
  }
  /** Uploads a file that is taken; returns its page's address. */
  async function given(content: string | Buffer): Promise<string> {
    const { status, location, text } = await upload(content);
    assert.equal(status, 303, text);
    return location ?? '';
  }
  /** What its page has chosen by itself, as its form sends it; `changes` over it. */
  async function send(path: string, act: 'look' | 'import', changes: Record<string, string> = {}): Promise<Answer> {
    const { text } = await mira.get(path);
    const chosen = [...text.matchAll(/<select class="select" [^>]*name="([^"]+)"[^>]*>([^]*?)<\/select>/g)].map(
      ([, name = '', inside = '']) => [name, /<option value="([^"]*)" selected/.exec(inside)?.[1] ?? ''],
    );
    const head: Record<string, string> = /name="head"[^>]* checked/.test(text) ? { head: 'on' } : {};
    return mira.post(path, { ...(Object.fromEntries(chosen) as Record<string, string>), ...head, ...changes, act });
  }
  const stateOf = (): string => cast.ws.sql.prepare('SELECT state FROM contact_imports ORDER BY id DESC').pluck().get() as string;
  const run = (): Promise<void> => cast.server.installation.jobs.start({ 'import-contacts': importContacts });
  async function imported(content: string | Buffer, changes: Record<string, string> = {}): Promise<string> {
    const path = await given(content);
    const { status, text } = await send(path, 'import', changes);
    assert.equal(status, 303, /class="banner[^]*?<\/div>/.exec(text)?.[0]);
    await run();
    await eventually(() => assert.equal(stateOf(), 'done'));
    return path;
  }
  const everybody = (): Known[] => cast.ws.sql.prepare('SELECT name, email, phone, language FROM contacts ORDER BY id').all() as Known[];
  const contactOf = (name: string): Known | undefined => everybody().find((each) => each.name === name);
  const all = (): unknown[] =>
    ['contacts', 'contact_values', 'contact_labels', 'labels', 'contact_notes'].map((table) =>
      cast.ws.sql.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all(),
    );

  it('are shown first as they would become, and nothing is written before "Import" is pressed', async () => {
    await cast.write('Jonas Weber', 'Hello');
    const jonas = cast.ws.sql.prepare('SELECT id FROM contacts').pluck().get() as number;
    await mira.post(`${base}/${jonas}`, { name: 'Jonas Weber', email: 'jonas@example.com', phone: '' });
    const before = all();
    const path = await given(
      'Name,E-mail,Tags\nJonas W.,JONAS@example.com,regular\nIda Berg,ida@example.com,\n,ida@,\nIda B.,ida@example.com,\n',
    );
    const { text } = await mira.get(path);
    assert.match(text, /Changes[^]*Name: Jonas Weber → Jonas W\., Labels/);
    assert.match(text, new RegExp(`href="${base}/${jonas}"`));
    assert.match(text, /New[^]*Skipped[^]*Column B: This is no whole e-mail address[^]*Adds to row 3/);
    assert.deepEqual(all(), before);
    await run();
    assert.deepEqual(all(), before);
    await send(path, 'import');
    await eventually(() => assert.equal(stateOf(), 'done'));
    assert.deepEqual(
      everybody().map(({ name, email }) => [name, email]),
      [
        ['Jonas W.', 'jonas@example.com'],
        ['Ida B.', 'ida@example.com'],
      ],
    );
  });

  for (const [encoding, bytes] of [
    ['UTF-8', Buffer.from('Имя;Telefon\nŞükrü Demir;+49 30 1234\n')],
    ['UTF-8 with its mark', Buffer.from('\uFEFFИмя;Telefon\nŞükrü Demir;+49 30 1234\n')],
    ['UTF-16 with its mark', Buffer.from('\uFEFFИмя;Telefon\nŞükrü Demir;+49 30 1234\n', 'utf16le')],
    ['UTF-16 without', Buffer.from('Name;Telefon\nŞükrü Demir;+49 30 1234\n', 'utf16le')],
  ] as const)
    it(`are read in ${encoding}, whatever parts the cells`, async () => {
      await imported(bytes);
      assert.deepEqual(everybody(), [{ name: 'Şükrü Demir', email: null, phone: '+49301234', language: null }]);
    });

  it('are read in Windows-1252 where that fits, and in whichever encoding is chosen', async () => {
    await imported(Buffer.from('Name\tE-Mail\nJürgen Groß\tj@example.com\n', 'latin1'));
    assert.ok(contactOf('Jürgen Groß'));
    const polish = Buffer.from([...Buffer.from('Name;Email\nMa'), 0xb3, ...Buffer.from('gorzata;m@example.com\n')]);
    const path = await given(polish);
    assert.match((await mira.get(path)).text, /Ma³gorzata/);
    await send(path, 'import', { encoding: 'windows-1250' });
    assert.equal(stateOf(), 'new', 'read otherwise, it is looked at once more');
    assert.match((await mira.get(path)).text, /Małgorzata/);
    await send(path, 'import');
    await eventually(() => assert.ok(contactOf('Małgorzata')));
  });

  it('are known by contact number, own number, e-mail or phone; where two people are meant, or nobody surely, the row is skipped', async () => {
    await mira.post(`${base}/fields`, { name: 'Customer no.', kind: 'text', choices: '' });
    await imported(
      'Name,Email,Phone,Customer no.\nAna,ana@example.com,+49 30 1,K1\nBo,bo@example.com,+49 30 22222,K2\nCy,cy@example.com,+49 30 33333,\n'.replace(
        '+49 30 1,',
        '+49 30 11111,',
      ),
      { key: '1' },
    );
    const ids = cast.ws.sql.prepare('SELECT id FROM contacts ORDER BY id').pluck().all() as number[];
    const path = await imported(
      [
        'Contact number,Name,Email,Phone,Customer no.',
        `${ids[0]},Ana Silva,,,`,
        ',Bo Berg,new@example.com,,K2',
        ',Who,ana@example.com,+49 30 22222,',
        ',Sister of Cy,sister@example.com,+49 30 33333,',
        ',Cy Young,,+49 30 33333,K3',
        '99,Nobody,,,',
      ].join('\n'),
      { key: '1' },
    );
    assert.deepEqual(
      everybody().map(({ name, email }) => [name, email]),
      [
        ['Ana Silva', 'ana@example.com'],
        ['Bo Berg', 'new@example.com'],
        ['Cy Young', 'cy@example.com'],
      ],
    );
    const { text } = await mira.get(path);
    assert.match(text, /belong|is contact \d+’s, the phone number contact \d+’s/);
    assert.match(text, /has the same phone number, and another e-mail address/);
    assert.match(text, /no contact with the number 99/);
  });

  it('keep "=cmd" as the text that it is, take ragged rows for what they are, and give those that were skipped as CSV', async () => {
    const path = await imported(
      'Name,Email,Notes\n=cmd|calc,eq@example.com,"=1+1\nsecond line"\nShort\nToo,many@example.com,cells,here\n\n"Quoted, Name",q@example.com,\n',
    );
    assert.ok(contactOf('=cmd|calc'));
    assert.ok(contactOf('Short'));
    assert.ok(contactOf('Quoted, Name'));
    assert.equal(cast.ws.sql.prepare('SELECT text FROM contact_notes').pluck().get(), '=1+1\nsecond line');
    const { text, headers } = await mira.get(`${path}/skipped.csv`);
    assert.match(headers.get('Content-Type') ?? '', /^text\/csv/);
    assert.match(text, /^\uFEFFName,Email,Notes,Row,Why it was skipped\r\nToo,many@example\.com,cells,here,4,"?This row has more cells/);
  });

  it('are taken back whole: new ones go, changed ones are what they were, and who was touched since stays', async () => {
    await cast.write('Jonas Weber', 'Hello');
    const jonas = cast.ws.sql.prepare('SELECT id FROM contacts').pluck().get() as number;
    await mira.post(`${base}/fields`, { name: 'City', kind: 'text', choices: '' });
    await mira.post(`${base}/${jonas}`, { name: 'Jonas Weber', email: 'jonas@example.com', phone: '', 'field-1': 'Berlin' });
    const before = all();
    const file =
      'Name,Email,City,Tags,Note,Language\nJonas,jonas@example.com,Bonn,vip,Pays late,de\nIda,ida@example.com,Köln,"vip, new",,\nIda B.,ida@example.com,Mainz,,,French\n';
    const path = await imported(file);
    assert.deepEqual(contactOf('Ida B.'), { name: 'Ida B.', email: 'ida@example.com', phone: null, language: 'fr' });
    await mira.post(`${path}/undo`);
    await eventually(() => assert.equal(stateOf(), 'undone'));
    const strip = (tables: unknown[]): string => JSON.stringify(tables).replace(/"set_at":\d+/g, '');
    assert.equal(strip(all()), strip(before));
    const again = await imported(file);
    const ida = cast.ws.sql.prepare("SELECT id FROM contacts WHERE name = 'Ida B.'").pluck().get() as number;
    await mira.post(`${base}/${ida}`, { name: 'Ida Berg', email: 'ida@example.com', phone: '', 'field-1': 'Mainz' });
    await mira.post(`${again}/undo`);
    await eventually(() => assert.equal(stateOf(), 'undone'));
    assert.ok(contactOf('Ida Berg'));
    assert.match((await mira.get(again)).text, /1 contact taken back, 2 left/);
  });

  it('can be paused, gone on with and stopped; a file that breaks off says from which row on', async () => {
    const lines = Array.from({ length: 1200 }, (_, n) => `Guest ${n},guest${n}@example.com`);
    const path = await given(['Name,Email', ...lines].join('\n'));
    await send(path, 'import');
    await mira.post(`${path}/pause`);
    await run();
    assert.equal(everybody().length, 0);
    await mira.post(`${path}/go-on`);
    await eventually(() => assert.ok(everybody().length > 0));
    await mira.post(`${path}/pause`);
    const there = everybody().length;
    assert.ok(there < 1200);
    await mira.post(`${path}/go-on`);
    await eventually(() => assert.equal(stateOf(), 'done'));
    assert.equal(everybody().length, 1200);
    const broken = await given(`Name,Email\nZoe,zoe@example.com\n"Open,open@example.com\n${'x'.repeat(10)}\n`);
    await send(broken, 'import');
    await eventually(() => assert.equal(stateOf(), 'broken'));
    assert.match((await mira.get(broken)).text, /isn’t whole after row 2/);
    assert.ok(contactOf('Zoe'));
  });

  it('refuse what is no CSV file and keep nothing of it; throw away what isn’t imported; forget a file after eight days', async () => {
    for (const [content, says] of [
      ['', /This file is empty/],
      ['PK\x03\x04rest', /This is an Excel file/],
      [Buffer.from([1, 0, 2, 0, 3, 3, 0, 0, 9]), /This is no CSV file/],
    ] as const) {
      const answer = await upload(content);
      assert.equal(answer.status, 422);
      assert.match(answer.text, says);
    }
    const folder = join(cast.ws.folder, 'imports');
    const path = await given('Name\nIda\n');
    assert.equal(readdirSync(folder).length, 1);
    await mira.post(`${path}/drop`);
    assert.deepEqual(readdirSync(folder), []);
    const kept = await imported('Name,Email\nIda,ida@example.com\nBad,x\n');
    cast.server.clock.move(9 * 24 * 3600_000);
    await sweepImports(cast.ws);
    assert.deepEqual(readdirSync(folder), []);
    assert.deepEqual(cast.ws.sql.prepare('SELECT * FROM contact_import_rows').all(), []);
    const later = cast.server.stranger();
    await later.post('/sign-in', { email: people.owner.email, password: PASSWORD });
    const page = (await later.get(kept)).text;
    assert.match(page, /The file is thrown away/);
    assert.doesNotMatch(page, /Take it all back/);
  });
});

describe('contacts as a CSV file', () => {
  let cast: InboxCast;
  let base: string;
  before(async () => {
    cast = await inboxCast();
    base = `${cast.base}/contacts`;
    await cast.write('=HYPERLINK("x")', 'Hello');
    await cast.write('Şükrü Demir', 'Hello');
  });
  after(() => cast.end());

  it('hold those that the list shows, with nothing that a sheet would calculate, and who asked is written down', async () => {
    const mira = await cast.server.as('owner');
    const all = await mira.get(`${base}.csv`);
    assert.match(all.text, /^\uFEFFContact number,Name,E-mail,Phone,Language,Labels,Channels,Blocked,Known since,Last seen\r\n/);
    assert.match(all.text, /,"'=HYPERLINK\(""x""\)",/);
    const some = await mira.get(`${base}.csv?q=demir`);
    assert.equal(some.text.trim().split('\r\n').length, 2);
    const noted = cast.ws.sql.prepare("SELECT actor_id, detail FROM audit_events WHERE action = 'contacts.exported' ORDER BY id").all();
    assert.deepEqual(noted, [
      { actor_id: cast.server.people.owner, detail: '{"all":true}' },
      { actor_id: cast.server.people.owner, detail: '{"all":false}' },
    ]);
    const ana = await cast.server.as('agent');
    assert.equal((await ana.get(`${base}.csv`)).status, 403);
    assert.doesNotMatch((await ana.get(base)).text, /contacts\.csv|contacts\/import/);
  });
});
