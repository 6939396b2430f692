/** Sign-ins whose password was right and whose second step is waited for: no session yet, ten minutes at most. */
import { eq, lte } from '../../db/drizzle.ts';
import { secondSteps } from '../../db/schema/control.ts';
import type { Installation } from '../../installation.ts';
import { randomToken, tokenHash } from '../../lib/ids.ts';

const HOLDS_MS = 10 * 60_000;

/** Returns the token that the form of the second step carries. */
export function awaitSecondStep({ control, clock }: Installation, userId: number): string {
  const token = randomToken();
  const now = clock.now();
  control.durable(() => {
    control.db.delete(secondSteps).where(lte(secondSteps.expiresAt, now)).run();
    control.db
      .insert(secondSteps)
      .values({ tokenHash: tokenHash(token), userId, expiresAt: now + HOLDS_MS })
      .run();
  });
  return token;
}

/** Whose sign-in waits under this token; undefined when it took too long, or was finished. */
export function whoseSecondStep({ control, clock }: Installation, token: string): number | undefined {
  const row = control.db
    .select()
    .from(secondSteps)
    .where(eq(secondSteps.tokenHash, tokenHash(token)))
    .get();
  return row && row.expiresAt > clock.now() ? row.userId : undefined;
}

/** Ends the waiting of all of a user's sign-ins: one is done, or their password is another one. */
export function endSecondSteps({ control }: Installation, userId: number): void {
  control.durable(() => {
    control.db.delete(secondSteps).where(eq(secondSteps.userId, userId)).run();
  });
}
