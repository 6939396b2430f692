import { eq } from '../db/drizzle.ts';
import { sources } from '../db/schema/workspace.ts';
import { Secret } from '../lib/secret.ts';
import type { Workspace } from '../workspace.ts';
import { removeSealedFile, sealFile, type SealedFile } from '../vault/sealed-file.ts';
import { filesFolder } from './files-folder.ts';
import { askReading, NoSource, sourceOf, LONGEST } from './source.ts';

export const LARGEST_FILE = 25 * 1024 * 1024;

export interface NewFile {
  /** As its owner called it. Says nothing about what it is. */
  name: string;
  content: AsyncIterable<Uint8Array>;
}

/**
 * Stores a file sealed, as it streams in, and returns its source's id. Rejects with TooLarge above 25 MB, with NoRoom, and with what
 * the stream rejects with; then nothing of it stays.
 */
export async function addFile(ws: Workspace, { name, content, by }: NewFile & { by: number | null }): Promise<number> {
  return stored(ws, content, (file) => {
    const now = ws.clock.now();
    const title = titleOf(name);
    const { id } = ws.db
      .insert(sources)
      .values({ kind: 'file', title, state: 'waiting', createdBy: by, createdAt: now, updatedAt: now })
      .returning({ id: sources.id })
      .get();
    fileAt(ws, id, name, file);
    return id;
  });
}

/** Another file for the same source; the one before is gone. Rejects with NoSource, else as `addFile`. */
export async function replaceFile(ws: Workspace, id: number, { name, content }: NewFile): Promise<void> {
  await stored(ws, content, (file) => {
    const { kind, filePath, title, fileName } = sourceOf(ws, id);
    if (kind !== 'file') throw new NoSource(`source ${id} is no file`);
    // A title that somebody gave it stays.
    if (fileName !== null && title === titleOf(fileName))
      ws.db
        .update(sources)
        .set({ title: titleOf(name) })
        .where(eq(sources.id, id))
        .run();
    fileAt(ws, id, name, file);
    if (filePath !== null) ws.afterCommit(() => removeSealedFile(filesFolder(ws.folder), filePath));
  });
}

/** Opens the key of a file's source. */
export function fileKey(ws: Workspace, id: number, sealed: Buffer): Uint8Array {
  return Buffer.from(ws.open(place(id), sealed).reveal(), 'base64');
}

/** The file first, then the row that leads to it: a kill in between leaves a file that nothing can open. */
async function stored<T>(ws: Workspace, content: AsyncIterable<Uint8Array>, row: (file: SealedFile) => T): Promise<T> {
  ws.installation.space.needForImport();
  const folder = filesFolder(ws.folder);
  const file = await sealFile(folder, content, LARGEST_FILE);
  try {
    return ws.durable(() => row(file));
  } catch (error) {
    removeSealedFile(folder, file.name);
    throw error;
  }
}

function fileAt(ws: Workspace, id: number, name: string, file: SealedFile): void {
  const key = new Secret(Buffer.from(file.key).toString('base64'));
  ws.db
    .update(sources)
    .set({
      fileName: name,
      fileMime: null,
      fileBytes: file.bytes,
      filePath: file.name,
      fileKeySealed: ws.seal(place(id), key),
      contentHash: file.hash,
      pages: null,
    })
    .where(eq(sources.id, id))
    .run();
  askReading(ws, id);
}

function place(id: number): { table: string; column: string; row: number } {
  return { table: 'sources', column: 'file_key_sealed', row: id };
}

function titleOf(name: string): string {
  return [...name].slice(0, LONGEST.title).join('');
}
