import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import type { Workspace } from '../workspace.ts';
import type { Workspaces } from '../workspaces.ts';
import { GiveUp, Job, LeaseLost, type JobKind, type JobRow } from './job.ts';
import { putBack } from './put-back.ts';

const AT_ONCE = 1024;
const AT_ONCE_IN_WORKSPACE = 256;
const ABORTED_END_WITHIN_MS = 1500;
/** A workspace whose disk is full or ill is tried again after this. */
export const ILL_AGAIN_MS = 1000;

/** What the runner needs of the installation, which is made after it. */
export interface JobsContext {
  workspaces: Workspaces;
  clock: Clock;
  log: Logger;
}

/** The jobs that run in this process now: how many of which kind and workspace, and what becomes of one that fails. */
export class RunningJobs {
  readonly #context: JobsContext;
  readonly #ended: (kind: JobKind | undefined) => void;
  readonly #ofWorkspace = new Map<string, number>();
  readonly #ofKind = new Map<string, number>();
  readonly #promises = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  /** Empty until the runner begins. */
  kinds: Record<string, JobKind> = {};

  /** `ended` is told after each end, when its room is free again. */
  constructor(context: JobsContext, ended: (kind: JobKind | undefined) => void) {
    this.#context = context;
    this.#ended = ended;
  }

  /** How many run now. */
  get size(): number {
    return this.#promises.size;
  }

  /** Aborts when the server stops. */
  get stopping(): AbortSignal {
    return this.#stop.signal;
  }

  /** How many more may begin in a workspace. */
  roomIn(workspaceId: string): number {
    return Math.min(AT_ONCE - this.#promises.size, AT_ONCE_IN_WORKSPACE - (this.#ofWorkspace.get(workspaceId) ?? 0));
  }

  /** How many more of each limited kind may begin: {kind: room}. */
  limits(): Record<string, number> {
    return Object.fromEntries(
      Object.entries(this.kinds).flatMap(([kind, { atOnce }]) =>
        atOnce === undefined ? [] : [[kind, Math.max(0, atOnce - (this.#ofKind.get(kind) ?? 0))]],
      ),
    );
  }

  /** Runs a leased job, and keeps its workspace open meanwhile. */
  begin(workspaceId: string, row: JobRow): void {
    const held = this.#context.workspaces.hold(workspaceId);
    this.#count(workspaceId, row.kind, 1);
    const promise = this.#run(held.workspace, row).finally(() => {
      this.#count(workspaceId, row.kind, -1);
      this.#promises.delete(promise);
      held.release();
      this.#ended(this.kinds[row.kind]);
    });
    this.#promises.add(promise);
  }

  /**
   * Aborts after `graceMs` what still runs, and waits a moment for its end. What doesn't end keeps its lease: the next boot
   * frees it, as after a kill.
   */
  async stop(graceMs: number): Promise<void> {
    const ended = Promise.allSettled([...this.#promises]);
    await Promise.race([ended, pause(graceMs, undefined, { ref: false })]);
    this.#stop.abort(new Error('the server stops'));
    await Promise.race([ended, pause(ABORTED_END_WITHIN_MS, undefined, { ref: false })]);
  }

  #count(workspaceId: string, kind: string, by: number): void {
    const left = (this.#ofWorkspace.get(workspaceId) ?? 0) + by;
    if (left === 0) this.#ofWorkspace.delete(workspaceId);
    else this.#ofWorkspace.set(workspaceId, left);
    this.#ofKind.set(kind, (this.#ofKind.get(kind) ?? 0) + by);
  }

  async #run(ws: Workspace, row: JobRow): Promise<void> {
    const kind = this.kinds[row.kind];
    const job = new Job(ws, row);
    try {
      if (!kind) throw new GiveUp(`This release knows no work called ${row.kind}.`);
      await kind.run(ws, job, this.#stop.signal);
      if (!job.finished) throw new Error(`the job ${row.kind} returned without an end`);
    } catch (error) {
      this.#context.workspaces.noteFault(ws.id, error);
      if (job.finished) this.#context.log.error({ err: error, workspace: ws.id, kind: row.kind }, 'a job failed after its end');
      else this.#failed(ws, row, kind, error);
    }
  }

  #failed(ws: Workspace, row: JobRow, kind: JobKind | undefined, error: unknown): void {
    const { log } = this.#context;
    if (error instanceof LeaseLost) {
      log.warn({ workspace: ws.id, kind: row.kind, job: row.id }, 'a job was taken away while it ran');
      return;
    }
    if (this.#context.workspaces.illness(ws.id)) {
      // Closed under it. Its lease is freed when the workspace is well again, or by the next start.
      log.warn({ workspace: ws.id, kind: row.kind, job: row.id }, 'a job ended with its workspace');
      return;
    }
    try {
      ws.durable(() => putBack(ws, row, kind, this.#stop.signal.aborted ? 'stopping' : error));
    } catch (err) {
      log.error({ err, workspace: ws.id, kind: row.kind }, 'a failed job could not be put back');
      this.#failAgain(ws.id, row, kind, error);
    }
  }

  /** The disk is full or ill: the lease stays until there is room; after a stop the next boot frees it. */
  #failAgain(id: string, row: JobRow, kind: JobKind | undefined, error: unknown): void {
    const again = async (): Promise<void> => {
      if (this.#stop.signal.aborted) return;
      await this.#context.workspaces.use(id, (ws) => this.#failed(ws, row, kind, error));
    };
    const { log } = this.#context;
    setTimeout(() => {
      again().catch((err: unknown) => log.error({ err, workspace: id }, 'a workspace did not open'));
    }, ILL_AGAIN_MS).unref();
  }
}
