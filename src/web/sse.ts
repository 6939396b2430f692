import type { Application, Request, Response } from 'express';
import { stillMay } from './guard.ts';
import { presentOf } from './present.ts';

const UNREAD_AT_MOST = 64 * 1024;
const HEARTBEAT_MS = 25_000;
const RETRY_MS = 1000;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // A proxy that gathers answers before it passes them on would hold back every token.
  'X-Accel-Buffering': 'no',
};

export interface Stream {
  /**
   * The last event this client has seen: `Last-Event-ID`, or `after` in the address, since a first connection can't send
   * the header. Undefined: it wants only what comes from now on.
   */
  readonly after: number | undefined;
  readonly closed: boolean;
  /** Sends one event. False when the client is gone, or was dropped for not reading: it comes back with the last id. */
  send(event: { event?: string; id?: number; data: string }): boolean;
  /**
   * Does what a timer or an event brings. What it throws ends this stream alone, where it would end the process: the page
   * comes back, and is told what is wrong.
   */
  guard(act: () => void): void;
  onClose(then: () => void): void;
  close(): void;
}

interface Open {
  beat(): void;
  close(): void;
}

const streams = new WeakMap<Application, { open: Set<Open>; timer: NodeJS.Timeout }>();

function streamsOf(app: Application): Set<Open> {
  const known = streams.get(app);
  if (known) return known.open;
  const open = new Set<Open>();
  // One timer for all of them: ten thousand would cost more than what they beat for.
  const timer = setInterval(() => beatStreams(app), HEARTBEAT_MS).unref();
  streams.set(app, { open, timer });
  return open;
}

/** Shows every stream's proxies that it lives, and ends those whose session or membership was taken away. */
export function beatStreams(app: Application): void {
  for (const stream of streams.get(app)?.open ?? []) stream.beat();
}

function seen(req: Request): number | undefined {
  const said = req.get('Last-Event-ID') ?? req.query['after'];
  return typeof said === 'string' && /^\d{1,15}$/.test(said) ? Number(said) : undefined;
}

/** A data line for each line of the text: an event can hold no line break of its own. */
function frame({ event, id, data }: { event?: string; id?: number; data: string }): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}${lines.join('')}\n`;
}

/** False when the client left too much unread: it is dropped, since what it hasn't read is held in memory here. */
function writeOrDrop(res: Response, text: string): boolean {
  if (res.writableLength > UNREAD_AT_MOST) {
    res.destroy();
    return false;
  }
  res.write(text);
  return true;
}

/** Turns a response into an event stream that closes with the session, the membership, the workspace, the client or the server. */
export function sse(req: Request, res: Response): Stream {
  const open = streamsOf(req.app);
  let closed = false;
  const ends: (() => void)[] = [];
  res.writeHead(200, HEADERS);
  res.write(`retry: ${RETRY_MS}\n\n`);

  const write = (text: string): boolean => !closed && writeOrDrop(res, text);
  const entry: Open = {
    beat: () => {
      if (stillMay(res)) write(': still here\n\n');
      else entry.close();
    },
    close: () => {
      if (!closed) res.end();
    },
  };
  open.add(entry);
  const leave = presentOf(res).workspace?.bus.subscribe('all', ({ type }) => {
    if (type === 'closing') entry.close();
  });
  res.once('close', () => {
    closed = true;
    leave?.();
    open.delete(entry);
    for (const end of ends) end();
  });
  return {
    after: seen(req),
    get closed() {
      return closed;
    },
    send: (event) => write(frame(event)),
    guard: (act) => {
      try {
        act();
      } catch (err) {
        const { installation, workspace } = presentOf(res);
        installation.log.error({ err, workspace: workspace?.id }, 'a stream ended');
        if (workspace) installation.workspaces.noteFault(workspace.id, err);
        entry.close();
      }
    },
    onClose: (then) => {
      if (closed) then();
      else ends.push(then);
    },
    close: () => entry.close(),
  };
}

/** For the clean stop: ends every stream of the app, so that the server can close. Clients come back to the next one. */
export function closeStreams(app: Application): void {
  const all = streams.get(app);
  if (!all) return;
  clearInterval(all.timer);
  for (const stream of all.open) stream.close();
  streams.delete(app);
}
