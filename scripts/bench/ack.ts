/**
 * A widget's message, and a webhook that Meta signed, until they are stored for good and acknowledged, against a bare server
 * that does the same: requests a second, and p99.
 */
import { randomUUID } from 'node:crypto';
import { Connection, percentile } from './http-load.ts';
import { cpuOf, freePort, furnishedFolder, startProduct, startScript, type Furnished } from './product.ts';
import type { Report } from './report.ts';
import { addNumber, postOf } from './webhooks.ts';

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
  // Four servers, each with two rounds: one after the other they share the time.
  const each = seconds / 2;
  const bare = await measureBare(each, bareMessages);
  const ours = await measureProduct(each, (furnished) => visitors(furnished.widget));
  const bareWebhook = await measureBare(each, () => customers('/webhook'));
  const webhook = await measureProduct(each, (_furnished, number) => customers(`/webhooks/${number}`));
  const ratios = {
    requests: ours.requests / bare.requests,
    cpuMicros: ours.cpuMicros / bare.cpuMicros,
    webhookRequests: webhook.requests / bareWebhook.requests,
    webhookCpuMicros: webhook.cpuMicros / bareWebhook.cpuMicros,
  };
  return {
    name: 'ack',
    figures: { ...ours, ...ofWebhook(webhook) },
    compared: { ...bare, ...ofWebhook(bareWebhook) },
    ratios,
    targets: {
      requests: 'at least 0.55 of the bare server',
      p99At2000: 'p99 at most 15 ms at 2,000 a second',
      webhookRequests: 'a signed webhook, at least 0.55 of the bare server',
      webhookP99At2000: 'a signed webhook, p99 at most 15 ms at 2,000 a second',
    },
    met: {
      requests: ratios.requests >= 0.55,
      p99At2000: ours.p99At2000 <= 15,
      webhookRequests: ratios.webhookRequests >= 0.55,
      webhookP99At2000: webhook.p99At2000 <= 15,
    },
  };
}

function ofWebhook({ requests, p99, cpuMicros, p99At2000 }: Figures): Record<string, number> {
  return { webhookRequests: requests, webhookP99: p99, webhookCpuMicros: cpuMicros, webhookP99At2000: p99At2000 };
}

async function measureBare(seconds: number, poster: () => Post): Promise<Figures> {
  return measure(seconds, async () => {
    const port = await freePort();
    const server = await startScript('bare-server.ts', [], port);
    return { port, poster, cpu: () => cpuOf(server.child), end: () => server.end() };
  });
}

const bareMessages = (): Post => async (connection) => {
  const answer = await connection.post('/messages', JSON.stringify({ visitor: 'visitor', clientId: randomUUID(), text: TEXT }));
  return answer.status;
};

async function measureProduct(seconds: number, posterOf: (furnished: Furnished, number: string) => Post): Promise<Figures> {
  return measure(seconds, async () => {
    // The job that answers is stored with each message and due after eight seconds at the latest: each round has a server
    // of its own and is over by then, so that what answering costs isn't measured here.
    let number = '';
    const { folder, furnished } = await furnishedFolder({ ai: null, quietMs: 60_000, fill: (ws) => (number = addNumber(ws, 60_000)) });
    const product = await startProduct(folder);
    return { port: product.port, poster: () => posterOf(furnished, number), cpu: product.cpuMicros, end: product.end };
  });
}

let visitorsSoFar = 0;

/** One visitor after the other, each with a token from the first post on and an address of their own. */
function visitors(widget: string): Post {
  const path = `/widget/${widget}/messages`;
  let token: string | undefined;
  let left = 0;
  let from = '';
  return async (connection) => {
    if (left === 0) {
      const n = ++visitorsSoFar;
      token = undefined;
      left = PER_VISITOR;
      from = `X-Forwarded-For: 10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}\r\n`;
    }
    left--;
    const answer = await connection.post(path, JSON.stringify({ clientId: randomUUID(), text: TEXT, ...(token ? { token } : {}) }), from);
    token ??= (JSON.parse(answer.body) as { token?: string }).token;
    return answer.status;
  };
}

let customersSoFar = 0;

/** One customer after the other, a few messages each. */
function customers(path: string): Post {
  let left = 0;
  let customer = 0;
  return async (connection) => {
    if (left === 0) [left, customer] = [PER_VISITOR, ++customersSoFar];
    left--;
    const { body, headers } = postOf(customer, TEXT);
    return (await connection.post(path, body, headers)).status;
  };
}

interface Measured {
  port: number;
  poster: () => Post;
  cpu: () => number;
  end: () => Promise<void>;
}

const ROUND_AT_MOST_S = 5;

async function measure(seconds: number, start: () => Promise<Measured>): Promise<Figures> {
  const length = Math.min(seconds, ROUND_AT_MOST_S);
  const full = await withServer(start, async (server, connections) => {
    await round(connections, server.poster, 1.5, 0);
    const before = server.cpu();
    const { times, seconds: took } = await round(connections, server.poster, length, 0);
    return { requests: times.length / took, p99: percentile(times, 0.99), cpuMicros: (server.cpu() - before) / times.length };
  });
  const paced = await withServer(start, async (server, connections) => {
    await round(connections, server.poster, 1.5, 2000);
    return percentile((await round(connections, server.poster, length, 2000)).times, 0.99);
  });
  return { ...full, p99At2000: paced };
}

async function withServer<T>(start: () => Promise<Measured>, act: (server: Measured, connections: Connection[]) => Promise<T>): Promise<T> {
  const server = await start();
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(server.port)));
  const result = await act(server, connections);
  for (const connection of connections) connection.close();
  await server.end();
  return result;
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
