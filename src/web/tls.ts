import type { Request, RequestHandler } from 'express';
import { isPrivateHost } from './hosts.ts';
import { render } from './render.ts';
import { wantsJson } from './wants.ts';

/** Whether nobody on the way can read along: TLS, or an address that doesn't leave the house. */
export function isSafeWay(req: Request): boolean {
  const host = req.hostname || '';
  return req.secure || (host !== '' && isPrivateHost(host));
}

/**
 * For routes that stand before the log and the pages' headers: on a public address without TLS they are passed over, and
 * `onlyOverTls` further down says how to get it.
 */
export function onlySafely(tls: boolean): RequestHandler {
  return (req, res, next) => {
    if (!isSafeWay(req)) {
      next('router');
      return;
    }
    res.setHeader('X-Content-Type-Options', 'nosniff');
    if (tls) res.setHeader('Strict-Transport-Security', 'max-age=31536000');
    next();
  };
}

/**
 * On a public address without TLS, passwords and conversations could be read by anybody on the way: then there is only a
 * page that says how to get TLS. Loopback and private addresses work over http, with a warning.
 */
export const onlyOverTls: RequestHandler = (req, res, next) => {
  const host = req.hostname || '';
  if (isSafeWay(req)) {
    next();
    return;
  }
  res.status(403);
  res.setHeader('Cache-Control', 'no-store');
  const says =
    'This address is public and has no TLS, so nothing is served here but this. Start it with DOMAIN=your.domain docker compose up -d and open https://your.domain.';
  if (wantsJson(req)) {
    res.json({ error: says });
    return;
  }
  render(
    res,
    'errors/needs-tls',
    { title: 'This address needs TLS', host, behindProxy: req.headers['x-forwarded-proto'] === 'https' },
    { layout: 'bare' },
  );
};
