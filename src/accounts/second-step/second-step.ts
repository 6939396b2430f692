import type { Installation } from '../../installation.ts';

const ASKS = `SELECT EXISTS (SELECT 1 FROM authenticators WHERE user_id = @user AND confirmed_at IS NOT NULL)
  OR EXISTS (SELECT 1 FROM passkeys WHERE user_id = @user)`;

/** Whether a user's password alone opens nothing: they have an app, or a passkey. */
export function asksSecondStep({ control }: Installation, userId: number): boolean {
  return control.prepare(ASKS).pluck().get({ user: userId }) === 1;
}
