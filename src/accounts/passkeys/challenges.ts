/** What a passkey has to sign: random, for one answer, within five minutes, and for the purpose it was made for. */
import { and, eq, gt, lte } from '../../db/drizzle.ts';
import { passkeyChallenges } from '../../db/schema/control.ts';
import type { Installation } from '../../installation.ts';
import { randomToken, tokenHash } from '../../lib/ids.ts';

const HOLDS_MS = 5 * 60_000;

/** `sign-in`, where nobody is known yet, or what a known user is about to do. */
export type Purpose = 'sign-in' | `add ${number}` | `confirm ${number}`;

/** 32 random bytes, base64url. */
export function makeChallenge({ control, clock }: Installation, purpose: Purpose): string {
  const challenge = randomToken();
  const now = clock.now();
  control.write(() => {
    control.db.delete(passkeyChallenges).where(lte(passkeyChallenges.expiresAt, now)).run();
    control.db
      .insert(passkeyChallenges)
      .values({ hash: tokenHash(challenge), purpose, expiresAt: now + HOLDS_MS })
      .run();
  });
  return challenge;
}

/** Uses a challenge up; false when there is none of this purpose, or it is too old. */
export function takeChallenge({ control, clock }: Installation, purpose: Purpose, challenge: string): boolean {
  const open = and(
    eq(passkeyChallenges.hash, tokenHash(challenge)),
    eq(passkeyChallenges.purpose, purpose),
    gt(passkeyChallenges.expiresAt, clock.now()),
  );
  return control.durable(() => control.db.delete(passkeyChallenges).where(open).run().changes === 1);
}
