/** The sheets of an OpenDocument spreadsheet, each under its name, row by row. */
import type { Archive } from './archive.ts';
import type { Block } from './material.ts';
import { SheetRows } from './sheet-rows.ts';
import { attribute, readXml, type Attributes } from './xml.ts';

/** The widest sheet that LibreOffice knows. What is blank is written as "repeated 16,000 times". */
const COLUMNS = 16_384;
const SHEET_RULES = { headExpected: false, leastColumns: 3 };

export function readOdfSheets(archive: Archive): { blocks: Block[]; leftOut: number } {
  const reading = new SheetsReading();
  readXml(archive, 'content.xml', reading);
  return { blocks: reading.blocks, leftOut: reading.leftOut };
}

class SheetsReading {
  readonly blocks: Block[] = [];
  leftOut = 0;
  /** Styles of sheets that aren't shown. */
  readonly #hidden = new Set<string>();
  #style = '';
  #rows: SheetRows | null = null;
  /** How much there was before the sheet at hand. */
  #begin = 0;
  #row: string[] = [];
  /** Blank cells since the last one that says something. */
  #blank = 0;
  #cell = { text: '', date: '', repeated: 1 };
  #remark = 0;
  #paragraph = false;

  open(name: string, attributes: Attributes): void {
    if (name === 'style') this.#style = attribute(attributes, 'name') ?? '';
    else if (name === 'table-properties' && attribute(attributes, 'display') === 'false') this.#hidden.add(this.#style);
    else if (name === 'table') this.#beginSheet(attributes);
    else if (name === 'table-row') this.#beginRow();
    else if (name === 'table-cell' || name === 'covered-table-cell') this.#beginCell(attributes);
    else if (name === 'annotation') this.#remark += 1;
    else if (name === 'p') {
      this.#paragraph = true;
      if (this.#remark === 0) this.#cell.text += ' ';
    } else if (name === 's') this.#cell.text += ' ';
  }

  text(more: string): void {
    if (this.#paragraph && this.#remark === 0) this.#cell.text += more;
  }

  close(name: string): void {
    if (name === 'p') this.#paragraph = false;
    else if (name === 'annotation') this.#remark -= 1;
    else if (name === 'table-cell' || name === 'covered-table-cell') this.#endCell();
    // Repeated rows are blank ones, or say nothing new.
    else if (name === 'table-row') this.#rows?.row(this.#row);
    else if (name === 'table') this.#endSheet();
  }

  #beginSheet(attributes: Attributes): void {
    if (this.#hidden.has(attribute(attributes, 'style-name') ?? '')) {
      this.leftOut += 1;
      return;
    }
    this.blocks.push({ kind: 'heading', level: 1, text: attribute(attributes, 'name') ?? '', page: null });
    this.#begin = this.blocks.length;
    this.#rows = new SheetRows(SHEET_RULES, (block) => this.blocks.push(block));
  }

  #endSheet(): void {
    if (!this.#rows) return;
    this.#rows.end();
    this.#rows = null;
    // A sheet of nothing is no passage.
    if (this.blocks.length === this.#begin) this.blocks.pop();
  }

  #beginRow(): void {
    this.#row = [];
    this.#blank = 0;
  }

  #beginCell(attributes: Attributes): void {
    const repeated = Number(attribute(attributes, 'number-columns-repeated') ?? 1);
    const date = (attribute(attributes, 'date-value') ?? '')
      .slice(0, 16)
      .replace('T', ' ')
      .replace(/ 00:00$/, '');
    this.#cell = { text: '', date, repeated: repeated > 0 ? repeated : 1 };
  }

  #endCell(): void {
    const { text, date, repeated } = this.#cell;
    const value = date === '' ? text.trim() : date;
    if (value === '') {
      this.#blank += repeated;
      return;
    }
    for (; this.#blank > 0 && this.#row.length < COLUMNS; this.#blank -= 1) this.#row.push('');
    this.#blank = 0;
    for (let n = 0; n < repeated && this.#row.length < COLUMNS; n += 1) this.#row.push(value);
  }
}
