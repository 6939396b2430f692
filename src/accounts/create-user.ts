import { users } from '../db/schema/control.ts';
import { eq } from '../db/drizzle.ts';
import type { Installation } from '../installation.ts';

/** A person who signs in. The age of 16 was confirmed by them before this is made. */
export interface NewUser {
  firstName: string;
  lastName: string;
  /** Lower-cased and trimmed. */
  email: string;
  company?: string | null;
  phone?: string | null;
  /** ISO 3166 code. */
  country?: string | null;
}

/** Inserts the user; runs inside a transaction of control.db. Undefined when the address is taken. */
export function insertUser(installation: Installation, person: NewUser, passwordHash: string, isOperator: boolean): number | undefined {
  const { control, clock } = installation;
  const now = clock.now();
  return control.db
    .insert(users)
    .values({ ...person, passwordHash, confirmedAgeAt: now, isOperator, createdAt: now })
    .onConflictDoNothing({ target: users.email })
    .returning({ id: users.id })
    .get()?.id;
}

export function emailIsTaken({ control }: Installation, email: string): boolean {
  return control.db.select({ id: users.id }).from(users).where(eq(users.email, email)).get() !== undefined;
}
