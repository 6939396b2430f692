/** Comma-separated values, whichever sign parts them. */
import { CsvError, parse } from 'csv-parse/sync';
import type { Delimiter } from '../../lib/delimiters.ts';
import { Unreadable } from './material.ts';

const LONGEST_ROW = 1_000_000;

/** Rows of cells as they come. Throws Unreadable with the row where it isn't whole, and what `take` throws. */
export function readRows(text: string, delimiter: Delimiter, take: (cells: string[], row: number) => void): void {
  let row = 0;
  try {
    parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: LONGEST_ROW,
      // Given on at once: a hundred thousand rows needn't be held together.
      on_record: (cells: string[]) => {
        row += 1;
        take(cells, row);
        return null;
      },
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new Unreadable(
      `This CSV file isn’t whole after row ${row}: a quotation mark is opened there and never closed, or the row has no end. Mend the row, or save the sheet again.`,
      { cause },
    );
  }
}
