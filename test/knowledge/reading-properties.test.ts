/** Whatever bytes come, each reader ends in what it read or in a plain sentence, and never in anything else. */
import assert from 'node:assert/strict';
import { deflateRawSync, crc32 } from 'node:zlib';
import fc from 'fast-check';
import { delimiterOf } from '../../src/lib/delimiters.ts';
import { cutChunks } from '../../src/knowledge/reading/cut-chunks.ts';
import { Unreadable } from '../../src/knowledge/reading/material.ts';
import { readFile } from '../../src/knowledge/reading/read-file.ts';
import { readPairs } from '../../src/knowledge/reading/read-pairs.ts';
import { SheetRows } from '../../src/knowledge/reading/sheet-rows.ts';
import { formatOfCode, numberText } from '../../src/knowledge/reading/sheet-values.ts';
import { epub, lyingZip, openDocument, pptx, shape, slideTable, textRow, xlsx } from './made-archives.ts';
import { openDesk, readFile as upload } from './desk.ts';
import { docx, pdf } from './made-files.ts';

const SAYS = /^[A-Z“][^<{]*\.$/;

/** What was read, or null when it was refused; anything else is a failure. */
async function read(bytes: Uint8Array): Promise<string | null> {
  try {
    const { blocks } = await readFile(bytes, () => undefined);
    return cutChunks(blocks)
      .map(({ path, text }) => `${path}\n${text}`)
      .join('\n');
  } catch (error) {
    assert.ok(error instanceof Unreadable, String(error instanceof Error ? error.stack : error));
    assert.match(error.message, SAYS);
    return null;
  }
}

const words = fc.string({ unit: fc.constantFrom(...'abc é€😀<>&"\',;|\t\n\r\0=[]!-'), maxLength: 40 });
const GOOD: Record<string, Uint8Array> = {
  docx: docx([
    ['Heading1', 'Menu'],
    ['', 'We open at nine.'],
  ]),
  xlsx: xlsx([{ name: 'A', rows: textRow('Dish', 'Kind', 'Price') + textRow('Soup', 'warm', '5') }], { strings: ['<t>x</t>'] }),
  pptx: pptx([{ title: 'Menu', body: shape('We open at nine.') + slideTable([['a', 'b']]), notes: 'Smile.' }]),
  odt: openDocument('text', '<text:h>Menu</text:h><text:p>We open at nine.</text:p>'),
  ods: openDocument(
    'spreadsheet',
    '<table:table table:name="A"><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>',
  ),
  odp: openDocument('presentation', '<draw:page><draw:frame presentation:class="title"><text:p>Menu</text:p></draw:frame></draw:page>'),
  epub: epub([['a.xhtml', '<h1>Menu</h1><p>We open at nine.</p>']]),
  csv: Buffer.from('Dish;Kind;Price\nSoup;warm;5\n"Cake; plain";cold;4\n'),
  html: Buffer.from('<!doctype html><html><body><h1>Menu</h1><table><tr><td>Soup</td></tr></table></body></html>'),
  markdown: Buffer.from('# Menu\n\n| Dish | Price |\n| --- | --- |\n| Soup | 5 |\n'),
};

/** Ways to spoil a file. */
function changesOf(good: Uint8Array): fc.Arbitrary<(file: Uint8Array) => Buffer> {
  const change = fc.record({
    at: fc.nat(good.length - 1),
    how: fc.constantFrom('set', 'cut', 'double'),
    value: fc.nat(255),
    length: fc.nat(60),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => (file) => {
    let bytes: Buffer = Buffer.from(file);
    for (const { at, how, value, length } of changes) {
      const piece = bytes.subarray(at, at + length);
      const instead = how === 'set' ? [Buffer.from([value]), bytes.subarray(at + 1)] : [bytes.subarray(at + length)];
      bytes = Buffer.concat([bytes.subarray(0, at), ...(how === 'double' ? [piece, piece] : []), ...instead]);
    }
    return bytes;
  });
}

describe('any bytes', function () {
  this.timeout(20_000);

  it('after the beginning of any kind of file end in text or in a sentence', async () => {
    const heads = [
      '',
      'PK\x03\x04',
      'PK\x05\x06',
      '<html>',
      '\xff\xfe',
      '\xfe\xff',
      '\xef\xbb\xbf',
      'a,b\n',
      'a;b\n1;"',
      '\xd0\xcf\x11\xe0',
      '---\n',
    ];
    let texts = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 300 }), async (head, noise) => {
        if ((await read(Buffer.concat([Buffer.from(head, 'latin1'), noise]))) !== null) texts += 1;
      }),
      { numRuns: 150 },
    );
    assert.ok(texts > 20, 'some of them are text');
  });

  for (const [kind, good] of Object.entries(GOOD)) {
    it(`a good ${kind} of which bytes were changed, taken out or doubled ends in text or in a sentence`, async () => {
      assert.notEqual(await read(good), null, 'as it is, it is read');
      await fc.assert(
        fc.asyncProperty(changesOf(good), async (spoil) => void (await read(spoil(good)))),
        { numRuns: 30 },
      );
    });
  }

  it('a good pdf of which they were ends so too', async () => {
    // In a thread, as always: pdf.js leaves its traces in the process that it runs in.
    const desk = await openDesk();
    const good = pdf([[{ text: 'We open at nine, and close at six.', y: 700 }]]);
    assert.equal((await upload(desk.ws, 'menu.pdf', good)).state, 'ready');
    await fc.assert(
      fc.asyncProperty(changesOf(good), async (spoil) => {
        const { state, says } = await upload(desk.ws, 'menu.pdf', spoil(good));
        if (state === 'failed') assert.match(says ?? '', SAYS);
      }),
      { numRuns: 12 },
    );
    await desk.end();
  });

  it('in the parts of an archive that is whole end in text or in a sentence', async () => {
    // The seal of a zip archive would keep changed bytes from ever reaching the readers of XML.
    const tag = fc.constantFrom(
      ...'sld sp ph txBody p t tbl tr tc c v is row si r h list table table-row table-cell frame page note-body annotation style itemref item rootfile content Fallback'.split(
        ' ',
      ),
    );
    const attribute = fc.tuple(
      fc.constantFrom(
        'r',
        't',
        's',
        'type',
        'id',
        'r:id',
        'name',
        'show',
        'href',
        'number-columns-repeated',
        'outline-level',
        'numFmtId',
        'formatCode',
      ),
      fc.constantFrom('', '0', '-1', '1e9', 'NaN', 's', 'b', 'e', 'title', 'A1', 'XFD1', '\u0000', '%zz', '../..', 'r1'),
    );
    const node = fc.oneof(
      fc
        .tuple(tag, fc.array(attribute, { maxLength: 3 }))
        .map(([name, attributes]) => `<x:${name} ${attributes.map(([key, value]) => `${key}="${value}"`).join(' ')}>`),
      tag.map((name) => `</x:${name}>`),
      words.map((text) => text.replaceAll('<', '')),
      fc.constantFrom('<![CDATA[', ']]>', '<!--', '-->', '<?x', '?>', '&#x110000;', '&#0;', '&amp'),
    );
    const xml = fc.array(node, { maxLength: 30 }).map((nodes) => `<all>${nodes.join('')}</all>`);
    const parts: [kind: string, member: string][] = [
      ['xlsx', 'xl/workbook.xml'],
      ['xlsx', 'xl/styles.xml'],
      ['xlsx', 'xl/sharedStrings.xml'],
      ['xlsx', 'xl/worksheets/sheet1.xml'],
      ['pptx', 'ppt/slides/slide1.xml'],
      ['pptx', 'ppt/presentation.xml'],
      ['odt', 'content.xml'],
      ['ods', 'content.xml'],
      ['odp', 'content.xml'],
      ['epub', 'OEBPS/book.opf'],
      ['epub', 'OEBPS/toc.ncx'],
      ['epub', 'OEBPS/text/a.xhtml'],
      ['docx', 'word/document.xml'],
    ];
    const makers: Record<string, (more: Record<string, string>) => Uint8Array> = {
      xlsx: (more) => xlsx([{ name: 'A', rows: textRow('a', 'b') }], { more }),
      pptx: (more) => pptx([{ body: shape('a') }], more),
      odt: (more) => openDocument('text', '', { more }),
      ods: (more) => openDocument('spreadsheet', '', { more }),
      odp: (more) => openDocument('presentation', '', { more }),
      epub: (more) => epub([['a.xhtml', 'a']], { more }),
      docx: (more) => docx([['', 'a']], Object.fromEntries(Object.entries(more).map(([name, text]) => [name, Buffer.from(text)]))),
    };
    let texts = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...parts), xml, async ([kind, member], text) => {
        if ((await read(makers[kind]?.({ [member]: text }) ?? new Uint8Array())) !== null) texts += 1;
      }),
      { numRuns: 120 },
    );
    assert.ok(texts > 20, 'some of them are text');
  });

  it('in the list of an archive end in text or in a sentence', async () => {
    const content = Buffer.from('<office:document-content><text:p>We open at nine.</text:p></office:document-content>');
    const size = fc.oneof(fc.nat(200), fc.constantFrom(0xffffffff, 0x7fffffff, 0x80000000));
    const lies = fc.record(
      { method: fc.constantFrom(0, 8, 9), flags: fc.nat(0xffff), unfolded: size, folded: size, at: size },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(lies, lies, async (one, other) => {
        const mimetype = Buffer.from('application/vnd.oasis.opendocument.text');
        await read(
          lyingZip([
            { name: 'mimetype', content: mimetype, crc: crc32(mimetype), ...one },
            { name: 'content.xml', content: deflateRawSync(content), method: 8, crc: crc32(content), ...other },
          ]),
        );
      }),
      { numRuns: 120 },
    );
  });
});

describe('any rows', () => {
  const said = (rows: readonly string[][], headExpected: boolean, leastColumns: number): Set<string> => {
    const texts: string[] = [];
    const sheet = new SheetRows({ headExpected, leastColumns }, (block) =>
      texts.push(block.kind === 'table' ? block.rows.flat().join(' ') : block.text),
    );
    for (const row of rows) sheet.row(row);
    sheet.end();
    return wordsOf(texts);
  };
  const wordsOf = (texts: readonly string[]): Set<string> => new Set(texts.flatMap((text) => text.match(/[abc1]+/g) ?? []));
  const cell = fc.string({ unit: fc.constantFrom(...'abc1 '), maxLength: 8 });
  const rules = [fc.boolean(), fc.constantFrom(2, 3)] as const;

  it('say nothing that doesn’t stand in them', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 40 }), ...rules, (rows, headExpected, leastColumns) => {
        const given = wordsOf(rows.flat());
        for (const word of said(rows, headExpected, leastColumns)) assert.ok(given.has(word), word);
      }),
      { numRuns: 200 },
    );
  });

  it('that are full lose nothing, whichever are heads, and of lists or tables', () => {
    const full = fc.array(
      cell.filter((text) => text.trim() !== ''),
      { minLength: 3, maxLength: 3 },
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 6, arbitrary: full }, fc.constant<string[]>([])), { maxLength: 40 }),
        ...rules,
        (rows, headExpected, leastColumns) => {
          assert.deepEqual([...said(rows, headExpected, leastColumns)].sort(), [...wordsOf(rows.flat())].sort());
        },
      ),
      { numRuns: 200 },
    );
  });

  it('of a sheet are read as they were written, whatever is in them', () => {
    const cells = fc.array(fc.tuple(words, words), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(cells, fc.constantFrom(',', ';', '\t'), (rows, delimiter) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const written = `question${delimiter}answer\n${rows.map((row) => row.map(quoted).join(delimiter)).join('\n')}\n`;
        if (written.includes('\0')) return;
        const first = rows.filter(([question, answer]) => question.trim() !== '' && answer.trim() !== '')[0];
        const { pairs } = first ? readPairs(Buffer.from(written)) : { pairs: [] };
        const [pair] = pairs;
        assert.deepEqual(pair && [pair.question, pair.answer], first && [first[0].trim(), first[1].trim()]);
      }),
      { numRuns: 300 },
    );
  });

  it('of anything give pairs, or a sentence', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          words.map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          try {
            for (const { question, answer } of readPairs(bytes).pairs) assert.ok(question !== '' && answer !== '');
          } catch (error) {
            assert.ok(error instanceof Unreadable, String(error));
            assert.match(error.message, SAYS);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('any text, number or format', () => {
  it('has a delimiter or none', () =>
    fc.assert(
      fc.property(words, (text) => [null, ',', ';', '\t'].includes(delimiterOf(text))),
      { numRuns: 500 },
    ));

  it('of a cell is shown in one line', () => {
    fc.assert(
      fc.property(
        fc.double(),
        fc.oneof(words, fc.constantFrom('yyyy-mm-dd', '0.00 %', '[h]:mm', '#,##0.00 [$€-407]', 'General', '0.00E+00')),
        fc.boolean(),
        (value, code, from1904) => {
          const text = numberText(value, formatOfCode(code), from1904);
          assert.ok(text.length < 60 && !/NaN|Infinity|Invalid|undefined/.test(text), text);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
