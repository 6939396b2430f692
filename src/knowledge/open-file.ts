import { join } from 'node:path';
import type { Workspace } from '../workspace.ts';
import { fileKey } from './add-file.ts';
import { openSealedFile } from '../vault/sealed-file.ts';
import { filesFolder } from './files-folder.ts';
import { NoSource, sourceOf } from './source.ts';

/** The file that was given, with its name and the type that its content shows. Throws NoSource. */
export async function openFile(ws: Workspace, id: number): Promise<{ name: string; mime: string | null; content: Uint8Array }> {
  const { title, fileName, fileMime, filePath, fileKeySealed } = sourceOf(ws, id);
  if (filePath === null || fileKeySealed === null) throw new NoSource(`source ${id} is no file`);
  const content = await openSealedFile(join(filesFolder(ws.folder), filePath), fileKey(ws, id, fileKeySealed));
  return { name: fileName ?? title, mime: fileMime, content };
}
