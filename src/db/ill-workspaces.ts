/** Workspaces whose database can't be trusted: they stay closed, while the others go on. */
import type { Clock } from '../lib/clock.ts';
import { mayPass } from './faults.ts';

/** The disk's fault may have passed by then. */
const AGAIN_MS = 60_000;

/** The workspace is closed since its database is ill. */
export class IllWorkspace extends Error {
  /** The cause may pass: it is tried again by itself. */
  readonly mayPass: boolean;

  constructor(id: string, passes: boolean, cause: unknown) {
    super(`the database of ${id} is ill`, { cause });
    this.mayPass = passes;
  }
}

interface Ill {
  error: IllWorkspace;
  /** When it is tried again, by the steady clock; Infinity: not before the next start. */
  againAt: number;
}

export class IllWorkspaces {
  readonly #clock: Clock;
  readonly #ill = new Map<string, Ill>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Why a workspace is closed, if it is. */
  get(id: string): IllWorkspace | undefined {
    return this.#ill.get(id)?.error;
  }

  /** Marks it, from now on. */
  add(id: string, cause: unknown): IllWorkspace {
    const passes = mayPass(cause);
    const error = new IllWorkspace(id, passes, cause);
    this.#ill.set(id, { error, againAt: passes ? this.#clock.steady() + AGAIN_MS : Infinity });
    return error;
  }

  remove(id: string): void {
    this.#ill.delete(id);
  }

  /** Those that may be well again. */
  due(): string[] {
    const now = this.#clock.steady();
    return [...this.#ill].filter(([, { againAt }]) => againAt <= now).map(([id]) => id);
  }
}
