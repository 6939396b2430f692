import { BOM, csvLine } from '../lib/csv.ts';
import type { Cell, Table } from './figures-tables.ts';

/** A table line by line, its numbers bare: days as 2026-11-18, waits in seconds, money in whole units. */
export function* tableCsv({ columns, rows }: Table): Generator<string> {
  yield BOM + csvLine(columns.map(({ name, unit }) => withUnit(name, unit)));
  for (const cells of rows) yield csvLine(cells.map(bare));
}

function withUnit(name: string, unit: string | undefined): string {
  return unit === undefined ? name : `${name}, ${unit}`;
}

function bare(cell: Cell): string | number | null {
  switch (cell.form) {
    case 'text':
      return withUnit(cell.value, cell.unit);
    case 'day':
      return cell.value;
    case 'count':
      return cell.value;
    case 'share':
    case 'change':
      return cell.value === null ? null : Math.round(cell.value * 10_000) / 10_000;
    case 'wait':
      return cell.value === null ? null : cell.value / 1000;
    case 'money':
      return cell.value / 1_000_000;
  }
}
