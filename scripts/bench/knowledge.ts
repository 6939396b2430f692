/** Made-up knowledge of a set size, read by the product's own readers. */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { addText } from '../../src/knowledge/index.ts';
import type { Workspace } from '../../src/workspace.ts';

const WORDS_IN_ALL = 6000;
const WORDS_EACH = 60;
const PARAGRAPHS_EACH = 1000;
const SYLLABLES = ['ba', 'ke', 'lo', 'mi', 'nu', 'ra', 'se', 'ti', 'vo', 'za', 'fen', 'gor', 'hul', 'jas', 'pem', 'wix'];

/** A word of the made-up language; low numbers are frequent, as in any language. */
function word(n: number): string {
  let text = '';
  for (let rest = n + 40; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) text += SYLLABLES[rest % SYLLABLES.length];
  return text;
}

let seed = 7;
function chance(): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
}

export function sentence(words: number): string {
  return Array.from({ length: words }, () => word(Math.floor(WORDS_IN_ALL ** chance()))).join(' ');
}

/** Adds sources that make about `chunks` chunks. */
export function fillKnowledge(ws: Workspace, chunks: number): void {
  for (let left = chunks, n = 1; left > 0; left -= PARAGRAPHS_EACH, n++) {
    const text = Array.from({ length: Math.min(left, PARAGRAPHS_EACH) }, (_, p) => `# Part ${n}.${p}\n\n${sentence(WORDS_EACH)}.`).join(
      '\n\n',
    );
    addText(ws, { title: `Source ${n}`, text, by: null });
  }
}

/** Waits until every source has been read; returns how many chunks there are. */
export async function untilRead(folder: string, workspace: string): Promise<number> {
  for (;;) {
    const sql = new Database(join(folder, 'data', 'workspaces', workspace, 'workspace.db'), { readonly: true });
    const left = sql.prepare("SELECT count(*) FROM sources WHERE state IN ('waiting', 'reading')").pluck().get();
    const chunks = Number(sql.prepare('SELECT count(*) FROM chunks').pluck().get());
    sql.close();
    if (left === 0) return chunks;
    await pause(200);
  }
}
