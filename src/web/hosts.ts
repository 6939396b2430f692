import type { Request } from 'express';
import { isAddress, reachOf } from '../lib/addresses.ts';

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[?::1\]?)$/i;
const HOUSE_NAMES = /^(?:localhost|[a-z0-9-]+)$|\.(?:localhost|local|internal|lan|home\.arpa)$/i;

/** Whether a host's name can only mean this machine or this house: no stranger stands between. */
export function isPrivateHost(host: string): boolean {
  return isAddress(host) ? reachOf(host) === 'private' : HOUSE_NAMES.test(host);
}

/** Whether the page must warn: it works, but whoever shares this network can read along. */
export function readableOnTheWay(req: Request): boolean {
  return !req.secure && isPrivateHost(req.hostname) && !LOOPBACK.test(req.hostname);
}
