import type { Express } from 'express';
import type { Action } from '../../src/web/permissions.ts';

export interface FoundRoute {
  method: string;
  path: string;
  /** What its first handler asks for; undefined when that is no guard. */
  permission: Action | undefined;
}

type Layer = Express['router']['stack'][number];
type Handle = Layer['handle'] & { permission?: Action; stack?: Layer[] };

/** Every route of an app, through all its routers. Reads Express's own stack: what is mounted is what is found. */
export function routesOf(app: Pick<Express, 'router'>): FoundRoute[] {
  return walk(app.router.stack);
}

function walk(layers: Layer[]): FoundRoute[] {
  return layers.flatMap(({ route, handle }) => {
    if (!route) return walk((handle as Handle).stack ?? []);
    // The handlers of a route are layers too, each with its method; those of `all` have none.
    const first = new Map<string, Handle>();
    for (const layer of route.stack) {
      const method = layer.method?.toUpperCase() ?? 'ALL';
      if (!first.has(method)) first.set(method, layer.handle);
    }
    return [...first].map(([method, { permission }]) => ({ method, path: route.path, permission }));
  });
}
