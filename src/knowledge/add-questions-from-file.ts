/** Taking over questions with their answers out of a CSV or Excel file. */
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { longText } from '../web/parse.ts';
import type { Workspace } from '../workspace.ts';
import { addPairs, addQuestions, type Pair } from './add-questions.ts';
import { questionsOf } from './knowledge.queries.ts';
import type { FoundPair, SkippedRow } from './reading/read-pairs.ts';
import { sameAs } from './reading/same-question.ts';
import { promptThreads } from './reading/threads.ts';
import { TooLarge } from '../vault/sealed-file.ts';
import { LONGEST, sourceOf } from './source.ts';

export const LARGEST = 5 * 1024 * 1024;
/** Looked at without a breath between: about a millisecond. */
const AT_A_TIME = 200;

export interface QuestionsFile {
  name: string;
  content: AsyncIterable<Uint8Array>;
  /** The source that they are added to; null makes one, called as the file is. */
  into: number | null;
  by: number | null;
}

export interface Imported {
  /** The source that holds them; null when there was nothing to make one of. */
  id: number | null;
  added: number;
  skipped: SkippedRow[];
}

const filled = (name: string, atMost: number): z.ZodType<string, string> =>
  longText(name, atMost).refine((text) => text !== '', { error: `${name} is missing.` });
const pairOfRow = z.object({ question: filled('The question', LONGEST.question), answer: filled('The answer', LONGEST.answer) });

/**
 * Adds the pairs of a CSV or Excel file as questions, all at once. What can't be taken, or is there already, is skipped and said.
 * Rejects with TooLarge above 5 MB, with Unreadable for what is neither, with NoSource, with NoRoom.
 */
export async function addQuestionsFromFile(ws: Workspace, { name, content, into, by }: QuestionsFile): Promise<Imported> {
  ws.installation.space.needForImport();
  const bytes = await gather(content);
  const { pairs = [], skipped = [] } =
    (await promptThreads.read({ kind: 'pairs', bytes }, () => undefined, new AbortController().signal)).pairs ?? {};
  const { good, wrong } = await checked(pairs);
  const there = new Set(into === null ? [] : questionsOf(ws, sourceOf(ws, into).id).map(({ question }) => sameAs(question)));
  const again = good.filter(({ question }) => there.has(sameAs(question)));
  const fresh = good.filter(({ question }) => !there.has(sameAs(question))).map(({ question, answer }) => ({ question, answer }));
  const all = [...skipped, ...wrong, ...again.map(({ row }) => ({ row, says: 'This question is there already.' }))];
  return { id: added(ws, fresh, { name, into, by }), added: fresh.length, skipped: all.sort((a, b) => a.row - b.row) };
}

function added(ws: Workspace, pairs: Pair[], { name, into, by }: Omit<QuestionsFile, 'content'>): number | null {
  if (pairs.length === 0) return into;
  if (into === null) return addQuestions(ws, { title: titleOf(name), pairs, by });
  addPairs(ws, into, pairs);
  return into;
}

async function gather(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    size += piece.length;
    if (size > LARGEST) throw new TooLarge(`more than ${LARGEST} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** By the rules that a pair of the form is held to. */
async function checked(pairs: readonly FoundPair[]): Promise<{ good: FoundPair[]; wrong: SkippedRow[] }> {
  const good: FoundPair[] = [];
  const wrong: SkippedRow[] = [];
  for (const [index, { row, ...pair }] of pairs.entries()) {
    if (index % AT_A_TIME === AT_A_TIME - 1) await setImmediate();
    const read = pairOfRow.safeParse(pair);
    if (read.success) good.push({ row, ...read.data });
    else wrong.push({ row, says: read.error.issues[0]?.message ?? 'This row can’t be read.' });
  }
  return { good, wrong };
}

function titleOf(name: string): string {
  const title = name.replace(/\.[a-z]{1,4}$/i, '');
  return [...(title === '' ? name : title)].slice(0, LONGEST.title).join('');
}
