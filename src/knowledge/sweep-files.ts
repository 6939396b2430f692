import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isNotNull } from '../db/drizzle.ts';
import { sources } from '../db/schema/workspace.ts';
import { flushFolder } from '../lib/files.ts';
import type { Workspace } from '../workspace.ts';
import { filesFolder } from './files-folder.ts';

/** An upload that is under way has no row yet. */
const OLD_MS = 24 * 3600_000;

/** Removes sealed files that no source leads to: the server stopped between the file and its row. Nothing can open them. */
export function sweepFiles(ws: Workspace): void {
  const folder = filesFolder(ws.folder);
  if (!existsSync(folder)) return;
  const rows = ws.db.select({ name: sources.filePath }).from(sources).where(isNotNull(sources.filePath)).all();
  const known = new Set(rows.map(({ name }) => name));
  const left = readdirSync(folder).filter((name) => !known.has(name) && statSync(join(folder, name)).mtimeMs < ws.clock.now() - OLD_MS);
  for (const name of left) rmSync(join(folder, name));
  if (left.length > 0) flushFolder(folder);
}
