import type { Request } from 'express';
import { isAddress, reachOf } from '../lib/addresses.ts';

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[?::1\]?)$/i;
const HOUSE_NAMES = /^(?:localhost|[a-z0-9-]+)$|\.(?:localhost|local|internal|lan|home\.arpa)$/i;

const KNOWN_AT_MOST = 100;
const known = new Map<string, boolean>();

/**
 * Whether a host's name can only mean this machine or this house: no stranger stands between. Asked at each request, for
 * the same few names: parsing an address costs as much as routing the request.
 */
export function isPrivateHost(host: string): boolean {
  const before = known.get(host);
  if (before !== undefined) return before;
  const isPrivate = isAddress(host) ? reachOf(host) === 'private' : HOUSE_NAMES.test(host);
  // A stranger may send any name: what was learned is forgotten before it grows.
  if (known.size >= KNOWN_AT_MOST) known.clear();
  known.set(host, isPrivate);
  return isPrivate;
}

/** Whether the page must warn: it works, but whoever shares this network can read along. */
export function readableOnTheWay(req: Request): boolean {
  return !req.secure && isPrivateHost(req.hostname) && !LOOPBACK.test(req.hostname);
}
