import { eq } from '../db/drizzle.ts';
import { sources } from '../db/schema/workspace.ts';
import { cancelJob, enqueue } from '../jobs/enqueue.ts';
import type { JobKind } from '../jobs/job.ts';
import type { Workspace } from '../workspace.ts';
import { dropChunks } from './chunks.ts';
import { dropPages } from './web/drop-pages.ts';
import { filesFolder } from './files-folder.ts';
import { removeSealedFile } from '../vault/sealed-file.ts';
import { sourceOf, tell } from './source.ts';

/** Removes a source. From here on it is neither shown nor searched; its passages and its file go right after. Throws NoSource. */
export function removeSource(ws: Workspace, id: number): void {
  ws.durable(() => {
    sourceOf(ws, id);
    ws.db.update(sources).set({ state: 'removing', updatedAt: ws.clock.now() }).where(eq(sources.id, id)).run();
    for (const kind of ['read-source', 'read-pages', 'refresh-source', 'drop-gone']) cancelJob(ws, kind, String(id));
    enqueue(ws, { kind: 'clear-source', key: String(id), payload: { sourceId: id } });
    tell(ws, id);
  });
}

/** Takes out what is left of a removed source: its passages in small transactions, then its file, then its row. */
export const clearSource: JobKind = {
  async run(ws, job, signal) {
    const id = Number(job.payload['sourceId']);
    await dropChunks(ws, id, null, signal);
    await dropPages(ws, id, () => true, signal);
    const source = ws.db.select({ filePath: sources.filePath }).from(sources).where(eq(sources.id, id)).get();
    // The file before the row: after a kill in between the row still leads to it.
    if (source?.filePath != null) removeSealedFile(filesFolder(ws.folder), source.filePath);
    await job.finish(() => void ws.db.delete(sources).where(eq(sources.id, id)).run());
  },
};
