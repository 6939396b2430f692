import { editQuestion, removeQuestion, type Pair } from '../knowledge/index.ts';
import type { Workspace } from '../workspace.ts';
import { dropIfEmpty } from './groups.ts';
import { holdsWordsOf, saysAll } from './holds-words.ts';
import { masked } from './mask.ts';
import { pairOf, type LearnedPair } from './pair.queries.ts';
import { knownOf, wordsOf } from './people.queries.ts';

/**
 * Takes a contact's words out of the gaps and out of the pairs that were learned from them, while the contact's messages
 * are still there to compare with: a purge calls it first. Inside the caller's transaction, which must be durable.
 *
 * A part of a pair is the contact's as long as `holdsWordsOf` says so; then it is emptied, unless another contact who stays
 * has said the same, since it tells nothing of this one then. Their name, address or number is taken out of what stays. A
 * pair without its answer answers nothing and goes whole. A pair that was changed is read again; its passage changes when
 * that job 'read-source' is done.
 */
export function forgetWordsOf(ws: Workspace, contactId: number): void {
  const pairs = ws.prepare('SELECT DISTINCT question_id FROM question_origins WHERE contact_id = ?').pluck().all(contactId) as number[];
  for (const questionId of pairs) {
    const pair = pairOf(ws, questionId);
    if (pair) forgetIn(ws, pair, contactId);
  }
  ws.prepare('DELETE FROM question_origins WHERE contact_id = ?').run(contactId);
  const groups = ws.prepare('DELETE FROM gaps WHERE contact_id = ? RETURNING group_id').pluck().all(contactId) as number[];
  for (const group of new Set(groups)) dropIfEmpty(ws, group);
}

function forgetIn(ws: Workspace, pair: LearnedPair, contactId: number): void {
  const left: Pair = { question: leftOf(ws, pair, 'question', contactId), answer: leftOf(ws, pair, 'answer', contactId) };
  if (left.answer === '') {
    ws.prepare("UPDATE gap_groups SET state = 'open', answered_at = NULL WHERE question_id = ? AND state = 'answered'").run(
      pair.questionId,
    );
    removeQuestion(ws, pair.sourceId, pair.questionId);
  } else if (left.question !== pair.question || left.answer !== pair.answer) editQuestion(ws, pair.sourceId, pair.questionId, left);
}

/** What stays of a part. */
function leftOf(ws: Workspace, pair: LearnedPair, part: 'question' | 'answer', contactId: number): string {
  const text = pair[part];
  if (holdsWordsOf(text, wordsOf(ws, contactId)) && !saidByOthers(ws, pair, part, contactId)) return '';
  return masked(text, knownOf(ws, contactId));
}

function saidByOthers(ws: Workspace, pair: LearnedPair, part: 'question' | 'answer', contactId: number): boolean {
  const others = ws
    .prepare(
      `SELECT DISTINCT o.contact_id FROM question_origins o WHERE o.question_id = ? AND o.part = ? AND o.contact_id <> ?
         AND (SELECT p.erased_at FROM contacts p WHERE p.id = o.contact_id) IS NULL`,
    )
    .pluck()
    .all(pair.questionId, part, contactId) as number[];
  const theirs = wordsOf(ws, contactId).filter((words) => holdsWordsOf(pair[part], [words]));
  // Every word of this contact's must be somebody else's, too, not just some of the part.
  return others.length > 0 && theirs.every((words) => others.some((other) => wordsOf(ws, other).some((said) => saysAll(said, words))));
}
