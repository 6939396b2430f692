/** Files made to harm, files that are locked or broken, and files that are merely huge: each a plain sentence or a sound result. */
import assert from 'node:assert/strict';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { openDesk, passagesOf, readFile, type Desk } from './desk.ts';
import { epub, lyingZip, office, openDocument, pptx, relations, shape, textRow, xlsx, zipOf, type LyingMember } from './made-archives.ts';
import { docx, docxOf, oldOffice, pdf } from './made-files.ts';
import { readFile as readBytes } from '../../src/knowledge/reading/read-file.ts';
import type { ListedSource } from '../../src/knowledge/knowledge.queries.ts';

const LAUGHS = `<!DOCTYPE x [<!ENTITY a "hahahahaha">${[...'bcdefghij'].map((name, n) => `<!ENTITY ${name} "${`&${'abcdefghi'[n]};`.repeat(10)}">`).join('')}]>`;
const STEALS = '<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>';
const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const OPEN = 'We open at nine.';
const MB = 1024 * 1024;
const BLANKS = Buffer.alloc(125 * MB, ' ');

const wordOf = (body: string, head = ''): Uint8Array =>
  docxOf(`${head}<w:document ${WORD}><w:body><w:p><w:r><w:t>${body}</w:t></w:r></w:p></w:body></w:document>`);
const deep = (tag: string, depth: number, text: string): string => `<${tag}>`.repeat(depth) + text + `</${tag}>`.repeat(depth);
const deflated = (name: string, content: Uint8Array | string, more: Partial<LyingMember> = {}): LyingMember => ({
  name,
  content: deflateRawSync(content),
  method: 8,
  crc: crc32(content),
  unfolded: content.length,
  ...more,
});
/** Members of a Word file of one paragraph, but for the document. */
const AROUND_WORD = [
  deflated(
    '[Content_Types].xml',
    '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
  ),
  deflated('_rels/.rels', relations(['officeDocument', 'word/document.xml'])),
];
const DOCUMENT = `<w:document ${WORD}><w:body><w:p><w:r><w:t>${OPEN}</w:t></w:r></w:p></w:body></w:document>`;
const lyingWord = (more: Partial<LyingMember>, ...others: LyingMember[]): Uint8Array =>
  lyingZip([...AROUND_WORD, deflated('word/document.xml', DOCUMENT, more), ...others]);

const BOMB = /^This file unfolds to far more than it shows\. Deskbell doesn’t open such files\. Paste the text, or save it as PDF\.$/;
const ABSURD = /^This file holds what no office program writes, so Deskbell doesn’t open it\. Save it again, or paste the text\.$/;
const BROKEN = /^This file is damaged: it says it is compressed, and doesn’t unfold\. Save it again and upload that\.$/;
const CUT = /^This file is damaged: a part of it breaks off\. Open it where it was made, save it again and upload that\.$/;
const LOCKED = /^This file asks for a password\. Save it without one and upload it again\.$/;
const UNKNOWN = /^Deskbell can’t tell what kind of file this is\./;

describe('hostile and huge files', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => void (desk = await openDesk()));
  after(() => desk.end());

  /** `expected`: what is said of it when it can't be read; else its passages. */
  type Case = [what: string, name: string, content: () => Uint8Array | string, expected: RegExp | string[]];
  async function check([, name, content, expected]: Case): Promise<ListedSource> {
    const source = await readFile(desk.ws, name, content());
    if (expected instanceof RegExp) {
      assert.equal(source.state, 'failed', passagesOf(desk.ws, source.id).join('\n').slice(0, 500));
      assert.match(source.says ?? '', expected);
      assert.equal(source.passages, 0);
    } else {
      assert.equal(source.state, 'ready', source.says ?? '');
      assert.deepEqual(passagesOf(desk.ws, source.id), expected);
    }
    return source;
  }
  const all = (heading: string, cases: Case[]): void =>
    void describe(heading, () => {
      for (const each of cases)
        it(`${each[0]} ${each[3] instanceof RegExp ? 'is refused in plain words' : 'does no harm'}`, () => check(each));
    });

  all('archives', [
    [
      'an archive in an archive in an archive',
      'nest.zip',
      () => zipOf({ 'a.zip': 'x' }),
      /^This is a ZIP archive\. Unpack it and upload the files inside\.$/,
    ],
    [
      'a Word file that carries another archive',
      'carry.docx',
      () => docx([['', OPEN]], { 'word/embeddings/bomb.zip': zipOf({ 'a.zip': 'x' }) }),
      [` |  | ${OPEN}`],
    ],
    [
      'a bomb that says it unfolds to ten bytes',
      'liar.docx',
      () => lyingZip([...AROUND_WORD, deflated('word/document.xml', BLANKS, { unfolded: 10 })]),
      BOMB,
    ],
    [
      'a bomb in a part that nobody reads',
      'picture.docx',
      () => lyingWord({}, deflated('word/media/image1.png', Buffer.alloc(64 * MB), { unfolded: 0xfffffff0 })),
      [` |  | ${OPEN}`],
    ],
    [
      'an archive whose members share their bytes',
      'overlap.docx',
      () =>
        lyingZip(
          Array.from({ length: 300 }, (_, n) => ({
            name: `m${n}`,
            content: Buffer.from(n === 0 ? 'x'.repeat(500) : ''),
            at: 0,
            folded: 500,
          })),
        ),
      BOMB,
    ],
    ['a member that says it is larger than its archive', 'long.docx', () => lyingWord({ folded: 0x7fffffff }), BROKEN],
    ['a member that says it lies behind the end', 'behind.docx', () => lyingWord({ at: 0x7fffffff }), BROKEN],
    ['a member that says it is a gigabyte and is a sentence', 'boast.docx', () => lyingWord({ unfolded: 0x40000000 }), [` |  | ${OPEN}`]],
    ['a member of which a bit has turned', 'turned.docx', () => lyingWord({ crc: 1 }), BROKEN],
    ['a member that is compressed in a way of its own', 'lzma.docx', () => lyingWord({ method: 14 }), BROKEN],
    ['an archive without its end', 'half.xlsx', () => xlsx([{ name: 'A', rows: textRow(OPEN) }]).subarray(0, -30), BROKEN],
    [
      'an archive without its beginning',
      'tail.xlsx',
      () => Buffer.concat([Buffer.from('PK\x03\x04'), xlsx([{ name: 'A', rows: textRow(OPEN) }]).subarray(900)]),
      BROKEN,
    ],
    ['an archive of nothing', 'empty.docx', () => zipOf({}), /^This is a ZIP archive\./],
  ]);

  all('XML', [
    ['a Word file whose words unfold to a billion', 'laughs.docx', () => wordOf('&j;', LAUGHS), ABSURD],
    [
      'a sheet whose words do',
      'laughs.xlsx',
      () => xlsx([{ name: 'A', rows: '' }], { more: { 'xl/sharedStrings.xml': `${LAUGHS}<sst><si><t>&j;</t></si></sst>` } }),
      ABSURD,
    ],
    [
      'a slide whose words do',
      'laughs.pptx',
      () => pptx([{ body: shape('x') }], { 'ppt/slides/slide1.xml': `${LAUGHS}<p:sld>${shape('&j;')}</p:sld>` }),
      ABSURD,
    ],
    [
      'an OpenDocument text whose words do',
      'laughs.odt',
      () => openDocument('text', '', { more: { 'content.xml': `${LAUGHS}<x><text:p>&j;</text:p></x>` } }),
      ABSURD,
    ],
    ['a Word file that asks for a file of this machine', 'xxe.docx', () => wordOf('&j;', STEALS), ABSURD],
    [
      'a book that asks for a file of this machine',
      'xxe.epub',
      () =>
        epub([['a.xhtml', OPEN]], { more: { 'META-INF/container.xml': `${STEALS}<container><rootfile full-path="&j;"/></container>` } }),
      ABSURD,
    ],
    [
      'a chapter that does',
      'xxe2.epub',
      () => epub([['a.xhtml', '']], { more: { 'OEBPS/text/a.xhtml': `${STEALS}<html><body><p>${OPEN} &j;</p></body></html>` } }),
      [' |  | ]>\n\nWe open at nine. &j;'],
    ],
    ['a Word file nested ten thousand deep', 'deep.docx', () => wordOf(deep('w:r', 10_000, OPEN)), ABSURD],
    ['a slide nested ten thousand deep', 'deep.pptx', () => pptx([{ body: deep('p:grpSp', 10_000, shape(OPEN)) }]), ABSURD],
    ['lists nested ten thousand deep', 'deep.odt', () => openDocument('text', deep('text:list', 10_000, OPEN)), ABSURD],
    ['a book nested ten thousand deep', 'deep.epub', () => epub([['a.xhtml', deep('div', 10_000, OPEN)]]), [` |  | ${OPEN}`]],
    [
      'a page nested ten thousand deep',
      'deep.html',
      () => `<html><body>${deep('table><tr><td', 3333, OPEN)}</body></html>`,
      [` |  | ${OPEN}`],
    ],
    [
      'a slide that breaks off',
      'cut.pptx',
      () => pptx([{ body: shape('x') }], { 'ppt/slides/slide1.xml': '<p:sld><p:sp><p:txBody><a:p>' }),
      CUT,
    ],
    [
      'a sheet that is no XML',
      'noise.xlsx',
      () => xlsx([{ name: 'A', rows: '' }], { more: { 'xl/worksheets/sheet1.xml': '\x00\x01\x02 not XML at all' } }),
      /^There is no text in this\./,
    ],
    [
      'slides that lead to each other in a ring',
      'ring.pptx',
      () =>
        pptx([{ body: shape(OPEN) }], {
          'ppt/slides/_rels/slide1.xml.rels': relations(
            ['notesSlide', 'slide1.xml'],
            ['slide', '../presentation.xml'],
            ['diagramData', '../../../../etc/passwd'],
            ['notesSlide', 'file:///etc/passwd', 'TargetMode="External"'],
          ),
        }),
      [` | 1 | ${OPEN}\n\n${OPEN}`],
    ],
    [
      'a show that shows one slide a hundred thousand times',
      'again.pptx',
      () =>
        pptx([{ body: shape(OPEN) }], {
          'ppt/presentation.xml': `<p:presentation>${'<p:sldId id="256" r:id="r1"/>'.repeat(100_000)}</p:presentation>`,
        }),
      [` | 1 | ${OPEN}`],
    ],
    [
      'a book that reads one chapter a hundred thousand times',
      'again.epub',
      () =>
        epub([['a.xhtml', OPEN]], {
          more: {
            'OEBPS/book.opf': `<package><item id="c" href="text/a.xhtml" media-type="application/xhtml+xml"/>${'<itemref idref="c"/>'.repeat(100_000)}</package>`,
          },
        }),
      [` |  | ${OPEN}`],
    ],
    [
      'a main part that leads to itself',
      'self.docx',
      () => office('_rels/.rels', 'wordprocessingml.document', { '_rels/.rels': relations(['officeDocument', '_rels/.rels']) }),
      /^(?:This Word file is damaged|There is no text in this)/,
    ],
    [
      'a sheet whose cells are repeated a billion times',
      'many.ods',
      () =>
        openDocument(
          'spreadsheet',
          `<table:table table:name="A">${'<table:table-row table:number-rows-repeated="1000000000"><table:table-cell table:number-columns-repeated="1000000000"><text:p>all work and no play</text:p></table:table-cell></table:table-row>'.repeat(40)}</table:table>`,
        ),
      /^This holds more text than Deskbell reads from one file/,
    ],
    [
      'a cell in a column that no sheet has',
      'far.xlsx',
      () => xlsx([{ name: 'A', rows: `<row><c r="ZZZ1" t="str"><v>far</v></c><c r="999" t="str"><v>no</v></c></row>${textRow(OPEN)}` }]),
      [`A |  | ${OPEN}`],
    ],
  ]);

  all('locked and mislabelled files', [
    ['an Office file with a password', 'locked.xlsx', () => oldOffice('EncryptedPackage'), LOCKED],
    ['an archive with a password', 'locked.zip', () => lyingWord({ flags: 1 }), LOCKED],
    [
      'an OpenDocument text with a password',
      'locked.odt',
      () =>
        openDocument('text', '', {
          more: {
            'META-INF/manifest.xml':
              '<manifest:manifest><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>',
            'content.xml': '\x8a\x03noise',
          },
        }),
      LOCKED,
    ],
    [
      'a book that only its seller’s apps open',
      'drm.epub',
      () =>
        epub([['a.xhtml', OPEN]], {
          more: {
            'META-INF/encryption.xml':
              '<encryption><EncryptedData><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></EncryptedData></encryption>',
          },
        }),
      /^This e-book is protected against copying, and only its seller’s apps open it\. Upload a copy without protection\.$/,
    ],
    [
      'a book whose fonts alone are hidden',
      'fonts.epub',
      () =>
        epub([['a.xhtml', OPEN]], {
          more: {
            'META-INF/encryption.xml':
              '<encryption><EncryptedData><EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/></EncryptedData></encryption>',
          },
        }),
      [` |  | ${OPEN}`],
    ],
    [
      'an old Excel file',
      'old.xls',
      () => oldOffice('Workbook'),
      /^This is an Excel file of the old kind, \.xls\. Save it as \.xlsx and upload that\.$/,
    ],
    ['an old PowerPoint file', 'old.ppt', () => oldOffice('PowerPoint Document'), /^This is a PowerPoint file of the old kind, \.ppt\./],
    ['a message of Outlook', 'mail.msg', () => oldOffice('__substg1.0_0037001F'), /^This is a message of Outlook\./],
    ['another file of that container', 'thumbs.db', () => oldOffice('Catalog'), /^This is an Office file of the old kind\./],
    ['a picture that calls itself a PDF', 'scan.pdf', () => Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), /^This is a picture/],
    [
      'a program that calls itself a Word file',
      'setup.docx',
      () => Buffer.from('MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff', 'latin1'),
      /^This is a program, and Deskbell doesn’t open programs\. Upload a document\.$/,
    ],
    [
      'a packed file that calls itself CSV',
      'list.csv',
      () => gzipSync('a,b\n1,2'),
      /^This is an archive\. Unpack it and upload the files inside\.$/,
    ],
    ['a sheet that calls itself a Word file', 'list.docx', () => xlsx([{ name: 'A', rows: textRow(OPEN) }]), [`A |  | ${OPEN}`]],
    ['a text that calls itself an e-book', 'notes.epub', () => OPEN, [` |  | ${OPEN}`]],
    ['a text of null bytes', 'nulls.csv', () => Buffer.from(`a,b\n1\0,2\n${OPEN}`), UNKNOWN],
    [
      'a text that is UTF-16 for one half',
      'mixed.txt',
      () => Buffer.concat([Buffer.from(OPEN.repeat(20), 'utf16le'), Buffer.from(OPEN.repeat(60))]),
      UNKNOWN,
    ],
  ]);

  it('a sheet as text that is one line of three hundred thousand letters is cut into passages', async () => {
    const source = await readFile(desk.ws, 'line.csv', 'word,'.repeat(60_000));
    assert.equal(source.state, 'ready', source.says ?? '');
    assert.ok(source.passages > 300);
  });

  it('a sheet as text with a cell of five million letters is refused, with the row', async () => {
    await check([
      '',
      'cell.csv',
      () => `Name,Value\n${'a,1\n'.repeat(20_000)}b,"${'x'.repeat(5_000_000)}"\n`,
      /^This CSV file isn’t whole after row 20001:/,
    ]);
  });

  it('a PDF of three hundred pages is read to its last one', async () => {
    const pages = Array.from({ length: 300 }, (_, n) =>
      Array.from({ length: 10 }, (_line, m) => ({ text: `Room ${n + 1} has ${m} chairs and a view of the lake.`, y: 800 - m * 20 })),
    );
    const { id, state, about } = await readFile(desk.ws, 'house.pdf', pdf(pages));
    assert.equal(state, 'ready');
    assert.match(about, /^300 pages, /);
    const found = desk.ws.sql
      .prepare("SELECT page FROM chunks WHERE source_id = ? AND text LIKE '%Room 300 has 5 chairs%'")
      .pluck()
      .all(id);
    // Pages this short share a passage, which counts as of the first of them.
    assert.ok(found.length === 1 && Number(found[0]) >= 298, String(found));
  });

  it('a hundred thousand rows of Excel are read to the last one, within the memory of a thread', async () => {
    const rows = Array.from({ length: 100_000 }, (_, n) => `<row><c t="s"><v>${n}</v></c><c><v>${n}</v></c><c t="b"><v>1</v></c></row>`);
    const sheet = xlsx([{ name: 'Parts', rows: textRow('No', 'Kg', 'New') + rows.join('') }], {
      strings: rows.map((_row, n) => `<t>P${n}</t>`),
    });
    const { id, state, says } = await readFile(desk.ws, 'parts.xlsx', sheet);
    assert.equal(state, 'ready', says ?? '');
    const last = desk.ws.sql.prepare('SELECT text FROM chunks WHERE source_id = ? ORDER BY position DESC LIMIT 1').pluck().get(id);
    assert.match(String(last), /No: P99999 \| Kg: 99999 \| New: TRUE$/);
  });

  it('a hundred thousand rows of CSV too', async () => {
    const text = `Part;Weight;Sold\n${Array.from({ length: 100_000 }, (_, n) => `Part ${n};${n};TRUE`).join('\n')}`;
    const { blocks } = await readBytes(Buffer.from(text), () => undefined);
    assert.equal(blocks.length, 100_000);
    assert.deepEqual(blocks.at(-1), { kind: 'text', text: 'Part: Part 99999 | Weight: 99999 | Sold: TRUE', page: null });
  });

  it('after all of these a good file is read', () => check(['', 'hours.txt', () => OPEN, [` |  | ${OPEN}`]]));
});
