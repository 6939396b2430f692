import { eq } from '../db/drizzle.ts';
import { users } from '../db/schema/control.ts';
import type { Installation } from '../installation.ts';
import { inWords } from '../web/limits.ts';
import { beginTry, tryWasRight } from './lockout.ts';
import { passwordMatches, passwordOfNobody } from './passwords.ts';

export type PasswordCheck =
  { outcome: 'right'; userId: number } | { outcome: 'wrong' } | { outcome: 'wait'; seconds: number; says: string };

/**
 * The one place where a password is compared: sign-in, the password asked again, a change of password. A wrong address
 * takes as long as a wrong password, and both count towards the lockout.
 */
export async function checkPassword(
  installation: Installation,
  email: string,
  password: string,
  ip: string | undefined,
): Promise<PasswordCheck> {
  const wait = beginTry(installation, email, ip);
  if (wait > 0)
    return {
      outcome: 'wait',
      seconds: wait / 1000,
      says: `There were too many wrong passwords. Wait ${inWords(wait / 1000)}, then try again.`,
    };
  const user = installation.control.db.select().from(users).where(eq(users.email, email)).get();
  const right = user ? await passwordMatches(password, user.passwordHash) : await passwordOfNobody(password);
  if (!user || !right) return { outcome: 'wrong' };
  tryWasRight(installation, email, ip);
  return { outcome: 'right', userId: user.id };
}
