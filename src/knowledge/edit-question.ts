import { and, eq } from '../db/drizzle.ts';
import { questions } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import type { Pair } from './add-questions.ts';
import { askReading, NoSource, sourceOf } from './source.ts';

/** Changes a question or its answer. Throws NoSource when either the source or the pair isn't there. */
export function editQuestion(ws: Workspace, sourceId: number, id: number, { question, answer }: Pair): void {
  ws.durable(() => {
    sourceOf(ws, sourceId);
    const { changes } = ws.db
      .update(questions)
      .set({ question, answer })
      .where(and(eq(questions.id, id), eq(questions.sourceId, sourceId)))
      .run();
    if (changes === 0) throw new NoSource(`question ${id}`);
    askReading(ws, sourceId);
  });
}

/** Takes a pair out. Throws NoSource when either the source or the pair isn't there. */
export function removeQuestion(ws: Workspace, sourceId: number, id: number): void {
  ws.durable(() => {
    sourceOf(ws, sourceId);
    const { changes } = ws.db
      .delete(questions)
      .where(and(eq(questions.id, id), eq(questions.sourceId, sourceId)))
      .run();
    if (changes === 0) throw new NoSource(`question ${id}`);
    askReading(ws, sourceId);
  });
}
