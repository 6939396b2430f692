/** Ten codes for who has lost what they sign in with. */
import { randomBytes } from 'node:crypto';
import { and, eq, isNull } from '../../db/drizzle.ts';
import { recoveryCodes } from '../../db/schema/control.ts';
import type { Installation } from '../../installation.ts';

const COUNT = 10;
const HALF = 5;
/** Letters that nobody takes for a digit, and digits that nobody takes for a letter. */
const ALPHABET = '23456789abcdefghijkmnpqrstuvwxyz';

/** Fifty bits as `x4fk2-9hmqz`. */
function newCode(): string {
  const letters = [...randomBytes(2 * HALF)].map((byte) => ALPHABET[byte & 31]).join('');
  return `${letters.slice(0, HALF)}-${letters.slice(HALF)}`;
}

/** By a keyed hash: a stolen control.db is no help in guessing them. */
function hashOf({ vault }: Installation, userId: number, code: string): string {
  return vault.hash('recovery code', String(userId), code.toLowerCase().replace(/[\s-]/g, ''));
}

/** Makes ten new codes and ends those before. They are returned this once. Inside a transaction of control.db. */
export function newRecoveryCodes(installation: Installation, userId: number): string[] {
  const { db } = installation.control;
  const codes = Array.from({ length: COUNT }, newCode);
  db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId)).run();
  db.insert(recoveryCodes)
    .values(codes.map((code) => ({ userId, codeHash: hashOf(installation, userId, code) })))
    .run();
  return codes;
}

/** Uses a code up; false when it is none of theirs, or was used before. */
export function useRecoveryCode(installation: Installation, userId: number, code: string): boolean {
  const { control, clock } = installation;
  const theirs = and(
    eq(recoveryCodes.userId, userId),
    eq(recoveryCodes.codeHash, hashOf(installation, userId, code)),
    isNull(recoveryCodes.usedAt),
  );
  return control.durable(() => control.db.update(recoveryCodes).set({ usedAt: clock.now() }).where(theirs).run().changes === 1);
}

/** Codes for who has none yet, returned this once; undefined for who has. Inside a transaction of control.db. */
export function ensureRecoveryCodes(installation: Installation, userId: number): string[] | undefined {
  const { control } = installation;
  const has = control.prepare('SELECT 1 FROM recovery_codes WHERE user_id = ?').get(userId);
  return has === undefined ? newRecoveryCodes(installation, userId) : undefined;
}

export function dropRecoveryCodes({ control }: Installation, userId: number): void {
  control.db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId)).run();
}

export function recoveryCodesLeft({ control }: Installation, userId: number): number {
  return control.prepare('SELECT count(*) FROM recovery_codes WHERE user_id = ? AND used_at IS NULL').pluck().get(userId) as number;
}
