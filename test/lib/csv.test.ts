import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { BOM, csvLine } from '../../src/lib/csv.ts';

describe('a CSV', () => {
  it('gives back what was put in, whatever it holds', () => {
    const cells = ['plain', 'a,b', 'semi;colon', 'say "yes"', 'two\nlines', ' around ', '', 'Ünïcode 🥐', 'مرحبا'];
    const [read] = parse(BOM + csvLine(cells), { bom: true });
    assert.deepEqual(read, cells);
  });

  it('lets no spreadsheet calculate what somebody has typed; numbers stay numbers', () => {
    for (const typed of ['=1+1', '+49 30 901820', '-2', '@SUM(A1)', '\t=1', '\r=1', '＝1+1', '=HYPERLINK("https://evil.example","x")']) {
      const [[cell] = []] = parse(csvLine([typed]));
      assert.equal(cell, `'${typed}`);
    }
    assert.equal(csvLine([-2.5, 0, null, 'a=b']), '-2.5,0,,a=b\r\n');
  });
});
