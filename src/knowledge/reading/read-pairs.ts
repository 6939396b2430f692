/** Questions and answers out of a CSV file. Runs in a reading thread. */
import { likeliestDelimiter, readRows } from './csv.ts';
import { decodeText, fileType } from './file-type.ts';
import { Unreadable } from './material.ts';
import { sameAs } from './same-question.ts';

/** A pair as it stands in the file; `row` as a spreadsheet numbers it, the first is 1. */
export interface FoundPair {
  row: number;
  question: string;
  answer: string;
}

export interface SkippedRow {
  row: number;
  /** Why, in a sentence. */
  says: string;
}

export interface FoundPairs {
  pairs: FoundPair[];
  skipped: SkippedRow[];
}

const PAIRS_AT_MOST = 5000;
/** What columns are called. Where they are called otherwise, the first two are taken, their names too. */
const QUESTION =
  /(?:^|[^\p{L}])(?:questions?|q|fragen?|preguntas?|domand[ae]|perguntas?|vra(?:ag|gen)|pytani[ea]|вопросы?|質問|问题)(?:$|[^\p{L}])/iu;
const ANSWER =
  /(?:^|[^\p{L}])(?:answers?|a|repl(?:y|ies)|antworten|antwort|réponses?|respuestas?|rispost[ae]|respostas?|antwoord(?:en)?|odpowied(?:ź|zi)|ответы?|回答|答案)(?:$|[^\p{L}])/iu;

/** Throws Unreadable for what is no CSV, for one that isn't whole, and for one that holds too much. */
export function readPairs(bytes: Uint8Array): FoundPairs {
  if (fileType(bytes) !== 'text') throw new Unreadable('This is no CSV file. Save the sheet as “CSV UTF-8” and upload that.');
  const text = decodeText(bytes);
  const found: FoundPairs = { pairs: [], skipped: [] };
  const rows = new Map<string, number>();
  let columns: [question: number, answer: number] | null = null;
  readRows(text, likeliestDelimiter(text), (cells, row) => {
    if (cells.every((cell) => cell.trim() === '')) return;
    const named = columns === null ? namedColumns(cells) : null;
    columns ??= named ?? [0, 1];
    if (named) return;
    const [question, answer] = columns.map((column) => (cells[column] ?? '').trim()) as [string, string];
    const says = wrongWith(question, answer, rows);
    if (says !== null) {
      found.skipped.push({ row, says });
      return;
    }
    rows.set(sameAs(question), row);
    found.pairs.push({ row, question, answer });
    if (found.pairs.length > PAIRS_AT_MOST) {
      throw new Unreadable(`This holds more than ${PAIRS_AT_MOST} questions. Split it into several files.`);
    }
  });
  if (found.pairs.length + found.skipped.length === 0) throw new Unreadable('There are no questions in this file. Choose another one.');
  return found;
}

function namedColumns(head: readonly string[]): [number, number] | null {
  const question = head.findIndex((name) => QUESTION.test(name));
  const answer = head.findIndex((name, column) => column !== question && ANSWER.test(name));
  // A whole question may hold the word too.
  const areNames = head.every((name) => name.length <= 40 && !name.includes('?'));
  return question >= 0 && answer >= 0 && areNames ? [question, answer] : null;
}

function wrongWith(question: string, answer: string, rows: ReadonlyMap<string, number>): string | null {
  if (question === '') return 'The question is missing.';
  if (answer === '') return 'The answer is missing.';
  const before = rows.get(sameAs(question));
  return before === undefined ? null : `Row ${before} asks the same.`;
}
