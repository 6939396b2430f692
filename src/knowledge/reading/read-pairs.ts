/** Questions and answers out of a CSV or Excel file. Runs in a reading thread. */
import { Archive } from './archive.ts';
import { archiveType } from './archive-type.ts';
import { likeliestDelimiter } from '../../lib/delimiters.ts';
import { readRows } from './csv.ts';
import { decodeText, fileType } from './file-type.ts';
import { Unreadable } from './material.ts';
import { readSheets } from './read-xlsx.ts';
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

const ROWS_AT_MOST = 5000;
/** What columns are called. Where they are called otherwise, the first two are taken, their names too. */
const QUESTION =
  /(?:^|[^\p{L}])(?:questions?|q|fragen?|preguntas?|domand[ae]|perguntas?|vra(?:ag|gen)|pytani[ea]|вопросы?|質問|问题)(?:$|[^\p{L}])/iu;
const ANSWER =
  /(?:^|[^\p{L}])(?:answers?|a|repl(?:y|ies)|antworten|antwort|réponses?|respuestas?|rispost[ae]|respostas?|antwoord(?:en)?|odpowied(?:ź|zi)|ответы?|回答|答案)(?:$|[^\p{L}])/iu;

/** Of an Excel file its first sheet that isn't hidden. Throws Unreadable for what is neither, isn't whole, or holds too much. */
export function readPairs(bytes: Uint8Array): FoundPairs {
  const found: FoundPairs = { pairs: [], skipped: [] };
  const take = pairTaker(found);
  const type = fileType(bytes);
  if (type === 'archive') readSheet(bytes, take);
  else if (type === 'text') {
    const text = decodeText(bytes);
    readRows(text, likeliestDelimiter(text), take);
  } else throw neither();
  if (found.pairs.length + found.skipped.length === 0) throw new Unreadable('There are no questions in this file. Choose another one.');
  return found;
}

function neither(): Unreadable {
  return new Unreadable('This is neither a CSV nor an Excel file. Save the sheet as one of them and upload that.');
}

function readSheet(bytes: Uint8Array, take: TakeRow): void {
  const archive = new Archive(bytes);
  const found = archiveType(archive);
  if (found.type !== 'xlsx') throw neither();
  let first = true;
  readSheets(archive, found.main, () => {
    const taker = first ? { row: take, end: () => undefined } : null;
    first = false;
    return taker;
  });
}

type TakeRow = (cells: readonly string[], row: number) => void;

function pairTaker(found: FoundPairs): TakeRow {
  const rows = new Map<string, number>();
  let columns: [question: number, answer: number] | null = null;
  return (cells, row) => {
    if (cells.every((cell) => cell.trim() === '')) return;
    const named = columns === null ? namedColumns(cells) : null;
    columns ??= named ?? [0, 1];
    if (named) return;
    if (found.pairs.length + found.skipped.length === ROWS_AT_MOST) {
      throw new Unreadable(`This holds more than ${ROWS_AT_MOST} questions. Split it into several files.`);
    }
    const [question, answer] = columns.map((column) => (cells[column] ?? '').trim()) as [string, string];
    const says = wrongWith(question, answer, rows);
    if (says !== null) {
      found.skipped.push({ row, says });
      return;
    }
    rows.set(sameAs(question), row);
    found.pairs.push({ row, question, answer });
  };
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
