import assert from 'node:assert/strict';
import { strToU8, zipSync } from 'fflate';
import { addText } from '../../src/knowledge/index.ts';
import { ReadingThreads } from '../../src/knowledge/reading/reading-threads.ts';
import { best, openDesk, passagesOf, readFile, settled, type Desk } from './desk.ts';
import { bombDocx, docx, docxOf, lockedPdf, oldOffice, pdf, picturePdf } from './made-files.ts';

const menu = pdf([
  [
    { text: 'Menu', size: 22, y: 780 },
    { text: 'Cakes', size: 16, y: 740 },
    { text: 'The carrot cake is vegan and con-', y: 715 },
    { text: 'tains walnuts from the Harz.', y: 701 },
    { text: 'Ask us for the recipe.', y: 670 },
  ],
  [
    { text: 'Getränke', size: 16, y: 780 },
    { text: 'Hafermilch gibt es ohne Aufpreis.', y: 755 },
  ],
]);

const page = `<!doctype html><html><head><title>Visit</title><style>p { color: red }</style></head><body>
  <nav><a href="/">Home</a><a href="/menu">Menu</a></nav>
  <main><h1>Visit us</h1><p>We are at <b>12 Church Lane</b>,<br>behind the mill. ${'There is much to see on the way. '.repeat(8)}</p>
    <script>alert('never')</script>
    <h2>Prices</h2><table><tr><th>Dish</th><th>Price</th></tr><tr><td>Soup</td><td>€5</td></tr></table>
    <ul><li>Cash</li><li>Cards</li></ul></main>
  <footer>© Aurora</footer></body></html>`;

describe('reading', () => {
  let desk: Desk;
  before(async () => void (desk = await openDesk()));
  after(() => desk.end());

  const read: [what: string, name: string, content: Uint8Array | string, passages: (string | RegExp)[]][] = [
    [
      'a PDF by its pages, headings by their size, hyphens taken out',
      'menu.pdf',
      menu,
      [
        'Menu › Cakes | 1 | The carrot cake is vegan and contains walnuts from the Harz.\n\nAsk us for the recipe.',
        'Menu › Getränke | 2 | Hafermilch gibt es ohne Aufpreis.',
      ],
    ],
    [
      'a Word file by its headings',
      'menu.docx',
      docx([
        ['Heading1', 'Menu'],
        ['', 'Breakfast is served until 2 pm.'],
        ['Heading2', 'Cakes'],
        ['', 'Cheesecake costs €4.20.'],
      ]),
      ['Menu |  | Breakfast is served until 2 pm.', 'Menu › Cakes |  | Cheesecake costs €4.20.'],
    ],
    [
      'Markdown by its headings, tables whole, front matter out',
      'menu.md',
      '---\ntitle: x\n---\n# Menu\n\nBreakfast is served.\n\n## Prices\n\n| Dish | Price |\n| --- | ---: |\n| Soup | €5 |\n\nVisit\n=====\n\nChurch Lane 12',
      ['Menu |  | Breakfast is served.', 'Menu › Prices |  | Dish | Price\nSoup | €5', 'Visit |  | Church Lane 12'],
    ],
    [
      'HTML by its main part, without menu and script, tables and lists whole',
      'visit.html',
      page,
      [
        /^Visit us \| {2}\| We are at 12 Church Lane,\nbehind the mill\. There/,
        'Visit us › Prices |  | Dish | Price\nSoup | €5\n\n- Cash\n- Cards',
      ],
    ],
    [
      'plain text as it is',
      'notes.txt',
      'We close early on Fridays.\n\nAsk for the key.',
      [' |  | We close early on Fridays.\n\nAsk for the key.'],
    ],
    ['text of Windows', 'notes.txt', Buffer.from('Größe: zwölf Stühle', 'latin1'), [' |  | Größe: zwölf Stühle']],
    ['text of Notepad, UTF-16', 'notes.txt', Buffer.from('\ufeffZwölf Stühle', 'utf16le'), [' |  | Zwölf Stühle']],
    [
      'a page in the letters that it says it is written in',
      'page.html',
      Buffer.concat([
        Buffer.from('<html><meta charset="windows-1251"><p>'),
        Buffer.from([0xc4, 0xee, 0xe1, 0xf0, 0xfb, 0xe9]),
        Buffer.from('</p>'),
      ]),
      [' |  | Добрый'],
    ],
    ['a heading with nothing below it', 'short.md', '# Closed in August', [' |  | Closed in August']],
    ['a PDF that calls itself a text', 'lie.txt', menu, [/carrot cake/, /Hafermilch/]],
    ['a page that calls itself a PDF', 'lie.pdf', '<html><body><p>Open at nine.</p></body></html>', [' |  | Open at nine.']],
  ];
  for (const [what, name, content, expected] of read) {
    it(`reads ${what}`, async () => {
      const { id, state, says } = await readFile(desk.ws, name, content);
      assert.equal(state, 'ready', says ?? '');
      const found = passagesOf(desk.ws, id);
      assert.equal(found.length, expected.length, found.join('\n---\n'));
      expected.forEach((each, place) =>
        typeof each === 'string' ? assert.equal(found[place], each) : assert.match(found[place] ?? '', each),
      );
    });
  }

  it('leaves out what stands at the head or foot of most pages of a PDF', async () => {
    const pages = Array.from({ length: 6 }, (_, n) =>
      ['Café Aurora, menu', `Dish ${n} is soup.`, `Dish ${n} comes with bread.`, `Page ${n + 1} of 6`].map((text, place) => ({
        text,
        y: 800 - place * 60,
      })),
    );
    const { id } = await readFile(desk.ws, 'long menu.pdf', pdf(pages));
    const text = passagesOf(desk.ws, id).join('\n');
    assert.doesNotMatch(text, /Aurora|Page \d/);
    assert.match(text, /Dish 0 is soup\.[^]*Dish 5 comes with bread\./);
  });

  it('finds a PDF’s passage with its page', async () => {
    const { title, page, path } = await best(desk.ws, 'Habt ihr Hafermilch?');
    assert.deepEqual({ title, page, path }, { title: 'menu.pdf', page: 2, path: 'Menu › Getränke' });
  });

  it('cuts a long text at sentences, and says nothing twice or not at all', async () => {
    const sentences = Array.from({ length: 400 }, (_, n) => `Sentence number ${n} tells of table ${n * 7}.`);
    const id = addText(desk.ws, { title: 'Long', text: sentences.join(' '), by: null });
    await settled(desk.ws, id);
    const texts = desk.ws.sql.prepare('SELECT text FROM chunks WHERE source_id = ? ORDER BY position').pluck().all(id) as string[];
    assert.ok(texts.length > 10);
    assert.ok(
      texts.every((text) => text.length <= 1000 && text.endsWith('.')),
      'each ends with a sentence',
    );
    assert.equal(texts.join(' '), sentences.join(' '));
  });

  it('a long table is parted by rows, each part with its head', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => `| Wine ${n} | €${n} |`);
    const { id } = await readFile(desk.ws, 'wines.md', ['| Name | Price |', '| --- | --- |', ...rows].join('\n'));
    const texts = desk.ws.sql.prepare('SELECT text FROM chunks WHERE source_id = ? ORDER BY position').pluck().all(id) as string[];
    assert.ok(texts.length > 1);
    for (const text of texts) assert.match(text, /^Name \| Price\nWine \d+ \| €\d+\n/);
    assert.equal(texts.flatMap((text) => text.split('\n').slice(1)).length, 120);
  });

  it('a long word without a space is cut, not lost', async () => {
    const id = addText(desk.ws, { title: 'Word', text: 'x'.repeat(5000), by: null });
    await settled(desk.ws, id);
    const texts = desk.ws.sql.prepare('SELECT text FROM chunks WHERE source_id = ? ORDER BY position').pluck().all(id) as string[];
    assert.equal(texts.join('').replaceAll(/\s/g, '').length, 5000);
  });

  it('each language is told apart in one file', async () => {
    const text =
      '# Hours\n\nWe are open on every day of the week but Mondays, and we would love to see you here.\n\n# Zeiten\n\nWir haben an jedem Tag der Woche außer montags geöffnet und würden uns über Ihren Besuch freuen.';
    const { id } = await readFile(desk.ws, 'both.md', text);
    assert.deepEqual(desk.ws.sql.prepare('SELECT language FROM chunks WHERE source_id = ? ORDER BY position').pluck().all(id), [
      'en',
      'de',
    ]);
  });

  it('each language is told apart in a long file, too', async () => {
    const english = 'We are open on every day of the week but Mondays, and we would love to see you here.\n\n'.repeat(4000);
    const german = 'Wir haben an jedem Tag der Woche außer montags geöffnet und würden uns über Ihren Besuch freuen.\n\n'.repeat(1000);
    const { id } = await readFile(desk.ws, 'long.md', `# Hours\n\n${english}\n\n# Zeiten\n\n${german}`);
    const languages = desk.ws.sql
      .prepare('SELECT path, group_concat(DISTINCT language) FROM chunks WHERE source_id = ? GROUP BY path')
      .raw()
      .all(id);
    assert.deepEqual(languages, [
      ['Hours', 'en'],
      ['Zeiten', 'de'],
    ]);
  });

  const refused: [what: string, name: string, content: () => Uint8Array | string, says: RegExp][] = [
    ['an empty file', 'empty.txt', () => '', /This file is empty/],
    ['a file of blanks', 'blank.txt', () => ' \n\n \t ', /no text in this/],
    ['a PDF of pictures', 'scan.pdf', () => picturePdf(3), /^These pages are pictures of text\. Upload the original, or paste the text\.$/],
    ['a PDF with a password', 'locked.pdf', () => lockedPdf(), /asks for a password/],
    ['half a PDF', 'half.pdf', () => menu.subarray(0, 120), /PDF is damaged/],
    ['a PDF of noise', 'noise.pdf', () => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5000, 'qZ7')]), /PDF is damaged/],
    ['a picture', 'menu.pdf', () => Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), /is a picture/],
    ['a program', 'tool.txt', () => Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 2, 3]), /is a program/],
    [
      'an old Word file',
      'old.doc',
      () => oldOffice('WordDocument'),
      /^This is a Word file of the old kind, \.doc\. Save it as \.docx and upload that\.$/,
    ],
    ['rich text', 'text.rtf', () => '{\\rtf1 hello}', /RTF file/],
    ['a zip archive', 'all.zip', () => zipSync({ 'a.txt': strToU8('hello') }), /ZIP archive/],
    ['half a zip archive', 'half.docx', () => docx([['', 'x'.repeat(9000)]]).subarray(0, 300), /damaged|ZIP archive/],
    ['a Word file that holds no XML', 'bad.docx', () => docxOf('<w:document><<<'), /a part of it breaks off/],
    ['a zip bomb', 'bomb.docx', () => bombDocx(121), /unfolds to far more/],
    [
      'an archive of five thousand entries',
      'many.docx',
      () => zipSync(Object.fromEntries(Array.from({ length: 5001 }, (_, n) => [`f${n}`, new Uint8Array(0)]))),
      /unfolds to far more/,
    ],
    ['eleven million characters', 'huge.txt', () => 'many words '.repeat(1_000_000), /more text than Deskbell reads/],
  ];
  for (const [what, name, content, says] of refused) {
    it(`refuses ${what} in plain words`, async () => {
      const source = await readFile(desk.ws, name, content());
      assert.equal(source.state, 'failed');
      assert.match(source.says ?? '', says);
      assert.equal(source.passages, 0);
    }).timeout(20_000);
  }

  it('reads a page that is nested forty thousand deep', async () => {
    const depth = 40_000;
    const source = await readFile(
      desk.ws,
      'deep.html',
      `<html><body>${'<div>'.repeat(depth)}Deep down we open at nine.${'</div>'.repeat(depth)}</body></html>`,
    );
    assert.equal(source.state, 'ready', source.says ?? '');
    assert.deepEqual(passagesOf(desk.ws, source.id), [' |  | Deep down we open at nine.']);
  });

  it('after all of these the next file is read', async () => {
    assert.equal((await readFile(desk.ws, 'good.txt', 'We open at nine.')).state, 'ready');
  });
});

describe('reading threads', () => {
  const signal = new AbortController().signal;
  const text = (words: string) => ({ kind: 'text', title: 'T', text: words }) as const;

  it('what takes too long is given up, and the next thing is read', async () => {
    const threads = new ReadingThreads({ timeMs: 150 });
    await assert.rejects(
      threads.read(text('word '.repeat(1_500_000)), () => undefined, signal),
      /takes more time/,
    );
    const patient = new ReadingThreads();
    assert.equal((await patient.read(text('We open at nine.'), () => undefined, signal)).chunks.length, 1);
    await threads.close();
    await patient.close();
  });

  it('what takes too much memory ends its thread alone, and the next thing is read', async () => {
    const threads = new ReadingThreads({ memoryMb: 48 });
    await assert.rejects(
      threads.read(text('Every word here is another one. '.repeat(280_000)), () => undefined, signal),
      /takes more memory/,
    );
    assert.equal((await threads.read(text('We open at nine.'), () => undefined, signal)).chunks.length, 1);
    await threads.close();
  }).timeout(30_000);

  it('an aborted reading rejects with the reason', async () => {
    const threads = new ReadingThreads();
    const stop = new AbortController();
    const reading = threads.read(text('word '.repeat(500_000)), () => undefined, stop.signal);
    stop.abort(new Error('the server stops'));
    await assert.rejects(reading, /the server stops/);
    await threads.close();
  });
});
