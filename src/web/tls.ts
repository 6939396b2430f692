import type { Request, RequestHandler } from 'express';
import { isAddress, reachOf } from '../lib/addresses.ts';
import { render } from './render.ts';
import { wantsJson } from './wants.ts';

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[?::1\]?)$/i;
const HOUSE_NAMES = /^(?:localhost|[a-z0-9-]+)$|\.(?:localhost|local|internal|lan|home\.arpa)$/i;

/** Whether a host's name can only mean this machine or this house: no stranger stands between. */
export function isPrivateHost(host: string): boolean {
  return isAddress(host) ? reachOf(host) === 'private' : HOUSE_NAMES.test(host);
}

/** Whether the page must warn: it works, but whoever shares this network can read along. */
export function readableOnTheWay(req: Request): boolean {
  return !req.secure && !LOOPBACK.test(req.hostname);
}

/**
 * On a public address without TLS, passwords and conversations could be read by anybody on the way: then there is only a
 * page that says how to get TLS. Loopback and private addresses work over http, with a warning.
 */
export const onlyOverTls: RequestHandler = (req, res, next) => {
  const host = req.hostname || '';
  if (req.secure || (host !== '' && isPrivateHost(host))) {
    next();
    return;
  }
  res.status(403);
  res.setHeader('Cache-Control', 'no-store');
  const says = 'This address is public and has no TLS, so nothing is served here but this. Start it with DOMAIN=your.domain docker compose up -d and open https://your.domain.';
  if (wantsJson(req)) {
    res.json({ error: says });
    return;
  }
  render(res, 'errors/needs-tls', { title: 'This address needs TLS', host, behindProxy: req.headers['x-forwarded-proto'] === 'https' }, { layout: 'bare' });
};
