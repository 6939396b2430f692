/** Rows of a file of contacts, read from the disk as they are asked for: it may be larger than the memory. */
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { readSealedFile } from '../../vault/sealed-file.ts';
import type { Workspace } from '../../workspace.ts';
import type { ContactImport } from './contact-import.ts';
import { DELIMITERS, type ImportPlan } from './import-plan.ts';
import { importsFolder, keyPlace } from './imports-folder.ts';

const LONGEST_ROW = 1_000_000;

export interface SheetRow {
  /** As a spreadsheet numbers it; the first is 1. */
  row: number;
  cells: string[];
  /** How much of the file has been read for it, roughly. */
  bytes: number;
}

/** The file isn't whole; `message` says from which row on. */
export class BrokenSheet extends Error {}

/** The file was thrown away: its time was over. */
export class FileGone extends Error {}

/** Every row as it comes, the first too. Throws BrokenSheet, FileGone, BrokenSeal. */
export async function* sheetRows(
  ws: Workspace,
  { id, filePath, fileKeySealed }: ContactImport,
  { encoding, delimiter }: Pick<ImportPlan, 'encoding' | 'delimiter'>,
): AsyncGenerator<SheetRow> {
  if (filePath === null || fileKeySealed === null) throw new FileGone(`the file of import ${id}`);
  const key = Buffer.from(ws.open(keyPlace(id), fileKeySealed).reveal(), 'base64');
  const { CsvError, parse } = await import('csv-parse');
  const read = { bytes: 0 };
  const parser = parse({
    delimiter: DELIMITERS[delimiter],
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    max_record_size: LONGEST_ROW,
  });
  const texts = Readable.from(decoded(readSealedFile(join(importsFolder(ws), filePath), key), encoding, read), { objectMode: true });
  // What goes wrong in it is thrown out of the loop below.
  pipeline(texts, parser, () => undefined);
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1;
      yield { row, cells, bytes: read.bytes };
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new BrokenSheet(
      `The file isn’t whole after row ${row}: a quotation mark is opened there and never closed, or the row has no end.`,
      { cause },
    );
  }
}

async function* decoded(pieces: AsyncIterable<Uint8Array>, encoding: string, read: { bytes: number }): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of pieces) {
    read.bytes += piece.length;
    const text = decoder.decode(piece, { stream: true });
    if (text !== '') yield text;
  }
  const end = decoder.decode();
  if (end !== '') yield end;
}
