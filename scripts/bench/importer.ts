/** An owner who imports without a pause: signed in as in a browser, through the page's own forms. */
import Database from 'better-sqlite3';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { csrfToken } from '../../src/web/csrf.ts';

export interface Owner {
  email: string;
  password: string;
}

export interface Upload {
  name: string;
  content: Uint8Array;
}

/** So many sources wait or are read before the next upload: there is always one more than is read at once. */
const WAITING = 4;
const LOOK_MS = 100;
const BOUNDARY = '----deskbell-bench';

export class Importer {
  readonly #port: number;
  readonly #base: string;
  readonly #sql: Database.Database;
  readonly #agent = new Agent({ keepAlive: true });
  #cookie = '';
  #wanted = false;
  #ended: Promise<void> = Promise.resolve();

  private constructor(port: number, folder: string, workspace: string) {
    this.#port = port;
    this.#base = `/w/${workspace}/knowledge`;
    this.#sql = new Database(join(folder, 'data', 'workspaces', workspace, 'workspace.db'), { readonly: true });
  }

  static async signIn(
    { port, folder }: { port: number; folder: string },
    workspace: string,
    { email, password }: Owner,
  ): Promise<Importer> {
    const importer = new Importer(port, folder, workspace);
    await importer.#post('/sign-in', new URLSearchParams({ email, password }).toString());
    return importer;
  }

  /** Uploads, one file after the other and from the first again, until `stop`. Resolves when the first of them are being read. */
  async begin(uploads: readonly Upload[]): Promise<void> {
    this.#wanted = true;
    this.#ended = this.#goOn(uploads);
    while (this.#reading === 0) await pause(LOOK_MS);
  }

  /** Stops; takes out all that was imported and waits until it is gone. Returns how many passages it had become. */
  async stop(before: number): Promise<number> {
    this.#wanted = false;
    await this.#ended;
    const passages = this.passages;
    const files = this.#sql.prepare("SELECT id FROM sources WHERE kind = 'file' AND state <> 'removing'").pluck().all() as number[];
    for (const id of files) await this.#post(`${this.#base}/${id}/remove`, new URLSearchParams({ csrf: this.#csrf }).toString());
    while (this.passages > before) await pause(LOOK_MS);
    return passages - before;
  }

  get #reading(): number {
    return this.#count("sources WHERE state = 'reading'");
  }

  get #unread(): number {
    return this.#count("sources WHERE state IN ('waiting', 'reading')");
  }

  get passages(): number {
    return this.#count('chunks');
  }

  close(): void {
    this.#sql.close();
    this.#agent.destroy();
  }

  async #goOn(uploads: readonly Upload[]): Promise<void> {
    for (let n = 0; this.#wanted; n = (n + 1) % uploads.length) {
      const upload = uploads[n];
      if (upload) await this.#upload(upload);
      while (this.#wanted && this.#unread >= WAITING) await pause(LOOK_MS);
    }
  }

  async #upload({ name, content }: Upload): Promise<void> {
    const part = (head: string): string => `--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}`;
    const body = Buffer.concat([
      Buffer.from(`${part('name="csrf"')}\r\n\r\n${this.#csrf}\r\n`),
      Buffer.from(`${part(`name="files"; filename="${name}"`)}\r\nContent-Type: application/octet-stream\r\n\r\n`),
      content,
      Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
    ]);
    await this.#post(`${this.#base}/new/files`, body, `multipart/form-data; boundary=${BOUNDARY}`);
  }

  get #csrf(): string {
    return csrfToken({ id: 0, token: this.#cookie.split('=')[1] ?? '', userId: 0, createdAt: 0, steppedUpAt: null });
  }

  #count(from: string): number {
    return Number(this.#sql.prepare(`SELECT count(*) FROM ${from}`).pluck().get());
  }

  /** Rejects unless the page leads on, as each of these does when it has done what was asked. */
  #post(path: string, body: string | Buffer, type = 'application/x-www-form-urlencoded'): Promise<void> {
    const headers = {
      Origin: `http://127.0.0.1:${this.#port}`,
      'Content-Type': type,
      'Content-Length': Buffer.byteLength(body),
      ...(this.#cookie === '' ? {} : { Cookie: this.#cookie }),
    };
    return new Promise((resolve, reject) => {
      const call = request({ host: '127.0.0.1', port: this.#port, path, method: 'POST', agent: this.#agent, headers }, (response) => {
        const [cookie] = response.headers['set-cookie'] ?? [];
        if (cookie !== undefined) this.#cookie = cookie.split(';')[0] ?? '';
        response.resume();
        if (response.statusCode === 303) response.on('end', resolve);
        else reject(new Error(`${path} answered ${response.statusCode}`));
      });
      call.on('error', reject);
      call.end(body);
    });
  }
}
