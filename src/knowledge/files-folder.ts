import { join } from 'node:path';

/** Where files that are given as knowledge lie, each sealed under a key of its own. */
export function filesFolder(workspaceFolder: string): string {
  return join(workspaceFolder, 'files');
}
