/**
 * Asks the running server as a visitor of the sample's chat bubble, over the same HTTP and event stream as a browser:
 * `npm run --silent ask -- "Are you open on Sunday?"` prints the answer as it comes, then its sources and times. With
 * `--json` the last line is `{answer, sources, firstTokenMs, totalMs, conversation}`. Which server: BASE_URL, or PORT here.
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';

interface Shown {
  id: number;
  author: 'customer' | 'bot' | 'person' | 'system';
  text: string;
  event?: string;
  sources?: { title: string; url?: string }[];
}

interface Asked {
  answer: string;
  sources: { title: string; url?: string }[];
  /** ms from sending the question to the first words on the stream, and to the stored answer. */
  firstTokenMs: number;
  totalMs: number;
  conversation: string;
}

const ANSWER_WITHIN_MS = 60_000;

/** A reason for the person at the console. */
class CannotAsk extends Error {}

/** The public id of the sample's widget stands on its demo page. */
async function findWidget(base: string): Promise<string> {
  const page = await fetch(`${base}/demo`).catch((cause: unknown) => {
    throw new CannotAsk(`Nothing answers at ${base}. Start the server with scripts/start --sample.`, { cause });
  });
  const id = /data-deskbell="([^"]+)"/.exec(await page.text())?.[1];
  if (!page.ok || id === undefined) throw new CannotAsk(`The server at ${base} has no sample. Start it with scripts/start --sample.`);
  return `${base}/widget/${id}`;
}

async function post(widget: string, text: string): Promise<{ token: string; messageId: number; conversation: string }> {
  const response = await fetch(`${widget}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ clientId: randomUUID(), text }),
  });
  const body = (await response.json()) as { token: string; messageId: number; conversation: string; error?: string };
  if (!response.ok) throw new CannotAsk(body.error ?? `The server answered ${response.status}.`);
  return body;
}

async function* events(response: Response): AsyncGenerator<{ event: string; data: unknown }> {
  if (!response.body) throw new CannotAsk('The server sent no event stream.');
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      const data = field('data');
      if (data !== undefined) yield { event: field('event') ?? 'message', data: JSON.parse(data) };
    }
  }
}

/** Sends the question and follows the stream to the bot's stored answer; `onText` gets its words as they come. */
async function ask(base: string, question: string, onText: (text: string) => void): Promise<Asked> {
  const widget = await findWidget(base);
  const began = performance.now();
  const { token, messageId, conversation } = await post(widget, question);
  const headers = { Authorization: `Bearer ${token}`, 'Last-Event-ID': String(messageId) };
  const stream = await fetch(`${widget}/stream`, { headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  let firstTokenMs: number | undefined;
  for await (const { event, data } of events(stream)) {
    if (event === 'draft') {
      firstTokenMs ??= performance.now() - began;
      onText((data as { text: string }).text);
    }
    if (event !== 'message') continue;
    const said = data as Shown;
    if (said.author !== 'bot' || said.id <= messageId || said.event !== undefined) continue;
    const totalMs = performance.now() - began;
    return {
      answer: said.text,
      sources: said.sources ?? [],
      firstTokenMs: round(firstTokenMs ?? totalMs),
      totalMs: round(totalMs),
      conversation,
    };
  }
  throw new CannotAsk('The server closed the stream before it answered.');
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean', default: false } }, allowPositionals: true });
const question = positionals.join(' ').trim();
const base = (process.env['BASE_URL'] || `http://127.0.0.1:${process.env['PORT'] || 3000}`).replace(/\/+$/, '');
try {
  if (question === '') throw new CannotAsk('Ask something: npm run --silent ask -- "Are you open on Sunday?"');
  let streamed = '';
  const asked = await ask(base, question, (text) => {
    streamed += text;
    if (!values.json) process.stdout.write(text);
  });
  if (values.json) console.log(JSON.stringify(asked));
  else {
    // A checked answer may differ from its draft: what is stored counts.
    if (streamed !== asked.answer) console.log(`${streamed === '' ? '' : '\n\n'}${asked.answer}`);
    console.log(`\n\n${asked.sources.map(({ title, url }, n) => `[${n + 1}] ${title}${url ? ` ${url}` : ''}`).join('\n') || 'no sources'}`);
    console.log(`first words after ${asked.firstTokenMs} ms, whole after ${asked.totalMs} ms, conversation ${asked.conversation}`);
  }
} catch (error) {
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  if (!(error instanceof CannotAsk) && !isTimeout) throw error;
  console.error(isTimeout ? `No answer came within ${ANSWER_WITHIN_MS / 1000} seconds.` : error.message);
  process.exitCode = 1;
}
