import supertest from 'supertest';

export interface Sending {
  headers?: Record<string, string>;
  body?: string | Buffer | FormData;
  signal?: AbortSignal;
}

export interface Sent {
  status: number;
  headers: Headers;
  text: string;
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'options' | 'head';

/**
 * One request to a server that runs, by supertest. It follows nothing, sends the body's bytes as they are, and gives back
 * the answer's text whatever its type says. Event streams that stay open are read by `fetch`: this one waits for the end.
 */
export async function request(method: string, url: string, { headers = {}, body, signal }: Sending = {}): Promise<Sent> {
  const { origin } = new URL(url);
  const asking = supertest(origin)[method.toLowerCase() as Method](url.slice(origin.length));
  const { bytes, type } = await asBytes(body);
  asking
    .set({ ...(type ? { 'Content-Type': type } : {}), ...headers })
    .serialize((given: unknown) => given as string)
    .buffer(true)
    .parse((answer, done) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer | string) => pieces.push(Buffer.from(piece)));
      answer.on('end', () => done(null, Buffer.concat(pieces).toString('utf8')));
    });
  if (bytes) asking.send(bytes);
  const stop = (): void => {
    asking.abort(); // gives itself back, which an event target would take for a promise of its own
  };
  signal?.addEventListener('abort', stop);
  try {
    const { status, headers: given, body: text } = await asking;
    return { status, headers: headersOf(given), text: typeof text === 'string' ? text : '' };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

async function asBytes(body: Sending['body']): Promise<{ bytes?: Buffer; type?: string }> {
  if (body === undefined) return {};
  if (!(body instanceof FormData))
    return { bytes: Buffer.from(body), ...(typeof body === 'string' ? { type: 'text/plain;charset=UTF-8' } : {}) };
  const form = new Response(body);
  return { bytes: Buffer.from(await form.arrayBuffer()), type: form.headers.get('Content-Type') ?? '' };
}

function headersOf(given: Record<string, string | string[]>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) for (const one of [value].flat()) headers.append(name, one);
  return headers;
}
