/** `node src/main.ts` as a process of its own, on folders of its own: what an owner starts. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');
const SPEAKS_WITHIN_MS = 30_000;

export interface Folders {
  dataDir: string;
  keysDir: string;
  remove(): void;
}

export function emptyFolders(): Folders {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-first-day-'));
  return {
    dataDir: join(folder, 'data'),
    keysDir: join(folder, 'keys'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export class ServerProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  /** Standard output and error, as a person at the console reads them. */
  said = '';

  constructor(folders: Folders, port: number, args: string[] = [], more: Record<string, string> = {}) {
    this.url = `http://127.0.0.1:${port}`;
    const env = {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      DATA_DIR: folders.dataDir,
      KEYS_DIR: folders.keysDir,
      PORT: String(port),
      HOST: '127.0.0.1',
      BASE_URL: this.url,
      LOG_LEVEL: 'warn',
      // The far sides of tests are on loopback.
      ALLOW_PRIVATE_ADDRESSES: '1',
      ...more,
    };
    this.#child = spawn(process.execPath, [join(root, 'src/main.ts'), ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const output of [this.#child.stdout, this.#child.stderr])
      output?.on('data', (text: Buffer) => {
        this.said += text.toString();
        this.#child.emit('said');
      });
  }

  /** Resolves with what fits in the output, said or to come. */
  async says(words: RegExp): Promise<RegExpExecArray> {
    const signal = AbortSignal.timeout(SPEAKS_WITHIN_MS);
    for (;;) {
      const found = words.exec(this.said);
      if (found) return found;
      if (this.#child.exitCode !== null) throw new Error(`it ended with ${this.#child.exitCode}, saying:\n${this.said}`);
      await Promise.race([once(this.#child, 'said', { signal }), once(this.#child, 'exit', { signal })]);
    }
  }

  /** The exit code; null when a signal ended it. */
  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
    return this.#child.exitCode;
  }

  /** What a container's host does. */
  stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.ended();
  }

  /** For the end of a test that failed. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended();
  }
}
