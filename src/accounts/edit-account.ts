import { eq } from '../db/drizzle.ts';
import { users } from '../db/schema/control.ts';
import type { Installation } from '../installation.ts';
import { hashPassword } from './passwords.ts';
import { endSecondSteps } from './second-step/waiting-sign-ins.ts';

export interface AccountFields {
  firstName: string;
  lastName: string;
  company: string | null;
  phone: string | null;
  country: string | null;
}

/** Changes what a user says of themselves. The address stays: it is what they sign in with. */
export function editAccount({ control }: Installation, userId: number, fields: AccountFields): void {
  control.durable(() => {
    control.db.update(users).set(fields).where(eq(users.id, userId)).run();
  });
}

export const themes = ['system', 'light', 'dark'] as const;

export function setTheme({ control }: Installation, userId: number, theme: (typeof themes)[number]): void {
  control.write(() => {
    control.db.update(users).set({ theme }).where(eq(users.id, userId)).run();
  });
}

/** Sets a new password. The caller has checked the old one, and ends the other sessions afterwards. */
export async function changePassword(installation: Installation, userId: number, password: string): Promise<void> {
  const { control } = installation;
  const passwordHash = await hashPassword(password);
  control.durable(() => {
    control.db.update(users).set({ passwordHash }).where(eq(users.id, userId)).run();
    endSecondSteps(installation, userId);
  });
}
