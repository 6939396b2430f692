/**
 * Files that were given to be read, sealed under a key of their own: libsodium's secretstream, in pieces of 64 KB, the
 * last one marked, so that a file that was cut short doesn't open. A copy of the folder is worth nothing once the key's row is gone.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sodium from 'libsodium-wrappers';
import { flushFolder, makeFolder } from '../lib/files.ts';
import { randomToken } from '../lib/ids.ts';

const PIECE = 64 * 1024;

export interface SealedFile {
  /** Its name in the workspace's `files` folder. */
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

export function filesFolder(workspaceFolder: string): string {
  return join(workspaceFolder, 'files');
}

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
    const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
    const hash = createHash('sha256');
    let bytes = 0;
    await handle.write(header);
    for await (const { piece, last } of piecesOf(content)) {
      bytes += piece.length;
      if (bytes > mostBytes) throw new TooLarge(`more than ${mostBytes} bytes`);
      hash.update(piece);
      const tag = last ? sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL : sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
      await handle.write(sodium.crypto_secretstream_xchacha20poly1305_push(state, piece, null, tag));
    }
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

/** What was sealed. Throws BrokenSeal. */
export async function openSealedFile(path: string, key: Uint8Array): Promise<Uint8Array> {
  await sodium.ready;
  const headerBytes = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES;
  const sealedPiece = PIECE + sodium.crypto_secretstream_xchacha20poly1305_ABYTES;
  const whole = Buffer.concat(await createReadStream(path).toArray());
  if (whole.length < headerBytes) throw new BrokenSeal(path);
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(whole.subarray(0, headerBytes), key);
  const pieces: Uint8Array[] = [];
  for (let at = headerBytes; at < whole.length; at += sealedPiece) {
    const opened = sodium.crypto_secretstream_xchacha20poly1305_pull(state, whole.subarray(at, at + sealedPiece), null);
    if (!opened) throw new BrokenSeal(path);
    pieces.push(opened.message);
    if (opened.tag === sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL) return new Uint8Array(Buffer.concat(pieces));
  }
  throw new BrokenSeal(path);
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
