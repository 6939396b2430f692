/** What parts the cells of a text: told by its first rows. */
import { CsvError, parse } from 'csv-parse/sync';

/** The rarer a sign is in prose, the sooner it is believed. */
const DELIMITERS = ['\t', ';', ','] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Enough to see how a file is made. */
const SAMPLE_LINES = 50;
const SAMPLE = 64 * 1024;
/** A text may have a row that is made otherwise; more than this share of them and it is no sheet. */
const MISFITS = 0.1;
const LONGEST_HEAD = 60;

/** What parts the cells of a text, or null where it is prose. */
export function delimiterOf(text: string): Delimiter | null {
  const found = DELIMITERS.map((delimiter) => ({ delimiter, columns: columnsOf(text, delimiter) }));
  const [best] = found.sort((a, b) => b.columns - a.columns);
  return best && best.columns > 1 ? best.delimiter : null;
}

/** The same for what its giver says is a sheet: the sign that parts its first rows into most cells. */
export function likeliestDelimiter(text: string): Delimiter {
  const widest = (delimiter: Delimiter): number => Math.max(1, ...sampleRows(text, delimiter).map(({ length }) => length));
  return delimiterOf(text) ?? [...DELIMITERS].sort((a, b) => widest(b) - widest(a))[0] ?? ',';
}

/** How many columns a sheet would have; 0 where it is none. A sheet has a head and rows of as many cells. */
function columnsOf(text: string, delimiter: Delimiter): number {
  const all = sampleRows(text, delimiter);
  // Titles above the head are filled up with blank cells.
  const begin = all.findIndex((row) => row.length === 1 || filled(row) > 1);
  const [head = [], ...rest] = all.slice(Math.max(0, begin));
  const fitting = rest.filter(({ length }) => length === head.length).length;
  const isHead = filled(head) > 1 && head.every((cell) => cell.trim().length <= LONGEST_HEAD);
  // "Hello, world" has a blank after its comma.
  const isProse = delimiter === ',' && head.slice(1).every((cell) => cell.startsWith(' '));
  return isHead && !isProse && fitting > 0 && fitting >= rest.length * (1 - MISFITS) ? head.length : 0;
}

function filled(row: readonly string[]): number {
  return row.filter((cell) => cell.trim() !== '').length;
}

/** Rows at the beginning, without blank ones; none when even these aren't whole. */
function sampleRows(text: string, delimiter: Delimiter): string[][] {
  const rows: string[][] = [];
  const start = text.slice(0, SAMPLE);
  // Its last line may be cut.
  const whole = text.length > SAMPLE ? start.slice(0, start.lastIndexOf('\n') + 1) : start;
  try {
    parse(whole, {
      delimiter,
      bom: true,
      to: SAMPLE_LINES,
      relax_column_count: true,
      relax_quotes: true,
      on_record: (cells: string[]) => {
        if (cells.some((cell) => cell.trim() !== '')) rows.push(cells);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // A quoted cell that is cut by the end of the sample; what came before it counts.
    return text.length > SAMPLE ? rows : [];
  }
  return rows;
}
