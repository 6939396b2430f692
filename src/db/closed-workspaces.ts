/** Why a workspace that exists can't be entered just now. */
import { mayPass } from './faults.ts';

/** Its database is ill: it stays closed, while the others go on. */
export class IllWorkspace extends Error {
  /** The disk's fault may pass: it is tried again by itself. A damaged file doesn't mend itself. */
  readonly mayPass: boolean;

  constructor(id: string, cause: unknown) {
    super(`the database of ${id} is ill`, { cause });
    this.mayPass = mayPass(cause);
  }
}

/** Its files are being seen to; whoever can wait waits for `until`. */
export class RestingWorkspace extends Error {
  readonly until: Promise<void>;

  constructor(id: string, until: Promise<void>) {
    super(`the files of ${id} are being seen to`);
    this.until = until;
  }
}

export type Closed = IllWorkspace | RestingWorkspace;

/** Does it once the workspace is back, when `error` says that it rests; else throws the error on. */
export async function whenBack<T>(error: unknown, act: () => T): Promise<T> {
  if (!(error instanceof RestingWorkspace)) throw error;
  await error.until;
  return act();
}
