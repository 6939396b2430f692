/** Café Aurora with its knowledge room at work. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { clearSource, closeReading, readSource, search, type Passage } from '../../src/knowledge/index.ts';
import { listedSourceOf, type ListedSource } from '../../src/knowledge/knowledge.queries.ts';
import { passagesOnPage } from '../../src/knowledge/passages.queries.ts';
import type { Workspace } from '../../src/workspace.ts';
import { addFile } from '../../src/knowledge/index.ts';
import { eventually } from '../support/eventually.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

export const KINDS = { 'read-source': readSource, 'clear-source': clearSource };

export interface Desk extends TestInstallation {
  ws: Workspace;
}

export async function openDesk(): Promise<Desk> {
  const test = await testInstallation();
  const { workspace, release } = test.installation.workspaces.hold(cafeAurora(test.installation));
  await test.installation.jobs.start(KINDS);
  return {
    ...test,
    ws: workspace,
    async end() {
      await test.installation.jobs.stop(0);
      release();
      await test.end();
    },
  };
}

/** Waits until nothing more is to be read of it. */
export async function settled(ws: Workspace, id: number): Promise<ListedSource> {
  const done = (): ListedSource | undefined => {
    const source = listedSourceOf(ws, id);
    return source && (source.state === 'ready' || source.state === 'failed') ? source : undefined;
  };
  const found = done();
  if (found) return found;
  return new Promise((resolve) => {
    const stop = ws.bus.subscribe('all', (event) => {
      const source = event.type === 'source' && event.sourceId === id ? done() : undefined;
      if (!source) return;
      stop();
      resolve(source);
    });
  });
}

export async function* streamOf(content: Uint8Array | string): AsyncGenerator<Uint8Array> {
  yield typeof content === 'string' ? Buffer.from(content) : content;
}

/** Uploads a file and waits for what becomes of it. */
export async function readFile(ws: Workspace, name: string, content: Uint8Array | string): Promise<ListedSource> {
  return settled(ws, await addFile(ws, { name, content: streamOf(content), by: null }));
}

/** Passages of a source as "path | page | text". */
export function passagesOf(ws: Workspace, id: number): string[] {
  return passagesOnPage(ws, id, 1).passages.map(({ path, page, text }) => `${path} | ${page ?? ''} | ${text}`);
}

/** The first passage found, or a failure that says so. */
export async function best(ws: Workspace, query: string): Promise<Passage> {
  const [first] = await search(ws, { query, limit: 3 });
  return first ?? assert.fail(`nothing was found for: ${query}`);
}

/** Terms of the index that begin so. */
export function terms(ws: Workspace, beginning: string): string[] {
  return ws.sql
    .prepare("SELECT term FROM chunks_vocabulary WHERE term >= ? AND term < ? || '\u{10ffff}'")
    .pluck()
    .all(beginning, beginning) as string[];
}

/** Waits until the source's row is gone. */
export function gone(ws: Workspace, id: number): Promise<void> {
  return eventually(() => assert.equal(ws.sql.prepare('SELECT count(*) FROM sources WHERE id = ?').pluck().get(id), 0));
}

export function filesOf(ws: Workspace): string {
  return join(ws.folder, 'files');
}

// The threads are shared by all tests of the process, as in the server.
after(() => closeReading());
