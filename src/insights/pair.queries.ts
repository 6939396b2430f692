/** The pairs that were learned, as the knowledge has them now. */
import type { Workspace } from '../workspace.ts';

export interface LearnedPair {
  questionId: number;
  sourceId: number;
  sourceTitle: string;
  question: string;
  answer: string;
  /** Its source is being read: the search doesn't have it yet. */
  reading: boolean;
  enabled: boolean;
}

/** Undefined when it has been removed, or its source has. */
export function pairOf(ws: Workspace, questionId: number | null): LearnedPair | undefined {
  const row = ws
    .prepare(
      `SELECT q.id AS questionId, s.id AS sourceId, s.title AS sourceTitle, q.question, q.answer, s.state IN ('waiting', 'reading') AS reading, s.enabled
       FROM questions q JOIN sources s ON s.id = q.source_id WHERE q.id = ? AND s.state <> 'removing'`,
    )
    .get(questionId) as (Omit<LearnedPair, 'reading' | 'enabled'> & { reading: number; enabled: number }) | undefined;
  return row && { ...row, reading: row.reading === 1, enabled: row.enabled === 1 };
}

export interface QuestionSource {
  id: number;
  title: string;
}

/** Sources of questions, the one an answer was last put into first. */
export function questionSources(ws: Workspace): QuestionSource[] {
  return ws
    .prepare(
      `SELECT s.id, s.title FROM sources s WHERE s.kind = 'qa' AND s.state <> 'removing'
       ORDER BY (SELECT max(g.answered_at) FROM gap_groups g JOIN questions q ON q.id = g.question_id WHERE q.source_id = s.id) DESC NULLS LAST, s.id DESC LIMIT 50`,
    )
    .all() as QuestionSource[];
}

/** The source that learned answers have gone into so far; null when none has. */
export function learnedSource(ws: Workspace, title: string): number | null {
  const used = ws
    .prepare(
      `SELECT q.source_id FROM gap_groups g JOIN questions q ON q.id = g.question_id JOIN sources s ON s.id = q.source_id
       WHERE s.state <> 'removing' ORDER BY g.answered_at DESC LIMIT 1`,
    )
    .pluck()
    .get() as number | undefined;
  const named = ws
    .prepare("SELECT id FROM sources WHERE kind = 'qa' AND title = ? AND state <> 'removing' ORDER BY id DESC LIMIT 1")
    .pluck()
    .get(title) as number | undefined;
  return used ?? named ?? null;
}
