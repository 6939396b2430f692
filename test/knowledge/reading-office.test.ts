/** Slides, sheets, OpenDocument and e-books: what stands in them is kept as it was meant. */
import assert from 'node:assert/strict';
import { openDesk, passagesOf, readFile, type Desk } from './desk.ts';
import { epub, office, openDocument, pptx, relations, shape, slideTable, textRow, xlsx, zipOf } from './made-archives.ts';

const TABLE =
  '<table:table><table:table-row><table:table-cell><text:p>Dish</text:p></table:table-cell><table:table-cell><text:p>Price</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>Soup</text:p><text:p>of the day</text:p></table:table-cell><table:table-cell><text:p>€5</text:p></table:table-cell></table:table-row></table:table>';
const cell = (text: string, more = ''): string => `<table:table-cell ${more}><text:p>${text}</text:p></table:table-cell>`;

describe('reading slides, sheets, OpenDocument and e-books', () => {
  let desk: Desk;
  before(async () => void (desk = await openDesk()));
  after(() => desk.end());

  const read: [what: string, name: string, content: () => Uint8Array, passages: string[]][] = [
    [
      'slides in the order of the show, with title, lists, tables and notes',
      'talk.pptx',
      () =>
        pptx([
          { title: 'Welcome to\nAurora', body: shape('Open at nine\nDogs are &lt;welcome&gt;'), notes: 'Say hello first.' },
          {
            title: 'Prices',
            body: slideTable([
              ['Dish', 'Price'],
              ['Soup', '€5'],
            ]),
          },
          { body: shape('We are at 12 Church Lane.') },
        ]),
      [
        'Welcome to Aurora | 1 | Open at nine\nDogs are <welcome>\n\nSay hello first.',
        'Prices | 2 | Dish | Price\nSoup | €5\n\nWe are at 12 Church Lane.',
      ],
    ],
    [
      'what a slide draws, once: a diagram’s words, and not what older programs show instead',
      'diagram.pptx',
      () =>
        pptx(
          [
            {
              title: 'Steps',
              body: `<mc:AlternateContent><mc:Choice>${shape('Bake')}</mc:Choice><mc:Fallback>${shape('Bake')}</mc:Fallback></mc:AlternateContent>`,
            },
          ],
          {
            'ppt/slides/_rels/slide1.xml.rels': relations(['diagramData', '../diagrams/data1.xml']),
            'ppt/diagrams/data1.xml':
              '<dgm:dataModel><dgm:pt><dgm:t><a:p><a:r><a:t>Cool down</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>',
          },
        ),
      ['Steps | 1 | Bake\n\nCool down'],
    ],
    [
      'a list of Excel row by row, each value under its name',
      'list.xlsx',
      () =>
        xlsx(
          [
            {
              name: 'Cakes &amp; more',
              rows: `<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c><c t="s"><v>4</v></c></row>
                <row><c t="inlineStr"><is><t>Cheese</t></is></c><c s="2"><v>4.2</v></c><c s="1"><v>46054.604166</v></c><c s="3"><v>0.07</v></c><c t="b"><v>1</v></c></row>
                <row r="3"><c r="A3" t="str"><f>A2&amp;"!"</f><v>Cheese!</v></c><c r="B3"><f>0.1+0.2</f><v>0.30000000000000004</v></c><c r="E3" t="e"><v>#N/A</v></c></row>
                <row><c r="A4" t="s"><v>5</v></c><c r="C4" s="5"><v>59</v></c><c r="D4" s="4"><v>1.5</v></c></row>`,
            },
          ],
          {
            strings: [
              'Cake',
              'Price',
              'Baked',
              'Tax',
              'Vegan',
              '<r><t>Apple</t></r><r><t xml:space="preserve"> pie</t></r><rPh><t>appuru</t></rPh>',
            ].map((text) => (text.startsWith('<') ? text : `<t>${text}</t>`)),
          },
        ),
      [
        'Cakes & more |  | Cake: Cheese | Price: 4.20 € | Baked: 2026-02-01 14:30 | Tax: 7 % | Vegan: TRUE\n\nCake: Cheese! | Price: 0.3\n\nCake: Apple pie | Baked: 1900-02-28 | Tax: 36:00',
      ],
    ],
    [
      'dates of a Mac, which count from 1904',
      'mac.xlsx',
      () =>
        xlsx([{ name: 'Days', rows: '<row><c s="5"><v>0</v></c><c s="5"><v>44592</v></c></row>' }], {
          workbook: '<workbookPr date1904="1"/>',
        }),
      ['Days |  | 1904-01-01 | 2026-02-01'],
    ],
    [
      'a sheet with titles and small tables, as tables under their titles',
      'hours.xlsx',
      () =>
        xlsx([
          {
            name: 'Hours',
            rows: `${textRow('Summer')}${textRow('Monday', 'closed')}${textRow('Tuesday', '9 to 17')}<row r="6"><c t="inlineStr"><is><t>Winter</t></is></c></row>${textRow('Monday', '10 to 16')}${textRow('Tuesday', 'closed')}`,
          },
          { name: 'Empty', rows: '' },
          { name: 'Lone', rows: textRow('Ask us.') },
        ]),
      [
        'Hours › Summer |  | Monday | closed\nTuesday | 9 to 17',
        'Hours › Winter |  | Monday | 10 to 16\nTuesday | closed',
        'Lone |  | Ask us.',
      ],
    ],
    [
      'a list that goes on after a blank row under the same names',
      'gap.xlsx',
      () =>
        xlsx([
          {
            name: 'Rooms',
            rows: `${textRow('Room', 'Beds', 'Floor')}${textRow('Elbe', '2', '1')}<row r="5"><c t="inlineStr"><is><t>Harz</t></is></c><c><v>3</v></c><c><v>2</v></c></row>`,
          },
        ]),
      ['Rooms |  | Room: Elbe | Beds: 2 | Floor: 1\n\nRoom: Harz | Beds: 3 | Floor: 2'],
    ],
    [
      'an OpenDocument text by headings, lists and tables, without contents, remarks and what was deleted',
      'menu.odt',
      () =>
        openDocument(
          'text',
          `<text:tracked-changes><text:p>Deleted</text:p></text:tracked-changes><text:table-of-content><text:p>Menu ... 1</text:p></text:table-of-content>
          <text:h text:outline-level="1">Menu</text:h><text:p>Breakfast<text:s/>is<text:tab/>served<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>until two</text:p></text:note-body></text:note> at
          nine.<office:annotation><text:p>Really?</text:p></office:annotation></text:p>
          <text:h text:outline-level="2">Pay<text:line-break/>ment</text:h><text:list><text:list-item><text:p>Cash</text:p></text:list-item><text:list-item><text:p>Cards</text:p></text:list-item></text:list>
          ${TABLE}<draw:frame><svg:title>A picture</svg:title><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame>`,
        ),
      [
        'Menu |  | Breakfast is served (until two) at nine.',
        'Menu › Pay ment |  | - Cash\n- Cards\n\nDish | Price\nSoup of the day | €5\n\nIn a box.',
      ],
    ],
    [
      'an OpenDocument presentation slide by slide',
      'talk.odp',
      () =>
        openDocument(
          'presentation',
          `<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>Welcome</text:p></draw:text-box></draw:frame><draw:frame presentation:class="outline"><draw:text-box><text:list><text:list-item><text:p>Open at nine</text:p></text:list-item></text:list></draw:text-box></draw:frame></draw:page>
           <draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>Prices</text:p></draw:text-box></draw:frame><draw:frame>${TABLE}</draw:frame><presentation:notes><draw:frame><draw:text-box><text:p>Mention the soup.</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>`,
        ),
      ['Welcome | 1 | - Open at nine', 'Prices | 2 | Dish | Price\nSoup of the day | €5\n\nMention the soup.'],
    ],
    [
      'an OpenDocument sheet, blank cells by the thousand among it',
      'list.ods',
      () =>
        openDocument(
          'spreadsheet',
          `<table:table table:name="Rooms"><table:table-row>${['Room', 'Beds', 'Since'].map((name) => cell(name)).join('')}<table:table-cell table:number-columns-repeated="16381"/></table:table-row>
          <table:table-row>${cell('Elbe')}${cell('2', 'office:value-type="float"')}${cell('01.02.26', 'office:date-value="2026-02-01"')}</table:table-row>
          <table:table-row>${cell('Harz')}<table:table-cell/>${cell('1.3.26 9:30', 'office:date-value="2026-03-01T09:30:00"')}</table:table-row>
          <table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>`,
        ),
      ['Rooms |  | Room: Elbe | Beds: 2 | Since: 2026-02-01\n\nRoom: Harz | Since: 2026-03-01 09:30'],
    ],
    [
      'the chapters of an e-book in their order, by headings or the list of contents',
      'guide.epub',
      () =>
        epub(
          [
            ['two words.xhtml', '<h1>The mill</h1><p>It was built<br/>in 1720.</p><a id="x"/><p>It grinds.</p>'],
            [
              'a.xhtml',
              '<script src="x.js"/><p>The path leads on &amp; on.</p><table><tr><th>Way</th><th>Time</th></tr><tr><td>Lake</td><td>1 h</td></tr></table>',
            ],
          ],
          { toc: '<navPoint><navLabel><text>The path</text></navLabel><content src="text/a.xhtml#top"/></navPoint>' },
        ),
      ['The mill |  | It was built\nin 1720.\n\nIt grinds.', 'The path |  | The path leads on & on.\n\nWay | Time\nLake | 1 h'],
    ],
  ];
  for (const [what, name, content, expected] of read) {
    it(`reads ${what}`, async () => {
      const { id, state, says } = await readFile(desk.ws, name, content());
      assert.equal(state, 'ready', says ?? '');
      assert.deepEqual(passagesOf(desk.ws, id), expected);
    });
  }

  it('tells the kind by what is inside, whatever the name says', async () => {
    for (const name of ['book.pdf', 'list.docx', 'no-ending']) {
      const { id } = await readFile(desk.ws, name, epub([['a.xhtml', '<p>The mill was built in 1720.</p>']]));
      assert.deepEqual(passagesOf(desk.ws, id), [' |  | The mill was built in 1720.']);
    }
  });

  it('leaves out hidden sheets and slides, and says so', async () => {
    const hidden = openDocument(
      'spreadsheet',
      `<table:table table:name="Secret" table:style-name="t2"><table:table-row>${cell('Margin')}</table:table-row></table:table><table:table table:name="Open" table:style-name="t1"><table:table-row>${cell('We are open.')}</table:table-row></table:table>`,
      {
        styles:
          '<style:style style:name="t1"><style:table-properties table:display="true"/></style:style><style:style style:name="t2"><style:table-properties table:display="false"/></style:style>',
      },
    );
    const files: [string, Uint8Array, string][] = [
      [
        'list.xlsx',
        xlsx([
          { name: 'Open', rows: textRow('We are open.') },
          { name: 'Secret', rows: textRow('Margin'), state: 'hidden' },
          { name: 'More', rows: textRow('Cost'), state: 'veryHidden' },
        ]),
        '2 hidden sheets were left out.',
      ],
      ['list.ods', hidden, 'One hidden sheet was left out.'],
      ['talk.pptx', pptx([{ body: shape('We are open.') }, { body: shape('Margin'), hidden: true }]), 'One hidden slide was left out.'],
    ];
    for (const [name, content, says] of files) {
      const source = await readFile(desk.ws, name, content);
      assert.equal(source.state, 'ready');
      assert.equal(source.says, says);
      assert.match(passagesOf(desk.ws, source.id).join(), /^[^|]*\|[^|]*\| We are open\.$/);
    }
  });

  const refused: [what: string, content: () => Uint8Array, says: RegExp][] = [
    [
      'a binary Excel file',
      () =>
        office('xl/workbook.bin', 'x', {
          'xl/workbook.bin': 'x',
          '[Content_Types].xml':
            '<Types><Override PartName="/xl/workbook.bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        }),
      /^This is an Excel file of the binary kind, \.xlsb\./,
    ],
    ['a file of Pages', () => zipOf({ 'Index/Document.iwa': 'x' }), /^This is a file of Pages, Numbers or Keynote\./],
    [
      'a drawing of OpenDocument',
      () => zipOf({ mimetype: 'application/vnd.oasis.opendocument.graphics' }),
      /^This is an OpenDocument drawing/,
    ],
    [
      'an Office file of another kind',
      () => office('visio/document.xml', 'x', { 'visio/document.xml': '<x/>' }),
      /^This is an Office file of a kind that Deskbell doesn’t know\./,
    ],
    ['an e-book without chapters', () => epub([]), /^There is no text in this\./],
    ['a presentation of pictures', () => pptx([{ body: '<p:pic/>' }]), /^There is no text in this\./],
  ];
  for (const [what, content, says] of refused) {
    it(`refuses ${what} in plain words`, async () => {
      const source = await readFile(desk.ws, 'file', content());
      assert.equal(source.state, 'failed');
      assert.match(source.says ?? '', says);
    });
  }
});
