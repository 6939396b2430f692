import { chooseChunks } from './choose.ts';
import { neededAmong } from './fits.ts';
import type { IndexReader } from './index-reader.ts';
import type { Passage } from './passage.ts';
import { readQuestion } from './question.ts';
import { orderBySubject } from './same-subject.ts';
import { scoreAll } from './score.ts';

/** So many chunks are looked at closely. */
const CANDIDATES = 40;
const LONGEST_QUERY = 2000;

/** The passages that answer best, best first, at most `limit`. Empty when the query has no word or nothing holds any of them. */
export function findPassages(index: IndexReader, query: string, limit: number): Passage[] {
  index.refresh();
  const question = readQuestion(query.slice(0, LONGEST_QUERY), index);
  if (question.lookedFor.length === 0) return [];
  const scored = scoreAll(question, chooseChunks(question, index, Math.max(CANDIDATES, limit)));
  return orderBySubject(scored, index)
    .slice(0, limit)
    .flatMap(({ candidate, score, why, matched }) => {
      const { line: _, ...found } = candidate;
      const rest = index.rest(candidate.chunkId);
      return rest
        ? [{ ...found, ...rest, score, needed: neededAmong(index.total), why: { ...why, matched: [...new Set(matched())] } }]
        : [];
    });
}
