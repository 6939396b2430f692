/** Tests as a CSV file, out and in. A cell of phrases holds one in each line. */
import { CsvError, parse } from 'csv-parse/sync';
import { BOM, csvLine } from '../../lib/csv.ts';
import { likeliestDelimiter } from '../../lib/delimiters.ts';
import { isWestern, utf16Of } from '../../lib/encodings.ts';
import { testForm } from './test-form.ts';
import type { WrittenTest } from './wants.ts';

const COLUMNS = ['question', 'answered by', 'must contain', 'must not contain', 'must cite', 'rule'] as const;
const FIELDS = ['question', 'by', 'holds', 'lacks', 'cites', 'rule'] as const;
const MOST_ROWS = 5000;

export function* testsCsv(tests: readonly WrittenTest[]): Generator<string> {
  yield BOM + csvLine(COLUMNS);
  for (const {
    question,
    wants: { by, holds, lacks, cites, rule },
  } of tests)
    yield csvLine([question, by, holds.join('\n'), lacks.join('\n'), cites, rule]);
}

export interface ReadTests {
  tests: WrittenTest[];
  skipped: { row: number; says: string }[];
}

/** Rows that are tests, and why others aren't; or why nothing could be read, in plain words. */
export function readTestsCsv(bytes: Uint8Array): ReadTests | { refused: string } {
  const text = decoded(bytes);
  if (text === null) return { refused: 'Deskbell can’t tell in which encoding this file is written. Save it as UTF-8 and upload that.' };
  let rows: string[][];
  try {
    rows = parse(text, { delimiter: likeliestDelimiter(text), bom: true, relax_column_count: true, relax_quotes: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { refused: 'This CSV file isn’t whole: a quotation mark is opened and never closed. Mend it, or save the sheet again.' };
  }
  const [head = [], ...rest] = rows;
  const names = head.map((cell) => cell.trim().toLowerCase().replaceAll('_', ' '));
  const places = COLUMNS.map((name) => names.indexOf(name));
  if (places[0] === -1) return { refused: `No column is called “question”. The first row names the columns: ${COLUMNS.join(', ')}.` };
  if (rest.length > MOST_ROWS) return { refused: 'This file has more than 5,000 rows. A bot has 1,000 tests at most: take some out.' };
  return readRows(rest, places);
}

function readRows(rows: readonly string[][], places: readonly number[]): ReadTests {
  const read: ReadTests = { tests: [], skipped: [] };
  for (const [at, cells] of rows.entries()) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    const typed = Object.fromEntries(FIELDS.map((field, column) => [field, bare(cells[places[column] ?? -1] ?? '')]));
    const by = String(typed['by']).trim().toLowerCase();
    const test = testForm.safeParse({ ...typed, by: by === '' ? 'bot' : by });
    if (test.success) read.tests.push(test.data);
    else read.skipped.push({ row: at + 2, says: test.error.issues[0]?.message ?? 'It can’t be read.' });
  }
  return read;
}

/** Without the apostrophe that our own files put before what a spreadsheet would calculate. */
function bare(cell: string): string {
  return cell.replace(/^'(?=[=+\-@\t\r＝＋－＠])/u, '');
}

/** Null where a guess would be as likely wrong: no page shows the rows before they come in, and words read wrongly are worse than none. */
function decoded(bytes: Uint8Array): string | null {
  const utf16 = utf16Of(bytes);
  if (utf16) return new TextDecoder(utf16).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return isWestern(bytes) ? new TextDecoder('windows-1252').decode(bytes) : null;
  }
}
