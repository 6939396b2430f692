/** A file of contacts is taken in and looked at; no contact is touched. */
import { delimiterOf } from '../../lib/delimiters.ts';
import { isWestern, utf16Of } from '../../lib/encodings.ts';
import { Secret } from '../../lib/secret.ts';
import { removeSealedFile, sealFile, type SealedFile } from '../../vault/sealed-file.ts';
import type { Workspace } from '../../workspace.ts';
import { contactFields } from '../contact-fields.ts';
import { contactImport, type ContactImport } from './contact-import.ts';
import { guessColumns, isHead } from './guess-columns.ts';
import { COLUMNS_AT_MOST, DELIMITERS, type DelimiterName, type Encoding, type ImportPlan, type Target } from './import-plan.ts';
import { importsFolder, keyPlace } from './imports-folder.ts';
import { BrokenSheet, sheetRows } from './sheet-file.ts';

/** A million contacts with ten columns. */
export const LARGEST_SHEET = 256 * 1024 * 1024;
const SAMPLE = 64 * 1024;

/** The file is none that contacts can be taken out of; `message` says why. */
export class NoSheet extends Error {}

export interface GivenFile {
  name: string;
  content: AsyncIterable<Uint8Array>;
  userId: number;
}

/**
 * Seals the file as it streams in, and guesses how it is read. Returns the import's number. Rejects with TooLarge above
 * 256 MB, NoSheet, NoRoom, and what the stream throws; then nothing of it stays.
 */
export async function takeFile(ws: Workspace, { name, content, userId }: GivenFile): Promise<number> {
  ws.installation.space.needForImport();
  const look = lookingAt(content);
  const file = await sealFile(importsFolder(ws), look.content, LARGEST_SHEET);
  try {
    const { encoding, sample } = look.seen();
    const plan: ImportPlan = { encoding, delimiter: delimiterIn(sample, encoding), head: false, columns: [], key: null };
    const id = ws.durable(() => insert(ws, { name, file, plan, userId }));
    const read = contactImport(ws, id);
    if (read) await guess(ws, read);
    return id;
  } catch (error) {
    ws.durable(() => ws.prepare('DELETE FROM contact_imports WHERE file_path = ?').run(file.name));
    removeSealedFile(importsFolder(ws), file.name);
    throw error;
  }
}

function insert(ws: Workspace, { name, file, plan, userId }: { name: string; file: SealedFile; plan: ImportPlan; userId: number }): number {
  const { lastInsertRowid } = ws
    .prepare(
      "INSERT INTO contact_imports (state, file_name, file_path, file_bytes, plan, created_by, uploaded_at) VALUES ('new', ?, ?, ?, ?, ?, ?)",
    )
    .run(name, file.name, file.bytes, JSON.stringify(plan), userId, ws.clock.now());
  const id = Number(lastInsertRowid);
  const key = new Secret(Buffer.from(file.key).toString('base64'));
  ws.prepare('UPDATE contact_imports SET file_key_sealed = ? WHERE id = ?').run(ws.seal(keyPlace(id), key), id);
  return id;
}

/** What the columns are, by the first row. */
async function guess(ws: Workspace, read: ContactImport): Promise<void> {
  const plan = await withColumns(ws, read, read.plan);
  ws.durable(() => ws.prepare('UPDATE contact_imports SET plan = ? WHERE id = ?').run(JSON.stringify(plan), read.id));
}

/** The plan with its head and columns guessed anew: the file is read otherwise than before. Rejects with NoSheet. */
export async function withColumns(ws: Workspace, file: ContactImport, plan: ImportPlan): Promise<ImportPlan> {
  const fields = contactFields(ws);
  try {
    for await (const { cells } of sheetRows(ws, file, plan)) {
      if (cells.every((cell) => cell.trim() === '')) continue;
      if (cells.length > COLUMNS_AT_MOST) throw new NoSheet(`The file has more than ${COLUMNS_AT_MOST} columns. Save those that matter.`);
      const head = isHead(cells, fields);
      const columns = head ? guessColumns(cells, fields) : cells.map((cell): Target => (cell.includes('@') ? 'email' : ''));
      return { ...plan, head, columns };
    }
  } catch (error) {
    if (error instanceof BrokenSheet) throw new NoSheet(error.message, { cause: error });
    throw error;
  }
  throw new NoSheet('There is nothing in this file. Choose another one.');
}

interface Look {
  content: AsyncGenerator<Uint8Array>;
  /** Once it has gone by. Throws NoSheet. */
  seen(): { encoding: Encoding; sample: Uint8Array };
}

/** Reads a stream as it goes by: whether it is UTF-8 to its end, and its first letters. */
function lookingAt(content: AsyncIterable<Uint8Array>): Look {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  let sample = Buffer.alloc(0);
  /** Where UTF-8 ended: there the letters are that tell what it is. */
  let odd: Uint8Array | undefined;
  const holdsUtf8 = (piece?: Uint8Array): boolean => {
    try {
      utf8.decode(piece, { stream: piece !== undefined });
      return true;
    } catch {
      return false;
    }
  };
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      if (sample.length < SAMPLE) sample = Buffer.concat([sample, piece.subarray(0, SAMPLE)]);
      if (isUtf8 && !holdsUtf8(piece)) {
        isUtf8 = false;
        odd = piece;
      }
      yield piece;
    }
    isUtf8 &&= holdsUtf8();
  }
  const seen = (): ReturnType<Look['seen']> => {
    if (sample.length === 0) throw new NoSheet('This file is empty. Choose another one.');
    const utf16 = utf16Of(sample);
    if (utf16) return { encoding: utf16, sample };
    if (sample.subarray(0, 2).toString('latin1') === 'PK')
      throw new NoSheet('This is an Excel file, or an archive. Save the sheet as CSV and choose that.');
    if (sample.includes(0)) throw new NoSheet('This is no CSV file. Save the sheet as CSV and choose that.');
    return { encoding: isUtf8 ? 'utf-8' : isWestern(odd ?? sample) ? 'windows-1252' : 'windows-1251', sample };
  };
  return { content: watched(), seen };
}

/** By the rows of the sample; where these don't tell, by what stands most often in the first. */
function delimiterIn(sample: Uint8Array, encoding: Encoding): DelimiterName {
  const text = new TextDecoder(encoding).decode(sample);
  const [first = ''] = text.split(/\r\n?|\n/, 1);
  const names = Object.keys(DELIMITERS) as DelimiterName[];
  const often = (name: DelimiterName): number => first.split(DELIMITERS[name]).length;
  const found = first.includes('|') && !/[,;\t]/.test(first) ? DELIMITERS.bar : delimiterOf(text);
  return names.find((name) => DELIMITERS[name] === found) ?? names.sort((a, b) => often(b) - often(a))[0] ?? 'comma';
}
