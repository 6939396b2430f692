/**
 * What the stand-ins of AI providers share: a real HTTP server that is as strict as the real one, streams at a set pace,
 * records what it was sent, and fails on demand. What each protocol says is in openai.ts and anthropic.ts.
 */
import http from 'node:http';
import { listening } from './http.ts';
import type { Heard, transcription } from './openai-audio.ts';
import { Pace } from './http-pace.ts';
import { PromptCache } from './prompt-cache.ts';

/** What goes wrong with the next call. */
export type Fault =
  | 'wrong-key'
  | 'forbidden'
  | 'no-credit'
  | 'no-model'
  | 'rate'
  | 'server-error'
  | 'overloaded'
  /** A page, with status 200. */
  | 'html'
  /** The connection is destroyed in the middle. */
  | 'cut-socket'
  /** The body ends properly in the middle, without a stop reason. */
  | 'cut-clean'
  /** Nothing more comes after the middle. */
  | 'hang'
  /** Nothing comes at all. */
  | 'no-headers'
  | 'malformed'
  /** An error as an event of a stream that began with 200. */
  | 'error-in-stream'
  | 'refusal'
  | 'too-long'
  /** Whole, but for the end that follows the stop reason. */
  | 'cut-after-stop';

export interface Counts {
  input: number;
  cached: number;
  written: number;
  output: number;
}

/** An error as the real one answers it. */
export interface Refusal {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export type Body = Record<string, unknown>;

/** A tool that a model calls; an input that is text goes out as it is, whether or not it is JSON. */
export interface SaidCall {
  name: string;
  input: unknown;
}

/** What a model answers: words, or calls with words before them. */
export type Said = string | { text?: string; calls: SaidCall[] };

export interface Protocol {
  /** Where models are listed and answers asked for. */
  paths: { models: string; answer: string };
  /** Whether the key is the right one, and the headers are as they must be. */
  refuseHeaders(headers: http.IncomingHttpHeaders, key: string | null): Refusal | null;
  /** What is wrong with a request. */
  refuseBody(body: Body, models: readonly string[]): Refusal | null;
  /** Where vectors are asked for, and what is answered: absent where there are none. */
  embeddings?: { path: string; answer(body: Body, models: readonly string[]): Refusal };
  /** Where transcripts are asked for: absent where there are none. */
  transcriptions?: { path: string; answer: typeof transcription };
  /** The text that a cache would know again, prefix first. */
  promptOf(body: Body): string;
  models(ids: readonly string[]): unknown;
  refusals: Record<'wrong-key' | 'forbidden' | 'no-credit' | 'no-model' | 'rate' | 'server-error' | 'overloaded', Refusal>;
  /** A 400 for one field. */
  refuseField(field: string): Refusal;
  frames: {
    begin(model: string, counts: Counts): string;
    token(model: string, text: string): string;
    calls(model: string, calls: SaidCall[]): string[];
    stop(model: string, reason: 'stop' | 'length' | 'refusal' | 'calls', counts: Counts): string;
    end(model: string, counts: Counts, body: Body): string;
    error(): string;
    malformed: string;
  };
}

export interface AiOptions {
  /** Null: no key is asked for. */
  key?: string | null;
  models?: string[];
  /** Pace of the stream; 0 sends all at once. */
  firstTokenMs?: number;
  tokenMs?: number;
  /** Calls are kept in `calls` (a bench says no). */
  record?: boolean;
}

export interface AiSimulator {
  /** Where its protocol is spoken. */
  url: string;
  key: string | null;
  /** Calls that asked for an answer, as they came in. */
  calls: { headers: http.IncomingHttpHeaders; body: Body }[];
  /** Calls that asked for vectors. */
  embedded: Body[];
  /** ms before vectors are answered. */
  embedMs: number;
  /** Recordings that it was asked to write down. */
  heard: Heard[];
  /** What it hears in them, from now on. */
  hears: string;
  /** ms before a transcript is answered. */
  hearMs: number;
  /** What each answer was counted as, in the order of `calls`: what would be charged. */
  counted: Counts[];
  /** What it answers, from now on: a text, calls of tools, or either made from the request. */
  says: Said | ((body: Body) => Said);
  /** How many answers broke off because the caller went away. */
  abandoned: number;
  /** How many connections were opened to it. */
  connections: number;
  /** The next call fails so. */
  fail(fault: Fault): void;
  /** The next answer stops in its middle, until what is returned is called: whatever the machine does, it is seen half. */
  holdHalfway(): () => void;
  /** This field is refused with 400, from now on. */
  refuse(field: string): void;
  /** `retry-after` of rate limits; in seconds or as a date. */
  retryAfter: string;
  close(): Promise<void>;
}

const KEY = 'sk-test-0123456789abcdefghijklmnopqrstuvwxyz';

/** Starts a stand-in on a free port of 127.0.0.1. */
export async function aiSimulator(protocol: Protocol, base: string, options: AiOptions & { models: string[] }): Promise<AiSimulator> {
  const { key = KEY, models, firstTokenMs = 0, tokenMs = 0, record = true } = options;
  const faults: Fault[] = [];
  const refusedFields = new Set<string>();
  const holds: Promise<void>[] = [];
  const pace = new Pace(firstTokenMs, tokenMs);
  const cache = new PromptCache();

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => serve(request, response, Buffer.concat(chunks)));
  });
  const { url, close } = await listening(server);

  server.on('connection', () => void simulator.connections++);
  const simulator: AiSimulator = {
    url: `${url}${base}`,
    key,
    calls: [],
    counted: [],
    embedded: [],
    embedMs: 0,
    heard: [],
    hears: 'Are you open on Sunday?',
    hearMs: 0,
    says: 'We are open on Sunday from nine to five.',
    abandoned: 0,
    connections: 0,
    retryAfter: '7',
    fail: (fault) => void faults.push(fault),
    holdHalfway: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      holds.push(promise);
      return resolve;
    },
    refuse: (field) => void refusedFields.add(field),
    close: async () => {
      pace.stop();
      await close();
    },
  };

  function serve(request: http.IncomingMessage, response: http.ServerResponse, sent: Buffer): void {
    const path = (request.url ?? '').split('?')[0];
    const fault = faults.shift();
    if (fault === 'no-headers') return;
    if (fault === 'html') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Welcome</title>');
    if (fault && fault in protocol.refusals)
      return refuse(response, withRetry(fault, protocol.refusals[fault as keyof Protocol['refusals']]));
    const wrong = protocol.refuseHeaders(request.headers, key);
    if (wrong) return refuse(response, wrong);
    if (request.method === 'GET' && path === base + protocol.paths.models) return json(response, 200, protocol.models(models));
    if (request.method === 'POST' && protocol.embeddings && path === base + protocol.embeddings.path)
      return embed(response, sent.toString(), fault);
    if (request.method === 'POST' && protocol.transcriptions && path === base + protocol.transcriptions.path)
      return void hear(request, response, sent, fault);
    if (request.method !== 'POST' || path !== base + protocol.paths.answer)
      return json(response, 404, { error: { message: `Unknown request URL: ${request.method} ${path}` } });
    const body = parse(sent.toString());
    if (!body) return json(response, 400, { error: { message: 'We could not parse the JSON body of your request.' } });
    if (record) simulator.calls.push({ headers: request.headers, body });
    const field = Object.keys(body).find((each) => refusedFields.has(each));
    const refusal = field === undefined ? protocol.refuseBody(body, models) : protocol.refuseField(field);
    if (refusal) return refuse(response, refusal);
    stream(response, body, fault);
  }

  function embed(response: http.ServerResponse, raw: string, fault: Fault | undefined): void {
    const body = parse(raw) ?? {};
    if (record) simulator.embedded.push(body);
    const field = Object.keys(body).find((each) => refusedFields.has(each));
    const { status, body: answer } =
      field === undefined ? (protocol.embeddings?.answer(body, models) ?? { status: 404, body: {} }) : protocol.refuseField(field);
    const text = JSON.stringify(answer);
    const send = (): void => {
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      if (fault === 'cut-socket') response.write(text.slice(0, text.length / 2), () => response.destroy());
      else response.end(fault === 'malformed' ? ' '.repeat(Buffer.byteLength(text)) : text);
    };
    setTimeout(send, simulator.embedMs);
  }

  async function hear(request: http.IncomingMessage, response: http.ServerResponse, sent: Buffer, fault: Fault | undefined): Promise<void> {
    if (!protocol.transcriptions) return;
    const { heard, answer } = await protocol.transcriptions.answer(request.headers, sent, models, simulator.hears);
    if (record && heard) simulator.heard.push(heard);
    const text = JSON.stringify(answer.body);
    setTimeout(() => {
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      if (fault === 'cut-socket') response.write(text.slice(0, text.length / 2), () => response.destroy());
      else response.end(fault === 'malformed' ? '{"text": "Are you op' : text);
    }, simulator.hearMs);
  }

  function withRetry(fault: Fault, refusal: Refusal): Refusal {
    return fault === 'rate' || fault === 'overloaded' ? { ...refusal, headers: { 'retry-after': simulator.retryAfter } } : refusal;
  }

  function stream(response: http.ServerResponse, body: Body, fault: Fault | undefined): void {
    const model = String(body['model']);
    const said = typeof simulator.says === 'function' ? simulator.says(body) : simulator.says;
    const { text = '', calls } = typeof said === 'string' ? { text: said, calls: [] } : said;
    const tokens = text.match(/\S+\s*|\s+/g) ?? [];
    const counts = { ...cache.count(protocol.promptOf(body)), output: tokens.length };
    if (record) simulator.counted.push(counts);
    const { begin, token, stop, end, error, malformed } = protocol.frames;
    const reason = fault === 'refusal' ? 'refusal' : fault === 'too-long' ? 'length' : calls.length > 0 ? 'calls' : 'stop';
    const called = calls.length > 0 ? protocol.frames.calls(model, calls) : [];
    const whole = [begin(model, counts), ...tokens.map((each) => token(model, each)), ...called];
    const half = whole.slice(0, Math.ceil(whole.length / 2));
    const last = [stop(model, reason, counts), end(model, counts, body)];
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
    response.on('close', () => void (response.writableFinished || simulator.abandoned++));
    if (fault === 'cut-socket') return pace.play(response, half, () => response.destroy());
    if (fault === 'cut-clean') return pace.play(response, half, () => response.end());
    if (fault === 'hang') return pace.play(response, half, () => undefined);
    if (fault === 'error-in-stream') return pace.play(response, [...half, error()], () => response.end());
    if (fault === 'malformed') return pace.play(response, [...half, malformed], () => response.end());
    if (fault === 'cut-after-stop') return pace.play(response, [...whole, last[0] ?? ''], () => response.destroy());
    const hold = holds.shift();
    if (!hold) return pace.play(response, [...whole, ...last], () => response.end());
    const rest = [...whole.slice(half.length), ...last];
    pace.play(response, half, () => void hold.then(() => pace.play(response, rest, () => response.end())));
  }

  return simulator;
}

function refuse(response: http.ServerResponse, { status, body, headers }: Refusal): void {
  json(response, status, body, headers);
}

function json(response: http.ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function parse(raw: string): Body | null {
  try {
    const body: unknown = JSON.parse(raw);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Body) : null;
  } catch {
    return null;
  }
}
