/**
 * Files that people gave, sealed each under a key of its own: libsodium's secretstream, in pieces of 64 KB, the last one
 * marked, so that a file that was cut short doesn't open. A copy of the folder is worth nothing once the key's row is gone.
 */
import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import sodium from 'libsodium-wrappers';
import { flushFolder, makeFolder } from '../lib/files.ts';
import { randomToken } from '../lib/ids.ts';

const PIECE = 64 * 1024;

export interface SealedFile {
  /** Its name in the folder. */
  name: string;
  key: Uint8Array;
  bytes: number;
  /** SHA-256 of what was given, base64url. */
  hash: string;
}

/** The file is larger than it may be; nothing of it was kept. */
export class TooLarge extends Error {}

/** The sealed file doesn't open: it was changed, cut short, or the key is another one. */
export class BrokenSeal extends Error {}

/**
 * Seals a stream into a new file of the folder. It is on the disk, and its name too, when this resolves: the row that
 * leads to it comes afterwards. Throws TooLarge; whatever is thrown, no part of the file stays.
 */
export async function sealFile(folder: string, content: AsyncIterable<Uint8Array>, mostBytes: number): Promise<SealedFile> {
  await sodium.ready;
  makeFolder(folder);
  const name = randomToken().slice(0, 24);
  const temporary = join(folder, `${name}.part`);
  const key = sodium.crypto_secretstream_xchacha20poly1305_keygen();
  const handle = await open(temporary, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    await sealInto(handle, key, content, (piece) => {
      bytes += piece.length;
      if (bytes > mostBytes) throw new TooLarge(`more than ${mostBytes} bytes`);
      hash.update(piece);
    });
    await handle.sync();
    await handle.close();
    await rename(temporary, join(folder, name));
    flushFolder(folder);
    return { name, key, bytes, hash: hash.digest('base64url') };
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Seals a stream into an open file, from where it stands. `saw` is told each piece of at most 64 KB before it is sealed. */
export async function sealInto(
  handle: FileHandle,
  key: Uint8Array,
  content: AsyncIterable<Uint8Array>,
  saw: (piece: Uint8Array) => void,
): Promise<void> {
  await sodium.ready;
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
  await handle.write(header);
  for await (const { piece, last } of piecesOf(content)) {
    saw(piece);
    const tag = last ? sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL : sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    await handle.write(sodium.crypto_secretstream_xchacha20poly1305_push(state, piece, null, tag));
  }
}

/** What was sealed, whole. Throws BrokenSeal. */
export async function openSealedFile(path: string, key: Uint8Array): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readSealedFile(path, key)) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

/**
 * What was sealed, in pieces of at most 64 KB, of which one at a time is held in memory. Throws BrokenSeal, for a file that
 * was cut short at its end.
 */
export async function* readSealedFile(path: string, key: Uint8Array): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    yield* openFrom(handle, key);
  } finally {
    await handle.close();
  }
}

/** What `sealInto` sealed, from where the open file stands. Throws BrokenSeal. */
export async function* openFrom(handle: FileHandle, key: Uint8Array): AsyncGenerator<Uint8Array> {
  await sodium.ready;
  const sealedPiece = PIECE + sodium.crypto_secretstream_xchacha20poly1305_ABYTES;
  const header = await readUpTo(handle, sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES);
  if (header.length < sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES) throw new BrokenSeal('it was cut short');
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
  for (;;) {
    const piece = await readUpTo(handle, sealedPiece);
    if (piece.length < sodium.crypto_secretstream_xchacha20poly1305_ABYTES) throw new BrokenSeal('it was cut short');
    const opened = sodium.crypto_secretstream_xchacha20poly1305_pull(state, piece, null);
    if (!opened) throw new BrokenSeal('it was changed, or the key is another one');
    yield opened.message;
    if (opened.tag === sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL) return;
  }
}

/** The next `bytes` of a file; fewer at its end. */
export async function readUpTo(handle: FileHandle, bytes: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await handle.read(buffer, filled, bytes - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Takes a sealed file away. Not there already is as good. */
export function removeSealedFile(folder: string, name: string): void {
  const path = join(folder, name);
  if (!existsSync(path)) return;
  rmSync(path);
  flushFolder(folder);
}

/** Pieces of one size, the last of them marked and of any size, also none. */
async function* piecesOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<{ piece: Uint8Array; last: boolean }> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const more of content) {
    rest = rest.length === 0 ? Buffer.from(more) : Buffer.concat([rest, more]);
    while (rest.length > PIECE) {
      yield { piece: rest.subarray(0, PIECE), last: false };
      rest = rest.subarray(PIECE);
    }
  }
  yield { piece: rest, last: true };
}
