/** Reads a visitor's event stream as a browser would. */
export interface SeenEvent {
  event: string;
  id?: string;
  data: Record<string, unknown>;
}

export interface Listening {
  status: number;
  seen: SeenEvent[];
  /** Resolves with the first event, seen or to come, that fits. */
  until(fits: (event: SeenEvent) => boolean): Promise<SeenEvent>;
  /** Resolves when the server, or `close`, has ended it. */
  ended: Promise<void>;
  close(): void;
}

export async function listenTo(url: string, headers: Record<string, string> = {}): Promise<Listening> {
  const abort = new AbortController();
  const response = await fetch(url, { headers: { Accept: 'text/event-stream', ...headers }, signal: abort.signal });
  const seen: SeenEvent[] = [];
  const waiting = new Set<{ fits: (event: SeenEvent) => boolean; resolve: (event: SeenEvent) => void }>();
  const tell = (event: SeenEvent): void => {
    seen.push(event);
    for (const one of waiting) {
      if (!one.fits(event)) continue;
      waiting.delete(one);
      one.resolve(event);
    }
  };
  const ended = response.ok ? pump(response, tell) : Promise.resolve();
  return {
    status: response.status,
    seen,
    ended,
    until: (fits) => {
      const known = seen.find(fits);
      return known ? Promise.resolve(known) : new Promise((resolve) => waiting.add({ fits, resolve }));
    },
    close: () => abort.abort(),
  };
}

async function pump(response: Response, tell: (event: SeenEvent) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body ?? []) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const fields = new Map(part.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
        const data = fields.get('data');
        const id = fields.get('id');
        if (data !== undefined)
          tell({
            event: fields.get('event') ?? 'message',
            ...(id === undefined ? {} : { id }),
            data: JSON.parse(data) as Record<string, unknown>,
          });
      }
    }
  } catch {
    return; // cut, by either side
  }
}
