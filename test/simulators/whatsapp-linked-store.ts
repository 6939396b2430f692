/** Where WhatsApp keeps encrypted files: it knows no keys, and wants a pass for what is put in. */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { proto } from './whatsapp-linked-library.ts';

/** As what a file is shown; each kind spreads its key in its own way. */
export type Shown = 'Image' | 'Video' | 'Audio' | 'Document';

function keysOf(kind: Shown, key: Uint8Array): { iv: Buffer; cipherKey: Buffer; macKey: Buffer } {
  const spread = Buffer.from(hkdfSync('sha256', key, '', `WhatsApp ${kind} Keys`, 112));
  return { iv: spread.subarray(0, 16), cipherKey: spread.subarray(16, 48), macKey: spread.subarray(48, 80) };
}

export class MediaStore {
  readonly pass = randomBytes(12).toString('hex');
  readonly #files = new Map<string, Buffer>();
  readonly #forgotten = new Map<string, Buffer>();
  #next = 1;
  /** The next fetches get this status. */
  readonly failing: number[] = [];

  /** A customer's phone puts a file in; gives what its message says of it. */
  put(kind: Shown, plain: Uint8Array): proto.Message.IImageMessage {
    const key = randomBytes(32);
    const { iv, cipherKey, macKey } = keysOf(kind, key);
    const aes = createCipheriv('aes-256-cbc', cipherKey, iv);
    const locked = Buffer.concat([aes.update(plain), aes.final()]);
    const mark = createHmac('sha256', macKey).update(iv).update(locked).digest().subarray(0, 10);
    return { mediaKey: key, directPath: this.#keep(Buffer.concat([locked, mark])), fileLength: plain.length };
  }

  /** What the customer sees of a file that a message tells of. */
  open(kind: Shown, { directPath, mediaKey, fileSha256 }: proto.Message.IImageMessage): Buffer {
    const bytes = this.#files.get(directPath ?? '');
    if (!bytes) throw new Error(`there is no file ${directPath}`);
    const { iv, cipherKey } = keysOf(kind, mediaKey ?? Buffer.alloc(0));
    const aes = createDecipheriv('aes-256-cbc', cipherKey, iv);
    const plain = Buffer.concat([aes.update(bytes.subarray(0, -10)), aes.final()]);
    if (
      !createHash('sha256')
        .update(plain)
        .digest()
        .equals(Buffer.from(fileSha256 ?? []))
    )
      throw new Error('the hash of the file is wrong');
    return plain;
  }

  forget(path: string): void {
    const bytes = this.#files.get(path);
    if (bytes) this.#forgotten.set(path, bytes);
    this.#files.delete(path);
  }

  /** The phone puts a file in again that was forgotten: where it lies then, or null. */
  restore(path: string): string | null {
    const bytes = this.#forgotten.get(path);
    return bytes ? this.#keep(bytes) : null;
  }

  /** One byte is another on the way. */
  damage(path: string): void {
    const bytes = this.#files.get(path);
    if (bytes) bytes[3] = (bytes[3] ?? 0) ^ 1;
  }

  enlarge(path: string, bytes: number): void {
    this.#files.set(path, Buffer.alloc(bytes));
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://store');
    const status = this.failing.shift();
    if (status !== undefined) return void response.writeHead(status).end('not now');
    if (request.method === 'POST') return this.#take(request, response, url);
    const bytes = this.#files.get(url.pathname);
    if (!bytes) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  }

  async #take(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const bytes = Buffer.concat(pieces);
    const token = createHash('sha256').update(bytes).digest('base64url');
    const named = /^\/mms\/(image|video|audio|document)\/([\w-]+)$/.exec(url.pathname)?.[2];
    if (url.searchParams.get('auth') !== this.pass || named !== token || url.searchParams.get('token') !== token)
      return void response.writeHead(403).end();
    const direct_path = this.#keep(bytes);
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ url: `https://store${direct_path}`, direct_path }));
  }

  #keep(bytes: Buffer): string {
    const path = `/v/t62.7118-24/${this.#next++}_n.enc`;
    this.#files.set(path, bytes);
    return path;
  }
}
