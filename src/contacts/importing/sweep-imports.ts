import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeInSteps } from '../../db/write-in-steps.ts';
import { flushFolder } from '../../lib/files.ts';
import type { Workspace } from '../../workspace.ts';
import { importsFolder } from './imports-folder.ts';

const DAY_MS = 24 * 3600_000;
/** As long as an import can be taken back, and its skipped rows be fetched. */
const KEPT_MS = 8 * DAY_MS;
/** One that nobody went on with in this time is taken as stopped. */
const PAUSED_MS = 30 * DAY_MS;

/** At night: files whose time is over, with what was kept of their rows; and those that a stop left without a row. */
export async function sweepImports(ws: Workspace): Promise<void> {
  const now = ws.clock.now();
  const forgotten = "UPDATE contact_imports SET state = 'stopped', ended_at = ? WHERE state = 'paused' AND uploaded_at < ?";
  ws.durable(() => ws.prepare(forgotten).run(now, now - PAUSED_MS));
  const over = ws
    .prepare(
      `SELECT id, state FROM contact_imports WHERE file_path IS NOT NULL AND state NOT IN ('running', 'undoing') AND (ended_at < ? OR (state = 'new' AND uploaded_at < ?))`,
    )
    .all(now - KEPT_MS, now - DAY_MS) as { id: number; state: string }[];
  for (const { id, state } of over) {
    const some = ws.prepare(
      'DELETE FROM contact_import_rows WHERE import_id = @id AND row IN (SELECT row FROM contact_import_rows WHERE import_id = @id LIMIT 100)',
    );
    await writeInSteps(ws, () => some.run({ id }).changes > 0, new AbortController().signal);
    const forget =
      state === 'new'
        ? 'DELETE FROM contact_imports WHERE id = ?'
        : 'UPDATE contact_imports SET file_path = NULL, file_key_sealed = NULL WHERE id = ?';
    ws.durable(() => ws.prepare(forget).run(id));
  }
  removeStrays(ws);
}

function removeStrays(ws: Workspace): void {
  const folder = importsFolder(ws);
  if (!existsSync(folder)) return;
  const known = new Set(ws.prepare('SELECT file_path FROM contact_imports WHERE file_path IS NOT NULL').pluck().all());
  const left = readdirSync(folder).filter((name) => !known.has(name) && statSync(join(folder, name)).mtimeMs < ws.clock.now() - DAY_MS);
  for (const name of left) rmSync(join(folder, name));
  if (left.length > 0) flushFolder(folder);
}
