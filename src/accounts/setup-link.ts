import { eq } from '../db/drizzle.ts';
import { installation as table } from '../db/schema/control.ts';
import type { Installation } from '../installation.ts';
import { randomToken, tokenHash } from '../lib/ids.ts';

/**
 * A fresh one-time link for making the owner, or undefined once there is one. Each start makes a new link and ends the one
 * before: whoever reads the console owns the machine, and an old log opens nothing.
 */
export function issueSetupLink(installation: Installation): string | undefined {
  const { control, settings } = installation;
  if (isSetUp(installation)) return undefined;
  const token = randomToken();
  control.durable(() => {
    control.db
      .update(table)
      .set({ setupTokenHash: tokenHash(token) })
      .where(eq(table.id, 1))
      .run();
  });
  return `${settings.baseUrl}/setup?token=${token}`;
}

export function isSetUp({ control }: Installation): boolean {
  return control.db.select({ at: table.setUpAt }).from(table).where(eq(table.id, 1)).get()?.at != null;
}

export function setupTokenHolds({ control }: Installation, token: string): boolean {
  const row = control.db.select({ hash: table.setupTokenHash, at: table.setUpAt }).from(table).where(eq(table.id, 1)).get();
  return row !== undefined && row.at === null && row.hash === tokenHash(token);
}
