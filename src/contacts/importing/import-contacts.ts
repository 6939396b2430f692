/** The job 'import-contacts', by an import's number: takes the rows in, or takes them back, a few at a time. */
import { GiveUp, type Job, type JobKind } from '../../jobs/job.ts';
import { writeInSteps } from '../../db/write-in-steps.ts';
import type { Workspace } from '../../workspace.ts';
import { shapesOf } from '../edit-contact.ts';
import { contactImport, type ContactImport } from './contact-import.ts';
import { importRow, type Importing, type RowChange } from './import-row.ts';
import { BrokenSheet, FileGone, sheetRows, type SheetRow } from './sheet-file.ts';
import { undoRow, type DoneRow } from './undo-row.ts';

/** Rows that are held at a time. */
const HELD = 500;

export const importContacts: JobKind = {
  atOnce: 2,
  attempts: 4,
  async run(ws, job, signal) {
    const found = contactImport(ws, Number(job.key));
    if (found?.state === 'running') await takeIn(ws, job, found, signal);
    else if (found?.state === 'undoing') await takeBack(ws, job, found.id, signal);
    else job.finishQuietly();
  },
  onParked(ws, { key }, says) {
    ws.prepare("UPDATE contact_imports SET state = 'broken', says = ?, ended_at = ? WHERE id = ? AND state IN ('running', 'undoing')").run(
      says,
      ws.clock.now(),
      Number(key),
    );
  },
};

async function takeIn(ws: Workspace, job: Job, found: ContactImport, signal: AbortSignal): Promise<void> {
  const importing: Importing = {
    plan: found.plan,
    shapes: shapesOf(ws),
    userId: found.createdBy,
  };
  let held: SheetRow[] = [];
  const write = async (): Promise<boolean> => {
    const goesOn = await writeRows(ws, found.id, importing, held, signal);
    held = [];
    return goesOn;
  };
  try {
    for await (const row of sheetRows(ws, found, found.plan)) {
      if (row.row <= found.doneRows) continue;
      held.push(row);
      if (held.length === HELD && !(await write())) return job.finishQuietly();
    }
    if (held.length > 0 && !(await write())) return job.finishQuietly();
    await job.finish(() => end(ws, found.id, 'done', null));
  } catch (error) {
    if (error instanceof FileGone) throw new GiveUp('The file isn’t kept any more. Upload it again.');
    if (!(error instanceof BrokenSheet)) throw error;
    if (held.length > 0 && !(await write())) return job.finishQuietly();
    await job.finish(() => end(ws, found.id, 'broken', error.message));
  }
}

/** False when somebody paused or stopped it: nothing is written after that. */
async function writeRows(ws: Workspace, id: number, importing: Importing, rows: SheetRow[], signal: AbortSignal): Promise<boolean> {
  let at = 0;
  let goesOn = true;
  await writeInSteps(
    ws,
    () => {
      const row = rows[at];
      goesOn = row !== undefined && takeOne(ws, id, importing, row);
      at += 1;
      return goesOn && at < rows.length;
    },
    signal,
  );
  return goesOn;
}

const DONE = `
  UPDATE contact_imports SET done_rows = @row, done_bytes = max(done_bytes, @bytes),
    created = created + (@outcome = 'created'), updated = updated + (@outcome = 'updated'), same = same + (@outcome = 'same'),
    skipped = skipped + (@outcome = 'skipped')
  WHERE id = @id`;

function takeOne(ws: Workspace, id: number, importing: Importing, { row, cells, bytes }: SheetRow): boolean {
  if (ws.prepare("SELECT 1 FROM contact_imports WHERE id = ? AND state = 'running'").get(id) === undefined) return false;
  const isHead = importing.plan.head && row === 1;
  const done = isHead ? ({ outcome: 'blank' } as const) : importRow(ws, importing, cells);
  ws.prepare(DONE).run({ id, row, bytes, outcome: done.outcome });
  if (done.outcome === 'blank' || done.outcome === 'same') return true;
  const [contactId, change, says] =
    done.outcome === 'skipped' ? [null, null, done.says] : [done.contactId, JSON.stringify(done.change), null];
  ws.prepare('INSERT INTO contact_import_rows (import_id, row, outcome, contact_id, change, says) VALUES (?, ?, ?, ?, ?, ?)').run(
    id,
    row,
    done.outcome,
    contactId,
    change,
    says,
  );
  return true;
}

function end(ws: Workspace, id: number, state: 'done' | 'broken', says: string | null): void {
  ws.prepare("UPDATE contact_imports SET state = ?, says = ?, ended_at = ? WHERE id = ? AND state = 'running'").run(
    state,
    says,
    ws.clock.now(),
    id,
  );
}

/** From the last row back to the first; each row's mark goes with what it did, so that a kill in between changes nothing. */
async function takeBack(ws: Workspace, job: Job, id: number, signal: AbortSignal): Promise<void> {
  // Where it stands is kept: from the end on it would pass all skipped rows for each.
  let upTo: number | undefined = Number.MAX_SAFE_INTEGER;
  const next = (): boolean => (upTo = upTo === undefined ? undefined : takeOneBack(ws, id, upTo)) !== undefined;
  await writeInSteps(ws, next, signal);
  await job.finish(() => {
    ws.prepare("UPDATE contact_imports SET state = 'undone', ended_at = ? WHERE id = ? AND state = 'undoing'").run(ws.clock.now(), id);
  });
}

const LAST = `SELECT row, outcome, contact_id AS contactId, change FROM contact_import_rows
  WHERE import_id = ? AND row <= ? AND outcome <> 'skipped' ORDER BY row DESC LIMIT 1`;

/** Returns the row that was taken back; undefined when there is none left. */
function takeOneBack(ws: Workspace, id: number, upTo: number): number | undefined {
  const last = ws.prepare(LAST).get(id, upTo) as (Omit<DoneRow, 'change'> & { row: number; change: string }) | undefined;
  if (!last) return undefined;
  const whole = undoRow(ws, { ...last, change: JSON.parse(last.change) as RowChange });
  ws.prepare('DELETE FROM contact_import_rows WHERE import_id = ? AND row = ?').run(id, last.row);
  ws.prepare('UPDATE contact_imports SET taken_back = taken_back + ?, kept = kept + ? WHERE id = ?').run(whole ? 1 : 0, whole ? 0 : 1, id);
  return last.row;
}
