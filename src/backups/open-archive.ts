import { createHash } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { migrations } from '../db/folders.ts';
import { makeFolder } from '../lib/files.ts';
import { BrokenSeal, openFrom, readUpTo } from '../vault/sealed-file.ts';
import type { Vault } from '../vault/vault.ts';
import { ARCHIVED, FIRST_LINE_LENGTH, FORM, type About, type Head, type Listed } from './archive.ts';
import { namesIn } from './make-archive.ts';

/** The archive can't be used. The message is for a person, and names the way out. */
export class ArchiveError extends Error {}

const FIRST_LINE = /^deskbell-backup (\d{3}) ([0-9a-f]{32})\n$/;
/** The list of a million files; what claims more is no archive. */
const LONGEST_HEAD = 256 * 1024 * 1024;

/** Unpacks an archive into an empty folder, each file compared with its hash. Throws ArchiveError. */
export async function openArchive(file: string, vault: Vault, into: string): Promise<{ about: About; files: Listed[] }> {
  const handle = await openFile(file);
  try {
    checkFirstLine(Buffer.from(await readUpTo(handle, FIRST_LINE_LENGTH)).toString(), vault);
    return await unpack(new Records(openFrom(handle, vault.backupKey)), into);
  } catch (error) {
    if (!(error instanceof BrokenSeal)) throw error;
    throw new ArchiveError('The archive is damaged: it was cut short, or something in it was changed. Take another one.', { cause: error });
  } finally {
    await handle.close();
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (cause) {
    throw new ArchiveError(`There is no archive that can be read at ${file}.`, { cause });
  }
}

function checkFirstLine(line: string, { fingerprint }: Vault): void {
  const [, form, sealedBy] = FIRST_LINE.exec(line) ?? [];
  if (form === undefined) throw new ArchiveError('This file is no backup of Deskbell.');
  if (Number(form) > FORM)
    throw new ArchiveError('The archive was made by a newer release of Deskbell. Install that release, then restore.');
  if (sealedBy !== fingerprint)
    throw new ArchiveError(
      `The archive was sealed under another master key (${String(sealedBy).slice(0, 8)}, here is ${fingerprint.slice(0, 8)}). ` +
        'Put the key file of that time into the keys folder, then restore.',
    );
}

/** Reads heads and contents out of the stream's pieces. */
class Records {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Up to so many bytes, at least one; undefined at the end. */
  async some(most: number): Promise<Buffer | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#pieces.next();
      if (next.done) return undefined;
      this.#rest = Buffer.from(next.value);
    }
    const taken = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** So many bytes. Undefined at the end of the stream, where nothing of them is there. */
  async #exactly(bytes: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let left = bytes; left > 0;) {
      const part = await this.some(left);
      if (!part) return undefined;
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  async head(): Promise<Head | undefined> {
    const length = (await this.#exactly(4))?.readUInt32BE();
    if (length === undefined || length > LONGEST_HEAD) return undefined;
    const json = await this.#exactly(length);
    // Written by us alone: the seal has been proven.
    return json && (JSON.parse(json.toString()) as Head);
  }
}

async function unpack(records: Records, into: string): Promise<{ about: About; files: Listed[] }> {
  const first = await records.head();
  if (!first || !('about' in first)) throw new BrokenSeal('it does not begin');
  checkMigrations(first.about);
  const written = new Map<string, string>();
  for (;;) {
    const head = await records.head();
    if (!head || 'about' in head) throw new BrokenSeal('it does not end');
    if ('files' in head) return { about: first.about, files: checkList(head.files, written) };
    if (!ARCHIVED.test(head.file.path)) throw new BrokenSeal(`it holds ${head.file.path}`);
    written.set(head.file.path, await writeFile(records, join(into, head.file.path), head.file.bytes));
  }
}

function checkMigrations(about: About): void {
  for (const place of ['control', 'workspace'] as const) {
    const known = namesIn(migrations[place]);
    const unknown = about.migrations[place].find((name) => !known.includes(name));
    if (unknown !== undefined)
      throw new ArchiveError(
        `The archive was made by a newer release of Deskbell (it has ${unknown}). Install that release, then restore.`,
      );
  }
}

function checkList(files: Listed[], written: Map<string, string>): Listed[] {
  const wrong = files.find(({ path, hash }) => written.get(path) !== hash);
  if (wrong || files.length !== written.size) throw new BrokenSeal(`${wrong?.path ?? 'a file'} is not as it was`);
  return files;
}

async function writeFile(records: Records, to: string, bytes: number): Promise<string> {
  makeFolder(dirname(to));
  const handle = await open(to, 'wx', 0o600);
  const hash = createHash('sha256');
  try {
    for (let left = bytes; left > 0;) {
      const part = await records.some(left);
      if (!part) throw new BrokenSeal('it was cut short');
      hash.update(part);
      await handle.write(part);
      left -= part.length;
    }
    await handle.sync();
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}
