/** Comma-separated values: what parts them, how they are written, and what only looks like them. */
import assert from 'node:assert/strict';
import { Unreadable } from '../../src/knowledge/reading/material.ts';
import { readFile } from '../../src/knowledge/reading/read-file.ts';
import { docx } from './made-files.ts';
import { textRow, xlsx } from './made-archives.ts';
import { readPairs } from '../../src/knowledge/reading/read-pairs.ts';

const bytesOf = (text: string): Uint8Array => Buffer.from(text);

async function textOf(content: Uint8Array | string): Promise<string[]> {
  const { blocks } = await readFile(typeof content === 'string' ? bytesOf(content) : content, () => undefined);
  return blocks.map((block) => (block.kind === 'table' ? block.rows.map((row) => row.join(' | ')).join('\n') : block.text));
}

describe('reading CSV', () => {
  const sheets: [what: string, content: Uint8Array | string, rows: string[]][] = [
    ['commas', 'Dish,Price\nSoup,5\n"Cake, plain",4\n', ['Dish: Soup | Price: 5', 'Dish: Cake, plain | Price: 4']],
    [
      'semicolons, as Excel writes them in Germany, with its mark',
      '\ufeffGericht;Preis\r\nSuppe;5,20\r\nKuchen;"4,00"\r\n',
      ['Gericht: Suppe | Preis: 5,20', 'Gericht: Kuchen | Preis: 4,00'],
    ],
    ['tabs', 'Dish\tPrice\nSoup, hot\t5\n', ['Dish: Soup, hot | Price: 5']],
    ['Windows-1252', Buffer.from('Größe;Menge\nzwölf;5\n', 'latin1'), ['Größe: zwölf | Menge: 5']],
    ['UTF-16 with its mark', Buffer.from('\ufeffGröße\tMenge\nzwölf\t5\n', 'utf16le'), ['Größe: zwölf | Menge: 5']],
    ['UTF-16 without its mark', Buffer.from('Size\tCount\ntwelve\t5\n', 'utf16le'), ['Size: twelve | Count: 5']],
    ['UTF-16 the other way round', Buffer.from('Size\tCount\ntwelve\t5\n', 'utf16le').swap16(), ['Size: twelve | Count: 5']],
    ['cells of several lines, and quotes in them', 'Name,Says\nA,"one\ntwo ""three"""\n', ['Name: A | Says: one two "three"']],
    [
      'cells that are left empty, and rows that are short or long',
      'A,B,C\n1,,3\n4,5\n6,7,8\n9,1,2\n3,4,5\n6,7,8\n9,8,7\n6,5,4\n3,2,1\n1,2,3\n',
      [
        'A: 1 | C: 3',
        'A: 4 | B: 5',
        'A: 6 | B: 7 | C: 8',
        'A: 9 | B: 1 | C: 2',
        'A: 3 | B: 4 | C: 5',
        'A: 6 | B: 7 | C: 8',
        'A: 9 | B: 8 | C: 7',
        'A: 6 | B: 5 | C: 4',
        'A: 3 | B: 2 | C: 1',
        'A: 1 | B: 2 | C: 3',
      ],
    ],
    [
      'a title above the head',
      'Menu 2026,,\n,,\nDish,Kind,Price\nSoup,starter,5\n',
      ['Menu 2026', 'Dish: Soup | Kind: starter | Price: 5'],
    ],
    ['no head', '1,2\n3,4\n', ['1 | 2\n3 | 4']],
  ];
  for (const [what, content, rows] of sheets) it(`of ${what}`, async () => assert.deepEqual(await textOf(content), rows));

  it('a row with a long text is parted, and each part says what it is about', async () => {
    const long = Array.from({ length: 60 }, (_, n) => `It serves its guests in way number ${n}.`).join(' ');
    const lines = await textOf(`Name,Story,Price\nThe mill,${long},5\nThe lake,Short.,4\n`);
    assert.equal(lines[0], 'Name: The mill | Price: 5');
    assert.equal(lines.at(-1), 'Name: The lake | Story: Short. | Price: 4');
    const parts = lines.slice(1, -1);
    assert.ok(parts.length >= 3 && parts.every((part) => /^Name: The mill \| Story: It serves .*\d\.$/.test(part) && part.length < 800));
    assert.equal(parts.map((part) => part.replace('Name: The mill | Story: ', '')).join(' '), long);
  });

  const prose: [what: string, content: string][] = [
    ['a text with commas', 'We close early, on Fridays.\nAsk for the key, please.'],
    ['a list of names', 'Doe, Jane\nRoe, Richard'],
    ['an indented text', '\tFirst line\n\tSecond line'],
    ['one line', 'a,b,c'],
    ['Markdown with a table', 'Prices:\n\n| Dish | Price |\n| --- | --- |\n| Soup | 5 |'],
  ];
  for (const [what, content] of prose) {
    it(`${what} is no sheet`, async () => {
      const { mime } = await readFile(bytesOf(content), () => undefined);
      assert.equal(mime, 'text/plain');
    });
  }

  it('a sheet that breaks off in a quoted cell says after which row', async () => {
    const rows = Array.from({ length: 3000 }, (_, n) => `name ${n},value ${n}, of something that is long enough`).join('\n');
    await assert.rejects(textOf(`Name,Value,More\n${rows}\n"open,1,2\n3,4,5\n`), (error) => {
      assert.ok(error instanceof Unreadable);
      assert.match(error.message, /^This CSV file isn’t whole after row 3001: a quotation mark is opened there and never closed/);
      return true;
    });
  });

  it('an encoding that nobody can tell is said, not guessed at', async () => {
    // "Добрый день" in Windows-1251, which would be letters of the West too.
    const russian = Buffer.from([0xc4, 0xee, 0xe1, 0xf0, 0xfb, 0xe9, 0x20, 0xe4, 0xe5, 0xed, 0xfc]);
    await assert.rejects(
      textOf(russian),
      /^Error: Deskbell can’t tell in which encoding this text is written\. Save it as UTF-8 and upload that\.$/,
    );
  });
});

describe('reading questions and answers out of CSV and Excel', () => {
  const pairsOf = (text: string): [string, string][] => readPairs(bytesOf(text)).pairs.map(({ question, answer }) => [question, answer]);

  const files: [what: string, text: string, pairs: [string, string][]][] = [
    ['by the names of the columns, wherever they stand', 'id,Answer,Topic,Question\n1,Yes.,pets,Dogs?\n', [['Dogs?', 'Yes.']]],
    ['in German', 'Frage;Antwort\nHunde?;Ja, gern.\n', [['Hunde?', 'Ja, gern.']]],
    ['by single letters', 'Q\tA\nDogs?\tYes.\n', [['Dogs?', 'Yes.']]],
    [
      'of the first two columns where they have no such names',
      'Dogs?,Yes.,x\nCats?,"No, sorry.",y\n',
      [
        ['Dogs?', 'Yes.'],
        ['Cats?', 'No, sorry.'],
      ],
    ],
    [
      'whose first question holds the word',
      'Any question about dogs?,My answer\nCats?,No.\n',
      [
        ['Any question about dogs?', 'My answer'],
        ['Cats?', 'No.'],
      ],
    ],
    ['of one line', 'Dogs?;Yes, please.', [['Dogs?', 'Yes, please.']]],
    ['with answers of several lines', 'question,answer\nDogs?,"Yes.\nOn a lead."\n', [['Dogs?', 'Yes.\nOn a lead.']]],
  ];
  for (const [what, text, pairs] of files) it(what, () => assert.deepEqual(pairsOf(text), pairs));

  it('a row that lacks something, or asks what another asked, is skipped with the reason', () => {
    const { pairs, skipped } = readPairs(bytesOf('question,answer\nDogs?,Yes.\n,No.\n\nCats?,\n dogs? ,Maybe.\nBirds?,Sure.\n'));
    assert.deepEqual(pairs, [
      { row: 2, question: 'Dogs?', answer: 'Yes.' },
      { row: 7, question: 'Birds?', answer: 'Sure.' },
    ]);
    assert.deepEqual(skipped, [
      { row: 3, says: 'The question is missing.' },
      { row: 5, says: 'The answer is missing.' },
      { row: 6, says: 'Row 2 asks the same.' },
    ]);
  });

  it('of an Excel file those of its first sheet that isn’t hidden, with the rows as Excel shows them', () => {
    const answers = textRow('id', 'Answer', 'Question') + textRow('1', 'Yes.', 'Dogs?') + '<row r="5"><c r="B5" t="s"><v>0</v></c></row>';
    const file = xlsx(
      [
        { name: 'Old', rows: textRow('Question', 'Answer') + textRow('Fax?', 'No.'), state: 'hidden' },
        { name: 'Asked', rows: answers },
        { name: 'Notes', rows: textRow('Cats?', 'No.') },
      ],
      { strings: ['<t>No.</t>'] },
    );
    assert.deepEqual(readPairs(file), {
      pairs: [{ row: 2, question: 'Dogs?', answer: 'Yes.' }],
      skipped: [{ row: 5, says: 'The question is missing.' }],
    });
    assert.throws(() => readPairs(docx([['', 'Dogs?']])), /neither a CSV nor an Excel file/);
  });

  it('more than five thousand are too many, and what is neither is said', () => {
    const many = Array.from({ length: 5001 }, (_, n) => `Question ${n}?,Answer`).join('\n');
    assert.throws(() => readPairs(bytesOf(many)), /more than 5000 questions/);
    assert.throws(() => readPairs(bytesOf('%PDF-1.7')), /^Error: This is neither a CSV nor an Excel file\./);
    assert.throws(() => readPairs(bytesOf('question,answer\n"Dogs?,Yes.')), Unreadable);
  });
});
