/** Where Meta keeps customers' files: at addresses that end after an hour, and that no token opens. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const HOUR_MS = 3600_000;

export class MetaFiles {
  readonly #files = new Map<string, Buffer>();
  readonly #now: () => number;
  readonly #root: () => string;

  constructor(now: () => number, root: () => string) {
    this.#now = now;
    this.#root = root;
  }

  /** Keeps a file; returns its address. */
  keep(content: Uint8Array, name = 'file.bin'): string {
    const id = String(this.#files.size + 1);
    this.#files.set(id, Buffer.from(content));
    const oe = (this.#now() + HOUR_MS).toString(16);
    return `${this.#root()}/cdn/${id}/${encodeURIComponent(name)}?oe=${oe}&oh=${signed(id, oe)}`;
  }

  /** What is kept at that address is another from now on, or nothing. */
  replace(address: string, content: Buffer | null): void {
    const id = new URL(address).pathname.split('/')[2] ?? '';
    if (content) this.#files.set(id, content);
    else this.#files.delete(id);
  }

  /** The file at an address, or with which status it is refused; undefined for an address of another kind. */
  at(url: URL, request: IncomingMessage): Buffer | number | undefined {
    const [, place, id = ''] = url.pathname.split('/');
    if (place !== 'cdn') return undefined;
    if (request.headers.authorization !== undefined) throw new Error('a token was sent to where it must not go');
    const oe = url.searchParams.get('oe') ?? '';
    const good = url.searchParams.get('oh') === signed(id, oe) && this.#now() < Number.parseInt(oe, 16);
    return good ? (this.#files.get(id) ?? 404) : 403;
  }
}

function signed(id: string, oe: string): string {
  return createHash('sha256').update(`cdn ${id} ${oe}`).digest('hex').slice(0, 16);
}
