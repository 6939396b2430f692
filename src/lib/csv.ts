/** What a spreadsheet opens as text without being told how: RFC 4180, with the mark by which Excel knows UTF-8. */
export const CSV_TYPE = 'text/csv; charset=utf-8';

/** Stands before the first line. */
export const BOM = '\uFEFF';

/** What a spreadsheet would take for a formula; typed by a stranger it could read other cells, or open an address. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/u;

/**
 * One line with its end. Numbers stand as they are, null is empty. A text that a spreadsheet would calculate gets an
 * apostrophe before it, which it takes for "this is text".
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",;\r\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
