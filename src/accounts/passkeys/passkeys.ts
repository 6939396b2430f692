/** A user's passkeys: added, asked for, listed, removed. A passkey alone signs in: it is device and finger in one. */
import { and, desc, eq } from '../../db/drizzle.ts';
import { passkeys } from '../../db/schema/control.ts';
import type { Installation } from '../../installation.ts';
import type { User } from '../../web/sessions.ts';
import { dropRecoveryCodes, ensureRecoveryCodes } from '../second-step/recovery-codes.ts';
import { asksSecondStep } from '../second-step/second-step.ts';
import type { Assertion, Attestation } from './answers.ts';
import { makeChallenge, takeChallenge, type Purpose } from './challenges.ts';
import type { Site } from './site.ts';

/** Loaded where a passkey is used: the library reads certificates, which no start needs. */
function library(): Promise<typeof import('@simplewebauthn/server')> {
  return import('@simplewebauthn/server');
}

/** EdDSA, ES256 and RS256: all that devices make. Left to itself, the library asks Node for what it only tries out, and is warned. */
const ALGORITHMS = [-8, -7, -257];

/** What the browser is asked to make. The device must check who holds it, by finger, face or PIN. */
export async function newPasskeyOptions(installation: Installation, site: Site, user: User): Promise<object> {
  const { generateRegistrationOptions } = await library();
  const known = installation.control.db.select().from(passkeys).where(eq(passkeys.userId, user.id)).all();
  return generateRegistrationOptions({
    rpName: 'Deskbell',
    rpID: site.id,
    userName: user.email,
    userDisplayName: `${user.firstName} ${user.lastName}`,
    // Stands on the device, so it tells nothing: a keyed hash.
    userID: new Uint8Array(Buffer.from(installation.vault.hash('passkey user', String(user.id)), 'hex')),
    challenge: asBytes(makeChallenge(installation, `add ${user.id}`)),
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** What any passkey of this site is asked to sign. It names none: nobody learns who has an account. */
export async function passkeyOptions(installation: Installation, site: Site, purpose: Purpose): Promise<object> {
  const { generateAuthenticationOptions } = await library();
  return generateAuthenticationOptions({
    rpID: site.id,
    challenge: asBytes(makeChallenge(installation, purpose)),
    userVerification: 'required',
  });
}

function asBytes(challenge: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(challenge, 'base64url'));
}

export type Added = { outcome: 'added'; codes: string[] | undefined } | { outcome: 'refused'; cause: unknown };

/** Keeps a new passkey. With the first of all second steps come recovery codes, returned this once. */
export async function addPasskey(
  installation: Installation,
  site: Site,
  userId: number,
  given: { name: string; answer: Attestation },
): Promise<Added> {
  const { verifyRegistrationResponse } = await library();
  const { control, clock } = installation;
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: given.answer,
      expectedChallenge: (challenge) => takeChallenge(installation, `add ${userId}`, challenge),
      expectedOrigin: site.origin,
      expectedRPID: site.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!registrationInfo) return { outcome: 'refused', cause: 'not verified' };
    const { id: credentialId, publicKey, counter } = registrationInfo.credential;
    const row = { userId, credentialId, publicKey: Buffer.from(publicKey), counter, name: given.name, createdAt: clock.now() };
    return control.durable(() => {
      control.db.insert(passkeys).values(row).run();
      return { outcome: 'added', codes: ensureRecoveryCodes(installation, userId) };
    });
  } catch (cause) {
    return { outcome: 'refused', cause };
  }
}

/** Whose passkey signed this challenge; undefined when it is none that is known here, or doesn't prove it. */
export async function whoseAnswer(
  installation: Installation,
  site: Site,
  purpose: Purpose,
  answer: Assertion,
): Promise<number | undefined> {
  const { control, clock, log } = installation;
  const row = control.db.select().from(passkeys).where(eq(passkeys.credentialId, answer.id)).get();
  if (!row) return undefined;
  const { verifyAuthenticationResponse } = await library();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: (challenge) => takeChallenge(installation, purpose, challenge),
      expectedOrigin: site.origin,
      expectedRPID: site.id,
      requireUserVerification: true,
      credential: { id: row.credentialId, publicKey: new Uint8Array(row.publicKey), counter: row.counter },
    });
    if (!verified) return undefined;
    control.durable(() => {
      control.db.update(passkeys).set({ counter: authenticationInfo.newCounter, usedAt: clock.now() }).where(eq(passkeys.id, row.id)).run();
    });
    return row.userId;
  } catch (err) {
    log.info({ err, passkey: row.id }, 'a passkey was refused');
    return undefined;
  }
}

export interface ListedPasskey {
  id: number;
  name: string;
  createdAt: number;
  usedAt: number | null;
}

/** The newest first. */
export function passkeysOf({ control }: Installation, userId: number): ListedPasskey[] {
  const { id, name, createdAt, usedAt } = passkeys;
  return control.db.select({ id, name, createdAt, usedAt }).from(passkeys).where(eq(passkeys.userId, userId)).orderBy(desc(id)).all();
}

/** Removes one of a user's passkeys; false when it isn't theirs, or is gone. With the last second step go the recovery codes. */
export function removePasskey(installation: Installation, userId: number, id: number): boolean {
  const { control } = installation;
  return control.durable(() => {
    const gone =
      control.db
        .delete(passkeys)
        .where(and(eq(passkeys.id, id), eq(passkeys.userId, userId)))
        .run().changes === 1;
    if (!asksSecondStep(installation, userId)) dropRecoveryCodes(installation, userId);
    return gone;
  });
}
