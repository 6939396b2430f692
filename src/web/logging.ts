import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { publicId } from '../lib/ids.ts';
import { loggedIds } from './present.ts';

const ids = new WeakMap<Response, string>();

/** The id under which the log knows this request; an error page shows it as its reference. */
export function requestId(res: Response): string {
  const known = ids.get(res);
  if (known) return known;
  const made = publicId('req');
  ids.set(res, made);
  return made;
}

/** Health checks and assets come by the dozen and say nothing. */
function quiet(route: unknown): boolean {
  return route === '/livez' || route === '/readyz' || (typeof route === 'string' && route.startsWith('/assets/'));
}

/**
 * One line for each request: ids, the route's pattern (never the address, which may hold a token), status, time.
 * No IP, no header, no text: the log may be kept longer than any of these.
 */
export function requestLog(log: Logger, clock: Clock): RequestHandler {
  return (req, res, next) => {
    const began = clock.steady();
    res.on('close', () => {
      const { path: route } = (req.route ?? {}) as { path?: unknown };
      log[quiet(route) ? 'debug' : 'info'](
        {
          request: requestId(res),
          method: req.method,
          route: typeof route === 'string' ? route : '(none)',
          status: res.statusCode,
          cut: !res.writableFinished,
          ms: Math.round((clock.steady() - began) * 10) / 10,
          ...loggedIds(res),
        },
        'request',
      );
    });
    next();
  };
}
