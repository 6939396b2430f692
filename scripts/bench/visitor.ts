/** A visitor of the website as the benches need one: asks, and hears the answer on their own stream. */
import { randomUUID } from 'node:crypto';
import { Connection, listen } from './http-load.ts';

let visitors = 0;

export interface Heard {
  /** ms from sending the question to the first words, and to the stored answer. */
  firstMs: number;
  totalMs: number;
  fellBack: boolean;
}

export class BenchVisitor {
  readonly #connection: Connection;
  readonly #path: string;
  readonly #from: string;
  #token = '';
  #began = 0;
  #firstMs = 0;
  #answered: (heard: Heard) => void = () => undefined;
  #leave: () => void = () => undefined;

  private constructor(connection: Connection, path: string) {
    this.#connection = connection;
    this.#path = path;
    visitors++;
    this.#from = `X-Forwarded-For: 10.${(visitors >> 16) & 255}.${(visitors >> 8) & 255}.${visitors & 255}\r\n`;
  }

  /** Comes with a first message, waits for its answer, and stays with an open stream. */
  static async arrive(port: number, widget: string): Promise<BenchVisitor> {
    const visitor = new BenchVisitor(await Connection.open(port), `/widget/${widget}`);
    const answered = new Promise<Heard>((resolve) => (visitor.#answered = resolve));
    visitor.#began = performance.now();
    const { token } = await visitor.#post('Hello');
    visitor.#token = token;
    const path = `${visitor.#path}/stream?after=0&token=${encodeURIComponent(token)}`;
    visitor.#leave = await listen(port, path, visitor.#from, (event, data) => visitor.#hear(event, data));
    await answered;
    return visitor;
  }

  /** Asks; resolves when the answer is stored. */
  ask(text: string): Promise<Heard> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#firstMs = 0;
      this.#began = performance.now();
      this.#post(text).catch(reject);
    });
  }

  leave(): void {
    this.#leave();
    this.#connection.close();
  }

  async #post(text: string): Promise<{ token: string }> {
    const answer = await this.#connection.post(
      `${this.#path}/messages`,
      JSON.stringify({ clientId: randomUUID(), text, ...(this.#token ? { token: this.#token } : {}) }),
      this.#from,
    );
    if (answer.status !== 200) throw new Error(`the server answered ${answer.status}: ${answer.body}`);
    return JSON.parse(answer.body) as { token: string };
  }

  #hear(event: string, data: string): void {
    if (event === 'draft' && this.#firstMs === 0) this.#firstMs = performance.now() - this.#began;
    if (event !== 'message') return;
    const message = JSON.parse(data) as { author: string; text: string };
    if (message.author !== 'bot' || this.#began === 0) return;
    this.#answered({ firstMs: this.#firstMs, totalMs: performance.now() - this.#began, fellBack: !message.text.startsWith('word0') });
  }
}
