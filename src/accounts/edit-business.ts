import { eq } from '../db/drizzle.ts';
import { business } from '../db/schema/workspace.ts';
import { audit } from '../web/audit.ts';
import type { Workspace } from '../workspace.ts';

export interface Business {
  name: string;
  website: string | null;
  language: string;
  timezone: string;
  currency: string;
}

export function businessOf(ws: Workspace): Business {
  const row = ws.db.select().from(business).where(eq(business.id, 1)).get();
  if (!row) throw new Error('a workspace has no business row');
  const { name, website, language, timezone, currency } = row;
  return { name, website, language, timezone, currency };
}

/** Changes what customers and bots know of the business, and its name in the list of workspaces. */
export function editBusiness(ws: Workspace, userId: number, fields: Business): void {
  const before = businessOf(ws);
  ws.durable(() => {
    ws.db.update(business).set(fields).where(eq(business.id, 1)).run();
    audit(ws, { actor: userId, action: 'business.edited' });
  });
  if (before.name !== fields.name) ws.installation.workspaces.rename(ws.id, fields.name);
}
