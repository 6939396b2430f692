import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../lib/log.ts';
import type { Clock } from '../lib/clock.ts';
import type { Held, Workspaces } from '../workspaces.ts';
import type { Workspace } from '../workspace.ts';
import { Job, GiveUp, LeaseLost, type JobKind, type JobRow } from './job.ts';
import { park, putBack } from './put-back.ts';

const AT_ONCE = 1024;
const AT_ONCE_IN_WORKSPACE = 256;
const LEASES_AT_A_TIME = 64;
const LONGEST_TIMER_MS = 60_000;
const DEATHS_AT_MOST = 3;
const ABORTED_END_WITHIN_MS = 1500;
/** A workspace whose disk is full or ill is tried again after this. */
const ILL_AGAIN_MS = 1000;
/** A due time further off than this wasn't set by this clock: it was moved back since. */
const FARTHEST_DUE_MS = 40 * 24 * 3600_000;

interface Context {
  workspaces: Workspaces;
  clock: Clock;
  log: Logger;
  boot: string;
}

const LEASE = `
  UPDATE jobs SET lease = @boot, taken = wanted, deaths = deaths + 1
  WHERE id IN (
    SELECT id FROM (
      SELECT id, due_at, kind, row_number() OVER (PARTITION BY kind ORDER BY due_at, id) AS nth FROM jobs
      WHERE parked_at IS NULL AND lease IS NULL AND (due_at <= @now OR due_at > @farthest))
    WHERE nth <= coalesce((SELECT value FROM json_each(@limits) WHERE json_each.key = kind), @most)
    ORDER BY due_at, id LIMIT @most)
  RETURNING id, kind, key, payload, attempts`;

/**
 * Runs what is due in all workspaces: round robin between them, with a cap for each, woken at once by a commit.
 * A lease is this boot's id and has no time; what another boot holds belongs to a dead process and is freed when the
 * workspace is looked into at boot.
 */
export class Jobs {
  readonly #context: Context;
  #kinds: Record<string, JobKind> = {};
  readonly #due = new Map<string, number>();
  readonly #running = new Map<string, number>();
  readonly #runningOfKind = new Map<string, number>();
  readonly #promises = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #total = 0;
  #servedLast = '';
  #timer: NodeJS.Timeout | undefined;
  #turning = false;
  #started = false;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Begins, and frees what a dead boot held in every workspace. */
  async start(kinds: Record<string, JobKind>): Promise<void> {
    this.begin(kinds);
    await this.#context.workspaces.each((ws) => this.recover(ws), this.#stop.signal);
  }

  /** Begins; what waits in a workspace is known once `recover` has looked into it. */
  begin(kinds: Record<string, JobKind>): void {
    this.#kinds = kinds;
    this.#started = true;
  }

  /** Frees the leases of dead boots; what has now died for the third time is parked. */
  recover(ws: Workspace): void {
    const { boot } = this.#context;
    const dead = ws
      .prepare('SELECT id, kind, key, payload, deaths FROM jobs WHERE lease IS NOT NULL AND lease <> ?')
      .all(boot) as (JobRow & {
      deaths: number;
    })[];
    if (dead.length > 0) {
      ws.durable(() => {
        for (const row of dead) {
          if (row.deaths >= DEATHS_AT_MOST)
            park(
              ws,
              row,
              this.#kinds[row.kind],
              'The server stopped three times while doing this. It is left alone until a person looks at it.',
            );
          else ws.prepare('UPDATE jobs SET lease = NULL WHERE id = ?').run(row.id);
        }
      });
    }
    this.#lookAhead(ws);
  }

  /** Something is due then; called after the commit that made it so. */
  wake(workspaceId: string, dueAt: number): void {
    const known = this.#due.get(workspaceId);
    if (known === undefined || dueAt < known) this.#due.set(workspaceId, dueAt);
    if (!this.#started || this.#stop.signal.aborted) return;
    if (dueAt <= this.#context.clock.now()) this.#soon();
    else this.#setTimer();
  }

  /** Looks at the due times again; for tests that move the clock. */
  tick(): void {
    this.#soon();
  }

  /**
   * Takes no more, aborts after `graceMs` what still runs, and waits a moment for its end. What doesn't end keeps its
   * lease: the next boot frees it, as after a kill.
   */
  async stop(graceMs: number): Promise<void> {
    this.#started = false;
    clearTimeout(this.#timer);
    const ended = Promise.allSettled([...this.#promises]);
    await Promise.race([ended, pause(graceMs, undefined, { ref: false })]);
    this.#stop.abort(new Error('the server stops'));
    await Promise.race([ended, pause(ABORTED_END_WITHIN_MS, undefined, { ref: false })]);
  }

  /** How many run now. */
  get running(): number {
    return this.#total;
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
      const room = Math.min(AT_ONCE - this.#total, AT_ONCE_IN_WORKSPACE - (this.#running.get(id) ?? 0), LEASES_AT_A_TIME);
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
    let held: Held;
    try {
      held = this.#context.workspaces.hold(id);
    } catch (err) {
      this.#due.delete(id);
      this.#context.log.error({ err, workspace: id }, 'a workspace did not open');
      return 0;
    }
    try {
      const ws = held.workspace;
      const now = this.#context.clock.now();
      const rows = ws.write(() =>
        ws
          .prepare(LEASE)
          .all({ boot: this.#context.boot, now, farthest: now + FARTHEST_DUE_MS, limits: JSON.stringify(this.#limits()), most: room }),
      ) as JobRow[];
      for (const row of rows) this.#begin(id, row);
      this.#lookAhead(ws);
      return rows.length;
    } catch (err) {
      // The disk is full or ill: nothing was leased. The others go on.
      this.#due.set(id, this.#context.clock.now() + ILL_AGAIN_MS);
      this.#context.log.error({ err, workspace: id }, 'no job could be taken');
      return 0;
    } finally {
      held.release();
    }
  }

  /** How many more of each limited kind may begin: {kind: room}. */
  #limits(): Record<string, number> {
    return Object.fromEntries(
      Object.entries(this.#kinds).flatMap(([kind, { atOnce }]) =>
        atOnce === undefined ? [] : [[kind, Math.max(0, atOnce - (this.#runningOfKind.get(kind) ?? 0))]],
      ),
    );
  }

  /** Notes when this workspace's next job is due; kinds that are full wake it when one of them ends. */
  #lookAhead(ws: Workspace): void {
    const full = Object.entries(this.#limits()).flatMap(([kind, room]) => (room === 0 ? [kind] : []));
    const next = ws
      .prepare(
        'SELECT min(due_at) AS due FROM jobs WHERE parked_at IS NULL AND lease IS NULL AND kind NOT IN (SELECT value FROM json_each(?))',
      )
      .get(JSON.stringify(full)) as { due: number | null };
    this.#due.delete(ws.id);
    if (next.due !== null) this.wake(ws.id, next.due);
  }

  #begin(id: string, row: JobRow): void {
    const held = this.#context.workspaces.hold(id);
    this.#count(id, row.kind, 1);
    const promise = this.#run(held.workspace, row).finally(() => {
      this.#count(id, row.kind, -1);
      this.#promises.delete(promise);
      if (this.#kinds[row.kind]?.atOnce !== undefined) this.#wakeAll();
      held.release();
      this.#soonIfDue();
    });
    this.#promises.add(promise);
  }

  /** Room came free for a limited kind: any workspace may have been waiting for it. */
  #wakeAll(): void {
    for (const id of this.#context.workspaces.openIds())
      this.#due.set(id, Math.min(this.#due.get(id) ?? Infinity, this.#context.clock.now()));
  }

  #soonIfDue(): void {
    const now = this.#context.clock.now();
    for (const dueAt of this.#due.values()) {
      if (dueAt > now) continue;
      this.#soon();
      return;
    }
  }

  #count(id: string, kind: string, by: number): void {
    this.#total += by;
    this.#running.set(id, (this.#running.get(id) ?? 0) + by);
    if (this.#running.get(id) === 0) this.#running.delete(id);
    this.#runningOfKind.set(kind, (this.#runningOfKind.get(kind) ?? 0) + by);
  }

  async #run(ws: Workspace, row: JobRow): Promise<void> {
    const kind = this.#kinds[row.kind];
    const job = new Job(ws, row);
    try {
      if (!kind) throw new GiveUp(`This release knows no work called ${row.kind}.`);
      await kind.run(ws, job, this.#stop.signal);
      if (!job.finished) throw new Error(`the job ${row.kind} returned without an end`);
    } catch (error) {
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
