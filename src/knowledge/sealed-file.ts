/** Where files that are given as knowledge lie, each sealed under a key of its own. */
import { join } from 'node:path';

export { openSealedFile, removeSealedFile, sealFile, TooLarge, type SealedFile } from '../vault/sealed-file.ts';

export function filesFolder(workspaceFolder: string): string {
  return join(workspaceFolder, 'files');
}
