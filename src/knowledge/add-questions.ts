import { eq, max } from '../db/drizzle.ts';
import { questions, sources } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { askReading, NoSource, sourceOf } from './source.ts';

export interface Pair {
  question: string;
  answer: string;
}

export interface NewQuestions {
  title: string;
  pairs: Pair[];
  by: number | null;
}

/** Adds a source of questions with their answers and returns its id. Each pair is one passage. Throws NoRoom. */
export function addQuestions(ws: Workspace, { title, pairs, by }: NewQuestions): number {
  ws.installation.space.needForImport();
  return ws.durable(() => {
    const now = ws.clock.now();
    const { id } = ws.db
      .insert(sources)
      .values({ kind: 'qa', title, state: 'waiting', createdBy: by, createdAt: now, updatedAt: now })
      .returning({ id: sources.id })
      .get();
    for (const pair of pairs) append(ws, id, pair);
    askReading(ws, id);
    return id;
  });
}

/** Adds one pair to a source of questions and returns its id. Throws NoSource. */
export function addQuestion(ws: Workspace, sourceId: number, pair: Pair): number {
  return ws.durable(() => {
    if (sourceOf(ws, sourceId).kind !== 'qa') throw new NoSource(`source ${sourceId} holds no questions`);
    const id = append(ws, sourceId, pair);
    askReading(ws, sourceId);
    return id;
  });
}

function append(ws: Workspace, sourceId: number, { question, answer }: Pair): number {
  const last = ws.db
    .select({ position: max(questions.position) })
    .from(questions)
    .where(eq(questions.sourceId, sourceId))
    .get();
  const position = (last?.position ?? 0) + 1;
  return ws.db.insert(questions).values({ sourceId, position, question, answer }).returning({ id: questions.id }).get().id;
}
