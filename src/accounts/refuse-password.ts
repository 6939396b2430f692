import type { ServerResponse } from 'node:http';
import type { PasswordCheck } from './check-password.ts';

/** Says why it didn't work, with the status and Retry-After that programs understand. */
export function refuse(res: ServerResponse, check: Exclude<PasswordCheck, { outcome: 'right' }>, wrong: string): string {
  if (check.outcome === 'wrong') {
    res.statusCode = 422;
    return wrong;
  }
  res.statusCode = 429;
  res.setHeader('Retry-After', String(Math.ceil(check.seconds)));
  return check.says;
}
