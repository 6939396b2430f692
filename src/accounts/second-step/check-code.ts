import type { Installation } from '../../installation.ts';
import { inWords } from '../../web/limits.ts';
import type { PasswordCheck } from '../check-password.ts';
import { beginTry, tryWasRight } from '../lockout.ts';
import { useAppCode } from './authenticator.ts';
import { useRecoveryCode } from './recovery-codes.ts';

/**
 * The one place where a code is compared, of the app or for its loss. It counts its tries apart from the password's: a right
 * password, given again, must not give five more.
 */
export function checkCode(installation: Installation, userId: number, code: string, ip: string | undefined): PasswordCheck {
  const who = `second step of ${userId}`;
  const wait = beginTry(installation, who, ip);
  if (wait > 0) {
    const seconds = wait / 1000;
    return { outcome: 'wait', seconds, says: `There were too many wrong codes. Wait ${inWords(seconds)}, then try again.` };
  }
  const typed = code.replace(/\s/g, '');
  const right = /^\d{6}$/.test(typed) ? useAppCode(installation, userId, typed) : useRecoveryCode(installation, userId, typed);
  if (!right) return { outcome: 'wrong' };
  tryWasRight(installation, who, ip);
  return { outcome: 'right', userId };
}
