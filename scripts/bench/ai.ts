import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Agent, request } from 'node:http';
import { stop } from './product.ts';

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

export const MODEL = 'gpt-5-mini';

export interface Ai {
  url: string;
  key: string;
  child: ChildProcess;
  end(): Promise<void>;
}

/** Starts the stand-in. */
export async function startAi(): Promise<Ai> {
  const child = fork(join(import.meta.dirname, 'ai-server.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [{ url, key }] = (await once(child, 'message')) as [{ url: string; key: string }];
  return { url, key, child, end: () => stop(child) };
}

/** Calls the provider with nothing in between; resolves with ms to the first token, when the stream has ended. */
export function callDirectly(ai: Ai, question: string): Promise<number> {
  const body = JSON.stringify({
    model: MODEL,
    stream: true,
    store: false,
    messages: [{ role: 'user', content: question }],
    stream_options: { include_usage: true },
    max_completion_tokens: 1000,
  });
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let first = 0;
    const call = request(
      `${ai.url}/chat/completions`,
      {
        method: 'POST',
        headers: { Authorization: `Bearer ${ai.key}`, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
        agent,
      },
      (response) => {
        response.on('data', (data: Buffer) => {
          if (first === 0 && data.includes('word0')) first = performance.now() - began;
        });
        response.on('end', () =>
          response.statusCode === 200 && first > 0 ? resolve(first) : reject(new Error(`the stand-in answered ${response.statusCode}`)),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
