import { sources } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { askReading } from './source.ts';

export interface NewText {
  title: string;
  /** Plain text or Markdown: lines that begin with # are headings. */
  text: string;
  /** Where it can be read by customers, if anywhere. */
  url?: string | null;
  /** A user's id; null when the software wrote it. */
  by: number | null;
}

/** Adds a written text and returns its id. It is found once it has been read, a moment later. Throws NoRoom. */
export function addText(ws: Workspace, { title, text, url = null, by }: NewText): number {
  ws.installation.space.needForImport();
  return ws.durable(() => {
    const now = ws.clock.now();
    const { id } = ws.db
      .insert(sources)
      .values({ kind: 'text', title, text, url, state: 'waiting', createdBy: by, createdAt: now, updatedAt: now })
      .returning({ id: sources.id })
      .get();
    askReading(ws, id);
    return id;
  });
}
