/** A widget message until it is stored for good and acknowledged, against a bare server: requests a second, and p99. */
import { randomUUID } from 'node:crypto';
import { Connection, percentile } from './http-load.ts';
import { cpuOf, freePort, furnishedFolder, startProduct, startScript } from './product.ts';
import type { Report } from './report.ts';

const CONNECTIONS = 64;
/** A visitor is held to thirty posts a minute, so each writes a few and the next comes. */
const PER_VISITOR = 20;
const TEXT = 'Hello, do you have a table for four on Sunday at eleven, and is there a vegan cake?';

interface Figures {
  requests: number;
  p99: number;
  /** Processor time of the server for one request, µs: says the same on a busy machine. */
  cpuMicros: number;
  /** At 2,000 requests a second. */
  p99At2000: number;
}

type Post = (connection: Connection, turn: number) => Promise<number>;

export async function ack(seconds: number): Promise<Report> {
  const bare = await measureBare(seconds);
  const ours = await measureProduct(seconds);
  return {
    name: 'ack',
    figures: { ...ours },
    compared: { ...bare },
    ratios: { requests: ours.requests / bare.requests, cpuMicros: ours.cpuMicros / bare.cpuMicros },
    targets: { requests: 'at least 0.55 of the bare server', p99At2000: 'p99 at most 15 ms at 2,000 a second' },
    met: { requests: ours.requests / bare.requests >= 0.55, p99At2000: ours.p99At2000 <= 15 },
  };
}

async function measureBare(seconds: number): Promise<Figures> {
  const port = await freePort();
  const server = await startScript('bare-server.ts', [], port);
  const figures = await drive(
    port,
    seconds,
    () => cpuOf(server.child),
    () => async (connection) => {
      const answer = await connection.post('/messages', JSON.stringify({ visitor: 'visitor', clientId: randomUUID(), text: TEXT }));
      return answer.status;
    },
  );
  await server.end();
  return figures;
}

async function measureProduct(seconds: number): Promise<Figures> {
  // A long quiet time: the job that answers is stored with each message, but what it would do isn't measured here.
  const { folder, furnished } = await furnishedFolder({ ai: null, quietMs: 60_000 });
  const product = await startProduct(folder);
  const path = `/widget/${furnished.widget}/messages`;
  let visitors = 0;
  const figures = await drive(product.port, seconds, product.cpuMicros, () => {
    let token: string | undefined;
    let left = 0;
    let from = '';
    return async (connection) => {
      if (left === 0) {
        token = undefined;
        left = PER_VISITOR;
        visitors++;
        from = `X-Forwarded-For: 10.${(visitors >> 16) & 255}.${(visitors >> 8) & 255}.${visitors & 255}\r\n`;
      }
      left--;
      const answer = await connection.post(path, JSON.stringify({ clientId: randomUUID(), text: TEXT, ...(token ? { token } : {}) }), from);
      token ??= (JSON.parse(answer.body) as { token?: string }).token;
      return answer.status;
    };
  });
  await product.end();
  return figures;
}

async function drive(port: number, seconds: number, cpu: () => number, poster: () => Post): Promise<Figures> {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(port)));
  await round(connections, poster, Math.min(seconds, 2), 0);
  const before = cpu();
  const full = await round(connections, poster, seconds, 0);
  const cpuMicros = (cpu() - before) / full.times.length;
  const paced = await round(connections, poster, seconds, 2000);
  for (const connection of connections) connection.close();
  return {
    requests: full.times.length / full.seconds,
    p99: percentile(full.times, 0.99),
    cpuMicros,
    p99At2000: percentile(paced.times, 0.99),
  };
}

/** As fast as they can, or together at `rate` a second; a time counts from when its request was due. */
async function round(
  connections: Connection[],
  poster: () => Post,
  seconds: number,
  rate: number,
): Promise<{ times: number[]; seconds: number }> {
  const times: number[] = [];
  const began = performance.now();
  const until = began + seconds * 1000;
  await Promise.all(
    connections.map(async (connection, index) => {
      const post = poster();
      const every = rate === 0 ? 0 : (connections.length / rate) * 1000;
      let due = began + (every * index) / connections.length;
      for (let turn = 0; performance.now() < until; turn++) {
        const wait = due - performance.now();
        if (rate > 0 && wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        const from = rate > 0 ? Math.max(due, began) : performance.now();
        const status = await post(connection, turn);
        if (status !== 200) throw new Error(`the server answered ${status}`);
        times.push(performance.now() - from);
        due += every;
      }
    }),
  );
  return { times, seconds: (performance.now() - began) / 1000 };
}
