/** Keeps one listener for every channel that pulls, over all workspaces. */
import { setTimeout as pause } from 'node:timers/promises';
import { eq } from '../db/drizzle.ts';
import { channels } from '../db/schema/workspace.ts';
import type { Installation } from '../installation.ts';
import type { Workspace } from '../workspace.ts';
import { channelAccess, type ChannelRow } from './access.ts';
import { ListenError, type ChannelEvent } from './channel.ts';
import { setHealth } from './health.ts';
import { channelKinds } from './kinds.ts';
import { hearChanges } from './news.ts';
import { versionOf } from './version-of.ts';

/** Stores what was heard together with the channel's new state; resolves after the commit. */
export type OnEvents = (ws: Workspace, channelId: number, events: ChannelEvent[], state: unknown) => Promise<unknown>;

export interface Backoff {
  firstMs: number;
  capMs: number;
}

export interface Listening {
  /** Starts what should listen in a workspace: at boot, once for each. */
  begin(ws: Workspace): void;
  /** Ends the listeners of a workspace that was closed under them. */
  end(workspaceId: string): void;
  /** Ends every listener; resolves when what they had begun to store is stored. */
  stop(): Promise<void>;
}

const OURS = 'Deskbell could not go on with what came in. Nothing is lost: it is fetched again. The log tells who runs this server why.';

/** From now on starts the listeners of channels that are added or resumed; those that there are, by `begin`. */
export function startListening(
  installation: Installation,
  onEvents: OnEvents,
  backoff: Backoff = { firstMs: 1000, capMs: 60_000 },
): Listening {
  const supervisor = new Supervisor(installation, onEvents, backoff);
  hearChanges(installation, (workspaceId, channelId) => supervisor.check(workspaceId, channelId));
  return {
    begin: (ws) => supervisor.begin(ws),
    end: (workspaceId) => supervisor.end(workspaceId),
    async stop() {
      hearChanges(installation, null);
      await supervisor.stop();
    },
  };
}

interface Listener {
  end: AbortController;
  done: Promise<void>;
  /** What it was started with; another token means another listener. */
  version: string;
}

class Supervisor {
  readonly #installation: Installation;
  readonly #onEvents: OnEvents;
  readonly #backoff: Backoff;
  readonly #listeners = new Map<string, Listener>();
  #stopped = false;

  constructor(installation: Installation, onEvents: OnEvents, backoff: Backoff) {
    this.#installation = installation;
    this.#onEvents = onEvents;
    this.#backoff = backoff;
  }

  begin(ws: Workspace): void {
    for (const { id, kind, status } of listening(ws)) {
      // What the process before left there says nothing of this one's line.
      if (status === 'connected' && channelKinds[kind]?.sendsByItsLine) setHealth(ws, id, { status: 'connecting', says: null });
      this.check(ws.id, id);
    }
  }

  end(workspaceId: string): void {
    for (const [key, listener] of this.#listeners) if (key.startsWith(`${workspaceId}/`)) listener.end.abort();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const all = [...this.#listeners.values()];
    for (const listener of all) listener.end.abort();
    await Promise.all(all.map((listener) => listener.done));
  }

  /** Starts, ends or leaves alone the listener of one channel, as its row says. */
  check(workspaceId: string, channelId: number): void {
    if (this.#stopped || this.#installation.workspaces.isClosed(workspaceId)) return;
    const { workspace, release } = this.#installation.workspaces.hold(workspaceId);
    const key = `${workspaceId}/${channelId}`;
    const row = wanted(workspace, channelId);
    const running = this.#listeners.get(key);
    if (running) {
      // Never two for one channel: when this one has ended, it is looked at again.
      if (!row || versionOf(row) !== running.version) running.end.abort();
    } else if (row) {
      this.#listen(key, workspaceId, row);
    }
    release();
  }

  #listen(key: string, workspaceId: string, row: ChannelRow): void {
    const { workspace, release } = this.#installation.workspaces.hold(workspaceId);
    const end = new AbortController();
    const done = this.#keepListening(workspace, row.id, end.signal).then(
      () => {
        release();
        this.#listeners.delete(key);
        this.check(workspaceId, row.id);
      },
      (err: unknown) => {
        // Its database is ill: it isn't tried again before the next start, or before somebody resumes it.
        release();
        this.#listeners.delete(key);
        this.#installation.log.error({ err, workspace: workspaceId, channel: row.id }, 'a listener ended');
      },
    );
    this.#listeners.set(key, { end, done, version: versionOf(row) });
  }

  async #keepListening(ws: Workspace, channelId: number, signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      if (!wanted(ws, channelId)) return;
      const began = ws.clock.steady();
      let heard = false;
      try {
        const { kind, access } = channelAccess(ws, channelId, signal);
        await kind.listen?.(access, async (events, state) => {
          if (events.length > 0) await this.#onEvents(ws, channelId, events, state);
          setHealth(ws, channelId, { status: 'connected' });
          heard = true;
        });
      } catch (error) {
        if (signal.aborted) return;
        if (this.#fail(ws, channelId, error)) return;
        // Who answers and hangs up at once would else be called again every second, which some far sides punish.
        if (heard && ws.clock.steady() - began >= this.#backoff.capMs) failures = 0;
        await pause(this.#wait(failures, error), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Says what is wrong; true when only a person can mend it. */
  #fail(ws: Workspace, channelId: number, error: unknown): boolean {
    const known = error instanceof ListenError;
    const fatal = known && error.fatal;
    const level = known ? 'warn' : 'error';
    this.#installation.log[level]({ err: error, workspace: ws.id, channel: channelId, fatal }, 'a channel stopped listening');
    setHealth(ws, channelId, { status: fatal ? 'broken' : 'connecting', says: known ? error.says : OURS });
    return fatal;
  }

  /** Doubles up to the cap; half of it is left to chance, so that many channels don't come back in step. */
  #wait(failures: number, error: unknown): number {
    const { firstMs, capMs } = this.#backoff;
    const ms = Math.min(capMs, firstMs * 2 ** Math.min(failures, 20)) * (0.5 + Math.random() / 2);
    return Math.max(ms, error instanceof ListenError ? (error.retryAfter ?? 0) : 0);
  }
}

function listening(ws: Workspace): Pick<ChannelRow, 'id' | 'kind' | 'status'>[] {
  const all = ws.prepare("SELECT id, kind, status FROM channels WHERE status IN ('connecting', 'connected')").all();
  return all as Pick<ChannelRow, 'id' | 'kind' | 'status'>[];
}

function wanted(ws: Workspace, channelId: number): ChannelRow | null {
  const row = ws.db.select().from(channels).where(eq(channels.id, channelId)).get();
  if (!row || (row.status !== 'connecting' && row.status !== 'connected')) return null;
  return channelKinds[row.kind]?.listen ? row : null;
}
