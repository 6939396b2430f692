/** A tenant's folder: how it is made, and how it is opened again without ever beginning anew. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Installation } from './installation.ts';
import type { Bus } from './lib/bus.ts';
import { flushFolder, makeFolder } from './lib/files.ts';
import { Workspace } from './workspace.ts';

export interface NewWorkspace {
  name: string;
  website?: string | null;
  language: string;
  timezone: string;
  currency: string;
}

interface Place {
  id: string;
  folder: string;
  bus: Bus;
}

const BUSINESS = `
  INSERT INTO business (id, name, website, language, timezone, currency)
  VALUES (1, @name, @website, @language, @timezone, @currency)`;

/** The business that was here isn't in this folder any more. */
export class NotThere extends Error {}

/** Makes a folder, a key and a database, then the row that leads to them: a kill in between leaves an unused folder. */
export function makeWorkspace(installation: Installation, { id, folder, bus }: Place, init: NewWorkspace): Workspace {
  const { control, vault, clock } = installation;
  makeFolder(folder);
  vault.makeWorkspaceKey(id, folder);
  flushFolder(join(folder, '..'));
  const workspace = new Workspace(installation, id, folder, bus);
  workspace.durable(() => {
    workspace.prepare(BUSINESS).run({ ...init, website: init.website ?? null });
  });
  control.durable(() => {
    control.prepare('INSERT INTO workspaces (id, name, created_at) VALUES (?, ?, ?)').run(id, init.name, clock.now());
  });
  return workspace;
}

/** Throws NotThere, or what the database throws. */
export function openWorkspace(installation: Installation, { id, folder, bus }: Place): Workspace {
  if (!existsSync(folder)) throw new NotThere(`${folder} is not there`);
  const workspace = new Workspace(installation, id, folder, bus);
  // SQLite makes anew what isn't there. A business that has lost its database must not begin again as an empty one.
  if (workspace.prepare('SELECT 1 FROM business').get() !== undefined) return workspace;
  workspace.close();
  throw new NotThere('it holds no business: it is not the one that was here');
}
