import { addQuestion, addQuestions, editQuestion, removeQuestion, type Pair } from '../knowledge/index.ts';
import type { Workspace } from '../workspace.ts';
import { gapIn, groupOf, settle, type Group } from './groups.ts';
import { BETWEEN_WORDINGS, holdsWordsOf } from './holds-words.ts';
import { masked } from './mask.ts';
import { pairOf, type LearnedPair } from './pair.queries.ts';
import { knownOf, wordsOf } from './people.queries.ts';

/** What the source is called that approved answers go into where no other is chosen. */
export const LEARNED = 'Learned from conversations';

export const LONGEST = { question: 1000, answer: 10_000 } as const;

export interface Approval {
  groupId: number;
  userId: number;
  pair: Pair;
  /** A source of questions; null makes one. */
  sourceId: number | null;
}

/**
 * What a person approved is knowledge from here on: a new pair, or the group's own written anew. From whom its words come
 * is written down beside it. Throws NoGap, and NoSource when the source isn't there or holds no questions.
 */
export function approveAnswer(ws: Workspace, { groupId, userId, pair, sourceId }: Approval): { changed: boolean } {
  return ws.durable(() => {
    const group = groupOf(ws, groupId);
    const before = pairOf(ws, group.questionId);
    const questionId = before ? edited(ws, before, pair) : added(ws, sourceId, pair, userId);
    settle(ws, groupId, 'answered', userId);
    ws.prepare('UPDATE gap_groups SET question_id = ?, answered_at = ? WHERE id = ?').run(questionId, ws.clock.now(), groupId);
    noteOrigins(ws, group, questionId, pair);
    return { changed: before !== undefined };
  });
}

function edited(ws: Workspace, { sourceId, questionId }: LearnedPair, pair: Pair): number {
  editQuestion(ws, sourceId, questionId, pair);
  return questionId;
}

function added(ws: Workspace, sourceId: number | null, pair: Pair, by: number): number {
  if (sourceId !== null) return addQuestion(ws, sourceId, pair);
  const made = addQuestions(ws, { title: LEARNED, pairs: [pair], by });
  return ws.prepare('SELECT id FROM questions WHERE source_id = ?').pluck().get(made) as number;
}

/** Takes the pair out of the knowledge again; the group is open. Throws NoGap. */
export function takeBackAnswer(ws: Workspace, groupId: number): void {
  ws.durable(() => {
    const { questionId } = groupOf(ws, groupId);
    const pair = pairOf(ws, questionId);
    if (pair) removeQuestion(ws, pair.sourceId, pair.questionId);
    settle(ws, groupId, 'open', null);
    ws.prepare('UPDATE gap_groups SET question_id = NULL, answered_at = NULL WHERE id = ?').run(groupId);
  });
}

/**
 * Adds the words of one of the group's questions to the pair's question, so that the search finds it by them. False when
 * there is no pair, or no room in its question. Throws NoGap.
 */
export function addWording(ws: Workspace, { groupId, gapId }: { groupId: number; gapId: number }): boolean {
  return ws.durable(() => {
    const group = groupOf(ws, groupId);
    const gap = gapIn(ws, groupId, gapId);
    const pair = pairOf(ws, group.questionId);
    if (!pair) return false;
    const wording = asQuestion(masked(gap.text, knownOf(ws, gap.contactId)));
    const changed = { question: `${pair.question}${BETWEEN_WORDINGS}${wording}`, answer: pair.answer };
    if (changed.question.length > LONGEST.question) return false;
    editQuestion(ws, pair.sourceId, pair.questionId, changed);
    noteOrigins(ws, group, pair.questionId, changed);
    return true;
  });
}

/** One line that ends as a question does: what quotes an answer leaves such a line out. */
function asQuestion(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ').trim();
  return /[?？؟]$/u.test(line) ? line : `${line}?`;
}

/** Writes down whose words stand in the pair: of everybody who asked, and of whom a person answered. */
function noteOrigins(ws: Workspace, { id }: Pick<Group, 'id'>, questionId: number, pair: Pair): void {
  const insert = ws.prepare(
    'INSERT INTO question_origins (question_id, part, contact_id, message_id, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  ws.prepare('DELETE FROM question_origins WHERE question_id = ?').run(questionId);
  const asked = ws
    .prepare('SELECT contact_id AS contactId, max(message_id) AS messageId FROM gaps WHERE group_id = ? GROUP BY contact_id')
    .all(id) as { contactId: number; messageId: number }[];
  for (const { contactId, messageId } of asked) {
    const said = wordsOf(ws, contactId);
    const known = knownOf(ws, contactId);
    for (const part of ['question', 'answer'] as const)
      if (holdsWordsOf(pair[part], said) || masked(pair[part], known) !== pair[part])
        insert.run(questionId, part, contactId, messageId, ws.clock.now());
  }
}
