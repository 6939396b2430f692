import { join } from 'node:path';
import type { Workspace } from '../../workspace.ts';

/** Where files of contacts lie until they are done with, each sealed under a key of its own. */
export function importsFolder(ws: Workspace): string {
  return join(ws.folder, 'imports');
}

export function keyPlace(row: number): { table: string; column: string; row: number } {
  return { table: 'contact_imports', column: 'file_key_sealed', row };
}
