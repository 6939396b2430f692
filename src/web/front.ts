import type { Server } from 'node:http';
import express, { type Express } from 'express';
import type { Installation } from '../installation.ts';
import { beginRequest } from './guard.ts';
import { healthRoutes } from './health.routes.ts';

export type { Express };

/**
 * Listens while the rooms are still being read: says at once that the process lives, and answers everything else as soon
 * as the whole app is there. Nobody is refused, and a proxy that holds requests during a restart lets go of them sooner.
 * Express makes the server, since `node:http` by import costs a start 35 ms and 14 MB (see lib/outbound.ts).
 */
export function openFront(installation: Installation, whole: Promise<Express>): Promise<Server> {
  const front = express();
  front.disable('x-powered-by');
  front.use(beginRequest(installation));
  front.use(healthRoutes(installation));
  front.use(async (req, res) => (await whole)(req, res));
  const { port, host } = installation.settings;
  return new Promise((resolve, reject) => {
    const server: Server = front.listen(port, host, (error) => (error ? reject(error) : resolve(server)));
  });
}

/** From now on the whole app answers, without the front before it. */
export function replaceFront(server: Server, app: Express): void {
  server.removeAllListeners('request').on('request', app);
}
