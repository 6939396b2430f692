/** Excel: each sheet under its name, cells as they are shown. Sheets are read row by row: one may have a million. */
import type { Archive } from './archive.ts';
import { LIMITS, tooMuchText, type Block } from './material.ts';
import { relationsOf } from './relations.ts';
import { SheetRows } from './sheet-rows.ts';
import { builtInFormat, formatOfCode, GENERAL, numberText, type NumberFormat } from './sheet-values.ts';
import { prefixed, readXml } from './xml.ts';

/** The widest sheet that Excel knows. */
const COLUMNS = 16_384;
const SHEET_RULES = { headExpected: false, leastColumns: 3 };

interface Workbook {
  sheets: { name: string; id: string; hidden: boolean }[];
  from1904: boolean;
}

interface Cells {
  strings: string[];
  /** By the number of a cell's style. */
  formats: NumberFormat[];
  from1904: boolean;
}

/** What takes the rows of a sheet; `number` as Excel shows it, from 1. */
export interface RowTaker {
  row(cells: readonly string[], number: number): void;
  end(): void;
}

export function readXlsx(archive: Archive, main: string): { blocks: Block[]; leftOut: number } {
  const blocks: Block[] = [];
  const leftOut = readSheets(archive, main, (name) => {
    blocks.push({ kind: 'heading', level: 1, text: name, page: null });
    const begin = blocks.length;
    const rows = new SheetRows(SHEET_RULES, (block) => blocks.push(block));
    return {
      row: (cells) => rows.row(cells),
      end() {
        rows.end();
        // A sheet of nothing is no passage.
        if (blocks.length === begin) blocks.pop();
      },
    };
  });
  return { blocks, leftOut };
}

/** Hands over the rows of each sheet that isn't hidden, but of those that nobody takes; returns how many are hidden. */
export function readSheets(archive: Archive, main: string, takerOf: (name: string) => RowTaker | null): number {
  const { sheets, from1904 } = workbookOf(archive, main);
  const parts = relationsOf(archive, main);
  const targetOf = (type: string): string | undefined => parts.find((part) => part.type === type)?.target;
  const cells: Cells = {
    strings: stringsOf(archive, targetOf('sharedStrings')),
    formats: formatsOf(archive, targetOf('styles')),
    from1904,
  };
  for (const sheet of sheets) {
    const target = parts.find(({ id, type }) => id === sheet.id && type === 'worksheet')?.target;
    const taker = sheet.hidden || target === undefined ? null : takerOf(sheet.name);
    if (taker && target !== undefined) readSheet(archive, target, cells, taker);
  }
  return sheets.filter(({ hidden }) => hidden).length;
}

function workbookOf(archive: Archive, main: string): Workbook {
  const workbook: Workbook = { sheets: [], from1904: false };
  readXml(archive, main, {
    open(name, attributes) {
      if (name === 'workbookPr') workbook.from1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const { name: title = '', state = 'visible' } = attributes;
      workbook.sheets.push({ name: title, id: prefixed(attributes, 'id') ?? '', hidden: state !== 'visible' });
    },
  });
  return workbook;
}

/** Texts that cells share, by their number. How a Japanese word is spoken stands beside it and is left out. */
function stringsOf(archive: Archive, member: string | undefined): string[] {
  const strings: string[] = [];
  if (member === undefined) return strings;
  let text = '';
  let within: 'text' | 'spoken' | null = null;
  let size = 0;
  readXml(archive, member, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') within = 'spoken';
      else if (name === 't' && within !== 'spoken') within = 'text';
    },
    text(more) {
      if (within === 'text') text += more;
    },
    close(name) {
      if ((name === 't' && within === 'text') || name === 'rPh') within = null;
      if (name !== 'si') return;
      size += text.length;
      if (size > LIMITS.characters) throw tooMuchText();
      strings.push(text);
    },
  });
  return strings;
}

function formatsOf(archive: Archive, member: string | undefined): NumberFormat[] {
  const own = new Map<number, NumberFormat>();
  const formats: NumberFormat[] = [];
  let ofCells = false;
  if (member === undefined) return formats;
  readXml(archive, member, {
    open(name, { numFmtId, formatCode = '' }) {
      const id = Number(numFmtId ?? 0);
      if (name === 'cellXfs') ofCells = true;
      else if (name === 'numFmt') own.set(id, formatOfCode(formatCode));
      else if (name === 'xf' && ofCells) formats.push(own.get(id) ?? builtInFormat(id));
    },
    close(name) {
      if (name === 'cellXfs') ofCells = false;
    },
  });
  return formats;
}

function readSheet(archive: Archive, member: string, cells: Cells, rows: RowTaker): void {
  let row: string[] = [];
  let last = 0;
  let column = -1;
  let cell = { type: 'n', style: 0 };
  let value = '';
  let within = false;
  readXml(archive, member, {
    open(name, { r, t = 'n', s }) {
      if (name === 'row') {
        row = [];
        column = -1;
        // Blank rows aren't written down; one is enough to part what stands above and below.
        const number = Number(r ?? last + 1);
        if (number > last + 1 && last > 0) rows.row([], last + 1);
        last = number;
      } else if (name === 'c') {
        column = r === undefined ? column + 1 : columnOf(r);
        cell = { type: t, style: Number(s ?? 0) };
        value = '';
      } else within = name === 'v' || name === 't';
    },
    text(more) {
      if (within) value += more;
    },
    close(name) {
      within = false;
      if (name === 'c' && value !== '' && column >= 0 && column < COLUMNS) {
        while (row.length < column) row.push('');
        row[column] = valueText(value, cell, cells);
      } else if (name === 'row') rows.row(row, last);
    },
  });
  rows.end();
}

/** "AB7" → 27. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{0,3}/.exec(reference)?.[0] ?? '') column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function valueText(value: string, { type, style }: { type: string; style: number }, { strings, formats, from1904 }: Cells): string {
  switch (type) {
    case 's':
      return strings[Number(value)] ?? '';
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE';
    // A formula that went wrong says nothing.
    case 'e':
      return '';
    case 'n':
      return numberText(Number(value), formats[style] ?? GENERAL, from1904);
    default:
      return value;
  }
}
