import { createRequire } from 'node:module';
import type { RequestHandler } from 'express';
import ipaddr from 'ipaddr.js';
import type * as Limiters from 'rate-limiter-flexible';
import { Problem } from './problem.ts';

const require = createRequire(import.meta.url);
// By their own files: the package's door loads limiters for thirty databases, 10 ms of every start.
const RateLimiterMemory = require('rate-limiter-flexible/lib/RateLimiterMemory.js') as typeof Limiters.RateLimiterMemory;
const RateLimiterRes = require('rate-limiter-flexible/lib/RateLimiterRes.js') as typeof Limiters.RateLimiterRes;

/** An IPv6 address counts by its first 64 bits: one household has as many addresses as it likes. */
export function networkOf(ip: string | undefined): string {
  if (ip === undefined || !ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  return address instanceof ipaddr.IPv6
    ? address.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')
    : address.toString();
}

/**
 * At most `points` requests in `seconds` from one address, then 429 with Retry-After. The address is held in memory for
 * that long and nowhere else.
 */
export function limit({ points, seconds }: { points: number; seconds: number }): RequestHandler {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return async (req, _res, next) => {
    try {
      await limiter.consume(networkOf(req.ip));
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
