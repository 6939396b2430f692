import { sources } from '../db/schema/workspace.ts';
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

/** Thousands may come at once. */
const APPEND = `
  INSERT INTO questions (source_id, position, question, answer)
  VALUES (@sourceId, (SELECT coalesce(max(position), 0) + 1 FROM questions WHERE source_id = @sourceId), @question, @answer)
  RETURNING id`;

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
  return adding(ws, sourceId, () => append(ws, sourceId, pair));
}

/** Adds pairs to a source of questions, in their order. Throws NoSource. */
export function addPairs(ws: Workspace, sourceId: number, pairs: readonly Pair[]): void {
  adding(ws, sourceId, () => pairs.forEach((pair) => append(ws, sourceId, pair)));
}

function adding<T>(ws: Workspace, sourceId: number, add: () => T): T {
  return ws.durable(() => {
    if (sourceOf(ws, sourceId).kind !== 'qa') throw new NoSource(`source ${sourceId} holds no questions`);
    const added = add();
    askReading(ws, sourceId);
    return added;
  });
}

function append(ws: Workspace, sourceId: number, { question, answer }: Pair): number {
  return ws.prepare(APPEND).pluck().get({ sourceId, question, answer }) as number;
}
