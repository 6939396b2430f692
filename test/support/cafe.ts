import type { Workspace } from '../../src/workspace.ts';
import { startServer, type Client, type ServerOptions, type TestServer } from './http.ts';

/** Café Aurora served for real, its workspace held open, its owner signed in. */
export interface Cafe {
  server: TestServer;
  ws: Workspace;
  owner: Client;
  /** Where the workspace's pages are: `/w/<id>`. */
  base: string;
}

type Hook = (act: () => Promise<void>) => void;

/**
 * Opens the café at `begin` and shuts it at `end`: `before` and `after` for one that all tests of a suite share, or
 * `beforeEach` and `afterEach`. What is returned is filled by then. `options` is asked at each opening.
 */
export function openCafe(begin: Hook, end: Hook, options: () => ServerOptions = () => ({})): Cafe {
  const cafe = {} as Cafe;
  let release: () => void;
  begin(async () => {
    const server = await startServer(options());
    const held = server.installation.workspaces.hold(server.workspace);
    release = held.release;
    Object.assign(cafe, { server, ws: held.workspace, owner: await server.as('owner'), base: `/w/${server.workspace}` } satisfies Cafe);
  });
  end(async () => {
    release();
    await cafe.server.end();
  });
  return cafe;
}
