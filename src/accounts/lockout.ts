import { eq, inArray, lte } from '../db/drizzle.ts';
import { signInFailures } from '../db/schema/control.ts';
import type { Installation } from '../installation.ts';
import { networkOf } from '../web/limits.ts';

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;
/** Tries before the first wait. A network may hold a whole office, so it gets more. */
const FREE = { address: 5, network: 30 };

interface Subject {
  kind: keyof typeof FREE;
  hash: string;
}

/** The address and the network, as keyed hashes: the table tells nobody who tried to sign in. */
function subjects(installation: Installation, email: string, ip: string | undefined): Subject[] {
  return [
    { kind: 'address', hash: installation.vault.hash('sign-in address', email) },
    { kind: 'network', hash: installation.vault.hash('sign-in network', networkOf(ip)) },
  ];
}

function waitAfter(failures: number, free: number): number {
  return failures < free ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (failures - free), LONGEST_WAIT_MS);
}

/**
 * Counts a try before its password is looked at, so that a hundred tries at once can't all slip in before the first has
 * failed. Returns the milliseconds to wait, and then nothing was counted; 0 means go on.
 */
export function beginTry(installation: Installation, email: string, ip: string | undefined): number {
  const { control, clock } = installation;
  const now = clock.now();
  const both = subjects(installation, email, ip);
  return control.durable(() => {
    const rows = control.db
      .select()
      .from(signInFailures)
      .where(
        inArray(
          signInFailures.subject,
          both.map(({ hash }) => hash),
        ),
      )
      .all();
    const wait = Math.max(0, ...rows.map(({ lockedUntil }) => (lockedUntil ?? 0) - now));
    if (wait > 0) return wait;
    for (const { kind, hash } of both) {
      const before = rows.find(({ subject }) => subject === hash);
      const failures = before && now - before.lastAt < FORGOTTEN_AFTER_MS ? before.failures + 1 : 1;
      const pause = waitAfter(failures, FREE[kind]);
      const row = { failures, lockedUntil: pause > 0 ? now + pause : null, lastAt: now };
      control.db
        .insert(signInFailures)
        .values({ subject: hash, ...row })
        .onConflictDoUpdate({ target: signInFailures.subject, set: row })
        .run();
    }
    return 0;
  });
}

/** The try was right: the address is cleared, and the network gets this one try back. */
export function tryWasRight(installation: Installation, email: string, ip: string | undefined): void {
  const { control } = installation;
  control.write(() => {
    for (const { kind, hash } of subjects(installation, email, ip)) {
      if (kind === 'address') control.db.delete(signInFailures).where(eq(signInFailures.subject, hash)).run();
      else control.prepare('UPDATE sign_in_failures SET failures = max(failures - 1, 0), locked_until = NULL WHERE subject = ?').run(hash);
    }
  });
}

/** Forgets tries older than a day. For the daily schedule. */
export function sweepSignInFailures(installation: Installation): number {
  const { control, clock } = installation;
  return control.write(
    () =>
      control.db
        .delete(signInFailures)
        .where(lte(signInFailures.lastAt, clock.now() - FORGOTTEN_AFTER_MS))
        .run().changes,
  );
}
