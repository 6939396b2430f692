import type { Workspace } from '../workspace.ts';
import type { Held } from '../workspaces.ts';
import type { JobKind } from './job.ts';
import { freeDead, freeOwn, leaseDue, nextDue } from './leases.ts';
import { ILL_AGAIN_MS, RunningJobs, type JobsContext } from './running-jobs.ts';

const LEASES_AT_A_TIME = 64;
const LONGEST_TIMER_MS = 60_000;

/** Runs what is due in all workspaces: round robin between them, with a cap for each, woken at once by a commit. */
export class Jobs {
  readonly #context: JobsContext;
  readonly #running: RunningJobs;
  /** When each workspace's next job is due. A workspace where none waits isn't in it. */
  readonly #due = new Map<string, number>();
  #servedLast = '';
  #timer: NodeJS.Timeout | undefined;
  #turning = false;
  #started = false;

  constructor(context: JobsContext) {
    this.#context = context;
    this.#running = new RunningJobs(context, (kind) => {
      if (kind?.atOnce !== undefined) this.#wakeAll();
      this.#soonIfDue();
    });
  }

  /** Begins, and frees what a dead boot held in every workspace. */
  async start(kinds: Record<string, JobKind>): Promise<void> {
    this.begin(kinds);
    await this.#context.workspaces.each((ws) => this.recover(ws), this.#running.stopping);
  }

  /** Begins; what waits in a workspace is known once `recover` has looked into it. */
  begin(kinds: Record<string, JobKind>): void {
    this.#running.kinds = kinds;
    this.#started = true;
  }

  /** Frees the leases of dead boots; what has now died for the third time is parked. */
  recover(ws: Workspace): void {
    freeDead(ws, this.#running.kinds);
    this.#lookAhead(ws);
  }

  /** Goes on in a workspace that was closed while its jobs ran, since its database was ill. */
  resume(ws: Workspace): void {
    freeOwn(ws);
    this.#lookAhead(ws);
  }

  /** Something is due then; called after the commit that made it so. */
  wake(workspaceId: string, dueAt: number): void {
    const known = this.#due.get(workspaceId);
    if (known === undefined || dueAt < known) this.#due.set(workspaceId, dueAt);
    if (!this.#started || this.#running.stopping.aborted) return;
    if (dueAt <= this.#context.clock.now()) this.#soon();
    else this.#setTimer();
  }

  /** Looks at the due times again; for tests that move the clock. */
  tick(): void {
    this.#soon();
  }

  /** Takes no more, aborts after `graceMs` what still runs, and waits a moment for its end. */
  async stop(graceMs: number): Promise<void> {
    this.#started = false;
    clearTimeout(this.#timer);
    await this.#running.stop(graceMs);
  }

  /** How many run now. */
  get running(): number {
    return this.#running.size;
  }

  #soon(): void {
    if (this.#turning || !this.#started) return;
    this.#turning = true;
    setImmediate(() => {
      this.#turning = false;
      this.#turn();
    });
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    if (this.#due.size === 0) return;
    const next = Math.min(...this.#due.values());
    // At most a minute: a timer of over 24 days would fire at once, and the clock may be set meanwhile.
    const wait = Math.min(Math.max(next - this.#context.clock.now(), 0), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#soon(), wait).unref();
  }

  #turn(): void {
    if (!this.#started) return;
    const now = this.#context.clock.now();
    let more = false;
    for (const id of this.#inTurn([...this.#due].filter(([, dueAt]) => dueAt <= now).map(([id]) => id))) {
      const room = Math.min(this.#running.roomIn(id), LEASES_AT_A_TIME);
      if (room <= 0) continue;
      const taken = this.#take(id, room);
      if (taken > 0) this.#servedLast = id;
      if (taken === room) more = true;
    }
    if (more) this.#soon();
    else this.#setTimer();
  }

  /** Round robin: who was served last comes last, so that one busy workspace can't keep a limited kind to itself. */
  #inTurn(ids: string[]): string[] {
    const at = ids.indexOf(this.#servedLast) + 1;
    return [...ids.slice(at), ...ids.slice(0, at)];
  }

  /** Leases and starts what is due in one workspace; returns how many. */
  #take(id: string, room: number): number {
    const { workspaces, clock, log } = this.#context;
    let held: Held;
    try {
      held = workspaces.hold(id);
    } catch (err) {
      this.#due.delete(id);
      // One that is closed for a while tells when it is back.
      if (!workspaces.isClosed(id)) log.error({ err, workspace: id }, 'a workspace did not open');
      return 0;
    }
    try {
      const rows = leaseDue(held.workspace, this.#running.limits(), room);
      for (const row of rows) this.#running.begin(id, row);
      this.#lookAhead(held.workspace);
      return rows.length;
    } catch (err) {
      // The disk is full or ill: nothing was leased. The others go on.
      this.#due.set(id, clock.now() + ILL_AGAIN_MS);
      log.error({ err, workspace: id }, 'no job could be taken');
      return 0;
    } finally {
      held.release();
    }
  }

  /** Notes when this workspace's next job is due; kinds that are full wake it when one of them ends. */
  #lookAhead(ws: Workspace): void {
    const full = Object.entries(this.#running.limits()).flatMap(([kind, room]) => (room === 0 ? [kind] : []));
    const next = nextDue(ws, full);
    this.#due.delete(ws.id);
    if (next !== null) this.wake(ws.id, next);
  }

  /** Room came free for a limited kind: any workspace may have been waiting for it. */
  #wakeAll(): void {
    const now = this.#context.clock.now();
    for (const id of this.#context.workspaces.openIds()) this.#due.set(id, Math.min(this.#due.get(id) ?? Infinity, now));
  }

  #soonIfDue(): void {
    const now = this.#context.clock.now();
    for (const dueAt of this.#due.values()) {
      if (dueAt > now) continue;
      this.#soon();
      return;
    }
  }
}
