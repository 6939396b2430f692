/** At night: what a workspace's file holds no more is given back to the disk. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Installation } from '../installation.ts';
import type { Workspace } from '../workspace.ts';
import { RestingWorkspace } from './closed-workspaces.ts';
import type { DatabaseTender } from './tend-databases.ts';

/** Who writes to the business meanwhile waits as long; what takes longer is left alone, for another try. */
const EMPTY_WITHIN_MS = 1500;
const LOOK_MS = 20;
const TRIES = 3;
const AGAIN_MS = 120_000;
/** VACUUM writes a copy, then all of it into the log. */
const COPIES = 3;

export interface Tidying extends Pick<Installation, 'workspaces' | 'space' | 'clock' | 'log'> {
  tender: DatabaseTender;
  /** Lets the search threads let go of a database. */
  release(workspace: { folder: string }): void;
  /** Whether it must be written anew, however little of it is free: something was deleted that must not be left in it. */
  mustWriteAnew(ws: Workspace): boolean;
  writtenAnew(ws: Workspace): void;
  againMs?: number;
}

/**
 * Cuts the log, and where much of the file is free writes the file anew. VACUUM holds the write lock for a second at 200 MB,
 * and whoever writes meanwhile stops the whole process: so the workspace is closed for it, and its visitors wait, alone.
 */
export async function tidyWorkspace(tidying: Tidying, id: string): Promise<void> {
  const { workspaces, tender, release, space, log } = tidying;
  const { file, folder, spare, bytes, must } = await workspaces.use(id, async (ws) => {
    release(ws);
    await tender.cutLog(ws);
    return { file: ws.sql.name, folder: ws.folder, ...tender.spareOf(ws), must: tidying.mustWriteAnew(ws) };
  });
  if ((!spare && !must) || space.figures.free < COPIES * bytes + space.figures.needed) return;
  let written = false;
  const write = async (): Promise<void> => {
    release({ folder });
    written = await tender.writeAnew(id, file);
  };
  for (let tries = 1; !(await whileResting(tidying, id, write)); tries++) {
    if (tries === TRIES) {
      log.warn({ workspace: id }, 'a file with much free room was not made smaller: the workspace is always at work');
      return;
    }
    await pause(tidying.againMs ?? AGAIN_MS);
  }
  if (written) await workspaces.use(id, (ws) => tidying.writtenAnew(ws));
}

/** Closes the workspace for one act on its files, and opens it again whatever comes of it. False when somebody kept holding it. */
async function whileResting({ workspaces, clock }: Tidying, id: string, act: () => Promise<void>): Promise<boolean> {
  const rested = Promise.withResolvers<void>();
  workspaces.bar(id, new RestingWorkspace(id, rested.promise));
  try {
    for (const until = clock.steady() + EMPTY_WITHIN_MS; !workspaces.shut(id);) {
      if (clock.steady() > until) return false;
      await pause(LOOK_MS);
    }
    await act();
    return true;
  } finally {
    workspaces.unbar(id);
    rested.resolve();
  }
}
