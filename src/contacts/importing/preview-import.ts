import type { Workspace } from '../../workspace.ts';
import { shapesOf } from '../edit-contact.ts';
import type { ContactImport } from './contact-import.ts';
import { importRow, type Importing, type Outcome } from './import-row.ts';
import { BrokenSheet, sheetRows } from './sheet-file.ts';

const ROWS = 20;

export interface PreviewRow {
  row: number;
  cells: string[];
  becomes: Outcome;
}

export interface Preview {
  /** What the columns are called; null where the first row is a contact. */
  head: string[] | null;
  rows: PreviewRow[];
  /** Why it goes no further. */
  broken: string | null;
}

/**
 * What would become of the first rows. They are written just as the import would, and undone before anything is kept: so a
 * row that follows another of the same contact is shown as it will be.
 */
export async function previewImport(ws: Workspace, found: ContactImport): Promise<Preview> {
  const preview: Preview = { head: null, rows: [], broken: null };
  const read: { row: number; cells: string[] }[] = [];
  try {
    for await (const { row, cells } of sheetRows(ws, found, found.plan)) {
      if (found.plan.head && row === 1) preview.head = cells;
      else if (cells.some((cell) => cell.trim() !== '')) read.push({ row, cells });
      if (read.length === ROWS) break;
    }
  } catch (error) {
    if (!(error instanceof BrokenSheet)) throw error;
    preview.broken = error.message;
  }
  const importing: Importing = {
    plan: found.plan,
    shapes: shapesOf(ws),
    userId: found.createdBy,
  };
  ws.write(() => {
    ws.prepare('SAVEPOINT preview').run();
    try {
      preview.rows = read.map(({ row, cells }) => ({ row, cells, becomes: importRow(ws, importing, cells) }));
    } finally {
      ws.prepare('ROLLBACK TO preview').run();
      ws.prepare('RELEASE preview').run();
    }
  });
  return preview;
}
