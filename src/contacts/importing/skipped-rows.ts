import type { Workspace } from '../../workspace.ts';
import type { ContactImport } from './contact-import.ts';
import { BrokenSheet, sheetRows } from './sheet-file.ts';

export interface SkippedRow {
  row: number;
  says: string;
}

/** The first of those that weren't taken. */
export function skippedRows(ws: Workspace, id: number, limit: number, after = 0): SkippedRow[] {
  return ws
    .prepare("SELECT row, says FROM contact_import_rows WHERE import_id = ? AND outcome = 'skipped' AND row > ? ORDER BY row LIMIT ?")
    .all(id, after, limit) as SkippedRow[];
}

const AT_A_TIME = 500;

/** All of them with their cells, out of the file; the head comes first, as row 1 without a reason. */
export async function* skippedCells(ws: Workspace, found: ContactImport): AsyncGenerator<{ cells: string[]; skipped: SkippedRow | null }> {
  let waiting = skippedRows(ws, found.id, AT_A_TIME);
  try {
    for await (const { row, cells } of sheetRows(ws, found, found.plan)) {
      if (row === 1 && found.plan.head) yield { cells, skipped: null };
      const [next] = waiting;
      if (!next) return;
      if (next.row !== row) continue;
      yield { cells, skipped: next };
      waiting.shift();
      if (waiting.length === 0) waiting = skippedRows(ws, found.id, AT_A_TIME, row);
    }
  } catch (error) {
    // What comes before is whole; the page says from where on the file isn't.
    if (!(error instanceof BrokenSheet)) throw error;
  }
}
