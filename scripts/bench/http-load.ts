/**
 * HTTP/1.1 over raw sockets: on two cores a full client would cost more than the server it measures. It understands
 * what the servers here answer with: a status, a Content-Length, a body.
 */
import net from 'node:net';

export interface Answer {
  status: number;
  body: string;
}

/** One kept-alive connection: one request at a time. */
export class Connection {
  readonly #socket: net.Socket;
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  #received: Buffer = Buffer.alloc(0);

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (data) => this.#read(data));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(new Connection(socket)));
      socket.once('error', reject);
    });
  }

  post(path: string, json: string, headers = ''): Promise<Answer> {
    return this.#send(
      `POST ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n${headers}Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
    );
  }

  get(path: string, headers = ''): Promise<Answer> {
    return this.#send(`GET ${path} HTTP/1.1\r\nHost: bench\r\n${headers}\r\n`);
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #send(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  #read(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    const head = this.#received.indexOf('\r\n\r\n');
    if (head === -1) return;
    const text = this.#received.toString('latin1', 0, head);
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    const end = head + 4 + length;
    if (this.#received.length < end) return;
    const body = this.#received.toString('utf8', head + 4, end);
    this.#received = this.#received.subarray(end);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: Number(text.slice(9, 12)), body });
  }
}

/** An event stream: calls `onEvent` with each event's name and data. Returns the way to end it. */
export function listen(port: number, path: string, headers: string, onEvent: (event: string, data: string) => void): Promise<() => void> {
  return new Promise((resolve, reject) => {
    let rest = '';
    let opened = false;
    const socket = net.connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n${headers}\r\n`),
    );
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.on('data', (data) => {
      rest += data.toString();
      if (!opened) {
        const head = rest.indexOf('\r\n\r\n');
        if (head === -1) return;
        if (!rest.startsWith('HTTP/1.1 200')) return reject(new Error(rest.slice(0, 300)));
        opened = true;
        rest = rest.slice(head + 4);
        resolve(() => socket.destroy());
      }
      for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n')) {
        const block = rest.slice(0, end);
        rest = rest.slice(end + 2);
        const name = /^event: (.*)$/m.exec(block)?.[1] ?? 'message';
        const body = /^data: (.*)$/m.exec(block)?.[1];
        if (body !== undefined) onEvent(name, body);
      }
    });
  });
}

/** The value below which `share` of them lie; 0 for none. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
