/** Canned replies out of a CSV file: a column for the shortcut, one for the text. */
import { CsvError, parse } from 'csv-parse/sync';
import { cannedForm, type NewCanned } from './save-canned-reply.ts';

export interface ReadCanned {
  rows: NewCanned[];
  skipped: { row: number; says: string }[];
}

const HEADS: { shortcut: readonly string[]; text: readonly string[] } = {
  shortcut: ['shortcut', 'short_code', 'short code', 'name', 'title'],
  text: ['text', 'content', 'message', 'reply', 'body'],
};

/** Rows whose cells can be used, and why others can't. Null when it is no sheet of two columns or breaks off. */
export function readCannedCsv(bytes: Uint8Array): ReadCanned | null {
  const table = cellsOf(decoded(bytes));
  const [first] = table ?? [];
  if (!table || !first || table.every((cells) => cells.length < 2)) return null;
  const named = columnsIn(first);
  const [shortcut, text] = named ?? [0, 1];
  const read: ReadCanned = { rows: [], skipped: [] };
  for (const [index, cells] of table.entries()) {
    if ((named && index === 0) || cells.every((cell) => cell.trim() === '')) continue;
    const row = cannedForm.safeParse({ shortcut: cells[shortcut] ?? '', text: cells[text] ?? '' });
    if (row.success) read.rows.push(row.data);
    else read.skipped.push({ row: index + 1, says: row.error.issues[0]?.message ?? 'It can’t be read.' });
  }
  return read;
}

function columnsIn(head: string[]): [number, number] | null {
  const names = head.map((cell) => cell.trim().toLowerCase());
  const at = (of: readonly string[]): number => names.findIndex((name) => of.includes(name));
  const [shortcut, text] = [at(HEADS.shortcut), at(HEADS.text)];
  return shortcut < 0 || text < 0 ? null : [shortcut, text];
}

function cellsOf(text: string): string[][] | null {
  const [firstLine = ''] = text.split('\n', 1);
  const delimiter = ['\t', ';', ','].find((sign) => firstLine.includes(sign)) ?? ',';
  try {
    return parse(text, { delimiter, bom: true, relax_column_count: true, relax_quotes: true });
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}

/** UTF-8, UTF-16 with its mark, or what Excel in Western Europe saves. */
function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
