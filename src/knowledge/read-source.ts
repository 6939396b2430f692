import { join } from 'node:path';
import { and, asc, eq, ne } from '../db/drizzle.ts';
import { questions, sources } from '../db/schema/workspace.ts';
import type { Job, JobKind } from '../jobs/job.ts';
import type { Workspace } from '../workspace.ts';
import { fileKey } from './add-file.ts';
import { dropChunks, writeChunks } from './chunks.ts';
import { withEdits } from './edited-reading.ts';
import { Unreadable, type Material, type OnProgress, type Reading } from './reading/material.ts';
import { READ_AT_ONCE } from './reading/reading-threads.ts';
import { threads } from './reading/threads.ts';
import { filesFolder } from './files-folder.ts';
import { askReading, tell, type Source } from './source.ts';

const PROGRESS_MS = 400;

/**
 * Reads a source and puts what was read in use. What was read before answers questions until the last transaction; what
 * can't be read stays as it was, with the reason beside it.
 */
export const readSource: JobKind = {
  atOnce: READ_AT_ONCE,
  attempts: 3,
  async run(ws, job, signal) {
    const id = Number(job.payload['sourceId']);
    const source = begin(ws, id);
    if (!source) {
      job.finishQuietly();
      return;
    }
    const removal = removalOf(ws, id);
    try {
      await readAndUse(ws, job, source, AbortSignal.any([signal, removal.signal]));
    } catch (error) {
      if (!removal.signal.aborted || job.finished) throw error;
      job.finishQuietly();
    } finally {
      removal.stop();
    }
  },
  onParked(ws, { payload }) {
    fail(
      ws,
      Number(payload['sourceId']),
      'Reading this failed again and again. Try it once more; if it fails, the log of the server says why.',
    );
  },
};

async function readAndUse(ws: Workspace, job: Job, source: Source, signal: AbortSignal): Promise<void> {
  const { id } = source;
  let reading: Reading;
  try {
    reading = await threads.read(materialOf(ws, source), progressOf(ws, id), signal);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    await job.finish(() => fail(ws, id, error.message));
    return;
  }
  const generation = source.generation + 1;
  // What a reading that was broken off left behind.
  await dropChunks(ws, id, source.generation, signal);
  const edited = await withEdits(ws, { sourceId: id, pageId: null }, source.title, reading.chunks);
  await writeChunks(ws, id, generation, edited.chunks, signal);
  await job.finish(() => {
    use(ws, source, generation, reading);
    if (!edited.settle()) askReading(ws, id);
  });
  await dropChunks(ws, id, generation, signal);
}

/** Aborts when the source is removed: its row goes meanwhile, and nothing that is read of it has a place any more. */
function removalOf(ws: Workspace, id: number): { signal: AbortSignal; stop(): void } {
  const removal = new AbortController();
  const state = ws.db.select({ state: sources.state }).from(sources).where(eq(sources.id, id)).prepare();
  const stop = ws.bus.subscribe('all', (event) => {
    if (event.type !== 'source' || event.sourceId !== id) return;
    const now = state.get()?.state;
    if (now === undefined || now === 'removing') removal.abort(new Error('the source is removed'));
  });
  return { signal: removal.signal, stop };
}

/** Undefined when it was removed meanwhile. */
function begin(ws: Workspace, id: number): Source | undefined {
  return ws.write(() => {
    const source = ws.db
      .update(sources)
      .set({ state: 'reading', progressDone: 0, progressTotal: 0, updatedAt: ws.clock.now() })
      .where(and(eq(sources.id, id), ne(sources.state, 'removing')))
      .returning()
      .get();
    tell(ws, id);
    return source;
  });
}

function materialOf(ws: Workspace, source: Source): Material {
  const { id, title } = source;
  switch (source.kind) {
    case 'text':
      return { kind: 'text', title, text: source.text ?? '' };
    case 'qa':
      return {
        kind: 'qa',
        title,
        pairs: ws.db
          .select({ question: questions.question, answer: questions.answer })
          .from(questions)
          .where(eq(questions.sourceId, id))
          .orderBy(asc(questions.position))
          .all(),
      };
    case 'file': {
      if (source.filePath === null || source.fileKeySealed === null)
        throw new Unreadable('This file is not here any more. Upload it again.');
      return { kind: 'file', title, path: join(filesFolder(ws.folder), source.filePath), key: fileKey(ws, id, source.fileKeySealed) };
    }
    case 'page':
    case 'site':
    case 'feed':
      throw new Error(`${source.kind} ${id} is read page by page`);
  }
}

/** Writes down how far it is, now and then: pages show it, and so does the next start. */
function progressOf(ws: Workspace, id: number): OnProgress {
  let told = -Infinity;
  return (done, total) => {
    const now = ws.clock.steady();
    if (now - told < PROGRESS_MS) return;
    told = now;
    ws.write(() => {
      ws.db.update(sources).set({ progressDone: done, progressTotal: total }).where(eq(sources.id, id)).run();
      tell(ws, id);
    });
  };
}

function use(ws: Workspace, { id, title }: Source, generation: number, { chunks, language, pages, mime, leftOut }: Reading): void {
  const now = ws.clock.now();
  const done = { generation, language, pages, fileMime: mime, readAt: now, updatedAt: now, says: leftOut };
  const read = ws.db
    .update(sources)
    .set({ ...done, progressDone: chunks.length, progressTotal: chunks.length })
    .where(eq(sources.id, id))
    .returning({ state: sources.state, title: sources.title })
    .get();
  // Changed or removed while it was read: that has its own job, and its own state.
  if (read?.state === 'reading' && read.title === title) ws.db.update(sources).set({ state: 'ready' }).where(eq(sources.id, id)).run();
  tell(ws, id);
}

function fail(ws: Workspace, id: number, says: string): void {
  ws.db
    .update(sources)
    .set({ state: 'failed', says, updatedAt: ws.clock.now() })
    .where(and(eq(sources.id, id), ne(sources.state, 'removing')))
    .run();
  tell(ws, id);
}
