/** All tenants of the installation: made, opened on demand, closed when idle. */
import { join } from 'node:path';
import { isFull, isIll, sqliteCode } from './db/faults.ts';
import { IllWorkspace, type Closed, type RestingWorkspace } from './db/closed-workspaces.ts';
import { Bus } from './lib/bus.ts';
import { publicId } from './lib/ids.ts';
import { makeWorkspace, NotThere, openWorkspace, type NewWorkspace } from './workspace-folder.ts';
import type { Workspace } from './workspace.ts';
import type { Installation } from './installation.ts';

const OPEN_AT_MOST = 200;
const IDLE_MS = 10 * 60_000;
const SWEEP_MS = 60_000;
/** How long `each` keeps requests waiting before it lets them come in between. */
const SLICE_MS = 20;
/** What the disk failed may have passed by then. */
const ILL_MS = 60_000;

/** A workspace that stays open until it is released. */
export interface Held {
  workspace: Workspace;
  release: () => void;
}

/** There is no such workspace, or it was closed. */
export class NoWorkspace extends Error {}

/** Told what happens to workspaces, so that what runs in them ends and goes on. */
export interface Attendant {
  /** Nobody is let in from now on. */
  closes(id: string): void;
  /** It is back. `fell`: it was closed under all who held it. */
  back(workspace: Workspace, fell: boolean): void;
}

interface Opened {
  workspace: Workspace;
  holders: number;
  lastUsed: number;
}

export class Workspaces {
  readonly #installation: Installation;
  readonly #opened = new Map<string, Opened>();
  /** A bus outlives the handle: a page that waits for news doesn't keep a database open. */
  readonly #buses = new Map<string, Bus>();
  readonly #closed = new Map<string, { why: Closed; againAt: number }>();
  readonly #closedLately = new Set<string>();
  #known: Set<string>;
  #sweeper: NodeJS.Timeout;
  #attendant: Attendant | undefined;

  constructor(installation: Installation) {
    this.#installation = installation;
    this.#known = new Set(installation.control.prepare('SELECT id FROM workspaces WHERE closed_at IS NULL').pluck().all() as string[]);
    this.#sweeper = setInterval(() => {
      this.#sweep();
      this.tryIll();
    }, SWEEP_MS).unref();
  }

  /** Ids of all workspaces. */
  ids(): string[] {
    return [...this.#known];
  }

  /** Ids of those that are open now. */
  openIds(): string[] {
    return [...this.#opened.keys()];
  }

  /** Those that are open now, without keeping them open. */
  *opened(): Generator<Workspace> {
    for (const { workspace } of this.#opened.values()) yield workspace;
  }

  has(id: string): boolean {
    return this.#known.has(id);
  }

  /** Whether nobody is let in just now. */
  isClosed(id: string): boolean {
    return this.#closed.has(id);
  }

  /** Why it is closed, when its database is ill. */
  illness(id: string): IllWorkspace | undefined {
    const why = this.#closed.get(id)?.why;
    return why instanceof IllWorkspace ? why : undefined;
  }

  /** Those that were closed since one asked last, though they may be open again; not those that `each` alone had opened. */
  takeClosed(): string[] {
    const ids = [...this.#closedLately];
    this.#closedLately.clear();
    return ids;
  }

  attend(attendant: Attendant): void {
    this.#attendant = attendant;
  }

  /** Opens the workspace, or takes the open one, and keeps it open until `release`. Throws NoWorkspace, IllWorkspace, RestingWorkspace. */
  hold(id: string): Held {
    const opened = this.#open(id);
    opened.holders += 1;
    let held = true;
    return {
      workspace: opened.workspace,
      release: () => {
        if (!held) return;
        held = false;
        opened.holders -= 1;
        opened.lastUsed = this.#installation.clock.steady();
      },
    };
  }

  /** Holds it for one act. */
  async use<T>(id: string, act: (workspace: Workspace) => Promise<T> | T): Promise<T> {
    const { workspace, release } = this.hold(id);
    try {
      return await act(workspace);
    } catch (error) {
      throw this.noteFault(id, error);
    } finally {
      release();
    }
  }

  /**
   * Whatever a workspace's database threw is told here. When it says that its file can't be trusted or read, the workspace is
   * closed under all who hold it, before more goes wrong: its requests and jobs are refused until the next start, after a
   * fault of the disk until it opens again. The others go on. Returns what to throw on: why it is closed, or the error.
   */
  noteFault(id: string, error: unknown): unknown {
    if (isFull(error)) void this.#installation.space.look();
    const known = this.illness(id);
    if (known || !isIll(error)) return known ?? error;
    const opened = this.#opened.get(id);
    this.#opened.delete(id);
    // It may have been thrown in the middle of a statement.
    setImmediate(() => opened?.workspace.close());
    return this.#fall(id, error);
  }

  /** Opens again what fell ill by a fault of the disk that may have passed. */
  tryIll(): void {
    const now = this.#installation.clock.steady();
    for (const [id, { againAt }] of [...this.#closed]) if (againAt <= now) this.#comeBack(id, true);
  }

  /** Lets nobody in from now on; who holds it for long lets go of it when told so on the bus. */
  bar(id: string, why: RestingWorkspace): void {
    this.#close(id, why, Infinity);
  }

  /** Closes what was barred; false while somebody holds it. */
  shut(id: string): boolean {
    this.#closeUnused(id);
    return !this.#opened.has(id);
  }

  /** Lets everybody in again, unless it fell ill meanwhile. */
  unbar(id: string): void {
    if (!this.illness(id)) this.#comeBack(id, false);
  }

  /**
   * One act in every workspace (or in those given), one after the other, in slices so that requests are answered meanwhile. Each is opened
   * once, and closed again unless somebody wants it: a thousand stay closed until they are needed. One that doesn't open,
   * or fails, is logged and doesn't hold up the others.
   */
  async each(act: (workspace: Workspace) => void, signal?: AbortSignal, ids: readonly string[] = this.ids()): Promise<void> {
    const { clock, log } = this.#installation;
    let sliceEnds = clock.steady() + SLICE_MS;
    for (const id of ids) {
      if (signal?.aborted) return;
      try {
        this.#visit(id, act);
      } catch (err) {
        this.noteFault(id, err);
        if (!this.isClosed(id)) log.error({ err, workspace: id, act: act.name }, 'a workspace did not open, or failed');
      }
      if (clock.steady() < sliceEnds) continue;
      await new Promise((resolve) => setImmediate(resolve));
      sliceEnds = clock.steady() + SLICE_MS;
    }
  }

  #visit(id: string, act: (workspace: Workspace) => void): void {
    const wasOpen = this.#opened.has(id);
    const { workspace, release } = this.hold(id);
    try {
      act(workspace);
    } finally {
      release();
      if (!wasOpen) this.#closeUnused(id);
    }
  }

  bus(id: string): Bus {
    const bus = this.#buses.get(id) ?? new Bus();
    this.#buses.set(id, bus);
    return bus;
  }

  /** Makes a workspace, which is then open. Returns its id. */
  create(init: NewWorkspace, id: string = publicId('w')): string {
    const workspace = makeWorkspace(this.#installation, { id, folder: this.#folder(id), bus: this.bus(id) }, init);
    this.#known.add(id);
    this.#opened.set(id, { workspace, holders: 0, lastUsed: this.#installation.clock.steady() });
    return id;
  }

  /** The business's name, in both places that have it. */
  rename(id: string, name: string): void {
    const { control } = this.#installation;
    control.durable(() => control.prepare('UPDATE workspaces SET name = ? WHERE id = ?').run(name, id));
  }

  /** Closes every database. Call it after jobs and streams have ended. */
  closeAll(): void {
    clearInterval(this.#sweeper);
    for (const { workspace } of this.#opened.values()) workspace.close();
    this.#opened.clear();
  }

  #folder(id: string): string {
    return join(this.#installation.settings.dataDir, 'workspaces', id);
  }

  #open(id: string): Opened {
    const opened = this.#opened.get(id);
    // A barred one is still open for those who hold it.
    if (opened && !this.#closed.has(id)) return opened;
    if (!this.#known.has(id)) throw new NoWorkspace(id);
    const closed = this.#closed.get(id);
    if (closed) throw closed.why;
    const fresh = { workspace: this.#openFolder(id), holders: 0, lastUsed: this.#installation.clock.steady() };
    this.#opened.set(id, fresh);
    if (this.#opened.size > OPEN_AT_MOST) this.#sweep(0);
    return fresh;
  }

  #openFolder(id: string): Workspace {
    try {
      return openWorkspace(this.#installation, { id, folder: this.#folder(id), bus: this.bus(id) });
    } catch (error) {
      throw error instanceof NotThere || isIll(error) ? this.#fall(id, error) : error;
    }
  }

  #fall(id: string, cause: unknown): IllWorkspace {
    const ill = new IllWorkspace(id, cause);
    const { log, clock } = this.#installation;
    log.error(
      { err: cause, workspace: id, folder: this.#folder(id), code: sqliteCode(cause) },
      ill.mayPass
        ? 'the disk failed under a workspace, which is closed and tried again every minute'
        : 'the database of a workspace is ill, and stays closed until the next start: put a backup of its folder back before',
    );
    this.#close(id, ill, ill.mayPass ? clock.steady() + ILL_MS : Infinity);
    return ill;
  }

  #close(id: string, why: Closed, againAt: number): void {
    this.#closed.set(id, { why, againAt });
    this.#attendant?.closes(id);
    this.bus(id).publish({ type: 'closing' });
  }

  #comeBack(id: string, fell: boolean): void {
    this.#closed.delete(id);
    const { log } = this.#installation;
    try {
      const { workspace } = this.#open(id);
      this.#attendant?.back(workspace, fell);
      if (fell) log.warn({ workspace: id }, 'a workspace that was ill is open again');
    } catch (err) {
      this.noteFault(id, err);
      if (!this.isClosed(id)) log.error({ err, workspace: id }, 'a workspace did not open');
    }
  }

  #sweep(idle = IDLE_MS): void {
    const now = this.#installation.clock.steady();
    const byAge = [...this.#opened].sort(([, a], [, b]) => a.lastUsed - b.lastUsed);
    for (const [id, opened] of byAge) {
      if (now - opened.lastUsed < idle) continue;
      if (idle === 0 && this.#opened.size <= OPEN_AT_MOST) return;
      if (this.#closeUnused(id)) this.#closedLately.add(id);
    }
  }

  /** Whether it closed one. */
  #closeUnused(id: string): boolean {
    const opened = this.#opened.get(id);
    if (!opened || opened.holders > 0 || opened.workspace.busy) return false;
    opened.workspace.close();
    return this.#opened.delete(id);
  }
}
