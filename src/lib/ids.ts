import { createHash, randomBytes } from 'node:crypto';

const ALPHABET = '23456789abcdefghijkmnpqrstuvwxyz';

/**
 * An id that can't be guessed, for what the outside sees: `prefix_` and 20 characters of 5 bits (100 bits).
 * No 0/O/1/l, so that it can be read aloud.
 */
export function publicId(prefix: string): string {
  let id = '';
  for (const byte of randomBytes(20)) id += ALPHABET[byte & 31];
  return `${prefix}_${id}`;
}

/** A token for a link or a session: 32 random bytes, base64url (43 characters). */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256 in hex. Tokens are stored as this: they are random, so no salt is needed. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
