/** A user's authenticator app: shown, confirmed by its first code, asked at each sign-in, taken away. */
import { randomBytes } from 'node:crypto';
import { and, eq, isNotNull, isNull, lt } from '../../db/drizzle.ts';
import { authenticators } from '../../db/schema/control.ts';
import type { Installation } from '../../installation.ts';
import { Secret } from '../../lib/secret.ts';
import { dropRecoveryCodes, ensureRecoveryCodes } from './recovery-codes.ts';
import { asksSecondStep } from './second-step.ts';
import { stepOfCode, toBase32, totpAddress } from './totp.ts';

/** As long as the hash, as RFC 4226 advises. */
const SECRET_BYTES = 20;

function placeOf(userId: number): { table: string; column: string; row: number } {
  return { table: 'authenticators', column: 'secret_sealed', row: userId };
}

/** Makes a secret for an app to take. It asks nobody for anything until it is confirmed; one that is confirmed stays. */
export function beginAuthenticator(installation: Installation, userId: number): void {
  const { control, clock, vault } = installation;
  const secretSealed = vault.seal(placeOf(userId), new Secret(toBase32(randomBytes(SECRET_BYTES))));
  const fresh = { secretSealed, createdAt: clock.now() };
  control.durable(() => {
    control.db
      .insert(authenticators)
      .values({ userId, ...fresh })
      .onConflictDoUpdate({ target: authenticators.userId, set: fresh, setWhere: isNull(authenticators.confirmedAt) })
      .run();
  });
}

/** What an app has to take, as its address and in letters; undefined when nothing was begun, or it is confirmed. */
export function waitingAuthenticator(
  { control, vault, settings }: Installation,
  { id: userId, email }: { id: number; email: string },
): { address: string; letters: string } | undefined {
  const waits = and(eq(authenticators.userId, userId), isNull(authenticators.confirmedAt));
  const row = control.db.select({ sealed: authenticators.secretSealed }).from(authenticators).where(waits).get();
  if (!row) return undefined;
  const secret = vault.open(placeOf(userId), row.sealed).reveal();
  return {
    address: totpAddress(secret, { issuer: `Deskbell ${new URL(settings.baseUrl).hostname}`, account: email }),
    letters: (secret.match(/.{1,4}/g) ?? []).join(' '),
  };
}

export type Confirmed = { outcome: 'confirmed'; codes: string[] | undefined } | { outcome: 'wrong' };

/** Confirms the app by a code that it shows. With the first of all second steps come recovery codes, returned this once. */
export function confirmAuthenticator(installation: Installation, userId: number, code: string): Confirmed {
  const { control, clock } = installation;
  return control.durable(() => {
    if (!takeCode(installation, userId, code, false)) return { outcome: 'wrong' };
    control.db.update(authenticators).set({ confirmedAt: clock.now() }).where(eq(authenticators.userId, userId)).run();
    return { outcome: 'confirmed', codes: ensureRecoveryCodes(installation, userId) };
  });
}

/** Whether this is the app's code of now. Each is taken once: who looked over a shoulder comes too late. */
export function useAppCode(installation: Installation, userId: number, code: string): boolean {
  return takeCode(installation, userId, code, true);
}

function takeCode({ control, clock, vault }: Installation, userId: number, code: string, confirmed: boolean): boolean {
  const at = authenticators.confirmedAt;
  const theirs = and(eq(authenticators.userId, userId), confirmed ? isNotNull(at) : isNull(at));
  return control.durable(() => {
    const row = control.db.select({ sealed: authenticators.secretSealed }).from(authenticators).where(theirs).get();
    const step = row && stepOfCode(vault.open(placeOf(userId), row.sealed).reveal(), code, clock.now());
    if (step === undefined) return false;
    const later = and(eq(authenticators.userId, userId), lt(authenticators.lastStep, step));
    return control.db.update(authenticators).set({ lastStep: step }).where(later).run().changes === 1;
  });
}

/** Turns the app off; with the last second step go the codes that stood in for it. */
export function removeAuthenticator(installation: Installation, userId: number): void {
  const { control } = installation;
  control.durable(() => {
    control.db.delete(authenticators).where(eq(authenticators.userId, userId)).run();
    if (!asksSecondStep(installation, userId)) dropRecoveryCodes(installation, userId);
  });
}

/** Since when an app is asked at sign-in (UTC ms), or null. */
export function authenticatorSince({ control }: Installation, userId: number): number | null {
  const since = control.prepare('SELECT confirmed_at FROM authenticators WHERE user_id = ?').pluck().get(userId);
  return typeof since === 'number' ? since : null;
}
