import { isIPv6 } from 'node:net';
import type { RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from './errors.ts';

/** The first 64 bits of an IPv6 address: one household has as many addresses as it likes. */
function keyOf(ip: string): string {
  if (!isIPv6(ip) || ip.startsWith('::ffff:')) return ip;
  const [head = '', tail = ''] = ip.split('::', 2);
  const front = head.split(':').filter(Boolean);
  const back = tail.split(':').filter(Boolean);
  const zeros = Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  return [...front, ...zeros, ...back].slice(0, 4).join(':');
}

/**
 * At most `points` requests in `seconds` from one address, then 429 with Retry-After. The address is held in memory for
 * that long and nowhere else.
 */
export function limit({ points, seconds }: { points: number; seconds: number }): RequestHandler {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return async (req, _res, next) => {
    try {
      await limiter.consume(keyOf(req.ip ?? 'unknown'));
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throw tooOften(refused.msBeforeNext / 1000);
    }
    next();
  };
}

/** `seconds`: until it makes sense to try again. */
export function tooOften(seconds: number): Problem {
  return new Problem(429, `That was too often. Try again in ${inWords(seconds)}.`, { retryAfter: seconds });
}

/** "40 seconds", "2 minutes". */
export function inWords(seconds: number): string {
  if (seconds < 90) return seconds <= 1 ? 'a second' : `${Math.ceil(seconds)} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
