/** The business's own mail server: one, or none. */
import { eq } from '../db/drizzle.ts';
import { mailServer } from '../db/schema/workspace.ts';
import type { Secret } from '../lib/secret.ts';
import { audit } from '../web/audit.ts';
import type { Workspace } from '../workspace.ts';

export interface MailServer {
  host: string;
  port: number;
  /** From the first byte, after a word in the open, or never: the last for private addresses alone. */
  security: 'tls' | 'starttls' | 'none';
  /** Null where it asks for no sign-in. */
  user: string | null;
  password: Secret | null;
  fromName: string;
  fromAddress: string;
}

const place = { table: 'mail_server', column: 'password_sealed', row: 1 };

/** The server that was saved, with its password revealed for this call only; null where none was. */
export function mailServerOf(ws: Workspace): MailServer | null {
  const row = ws.db.select().from(mailServer).where(eq(mailServer.id, 1)).get();
  if (!row) return null;
  const { host, port, security, user, passwordSealed, fromName, fromAddress } = row;
  return { host, port, security, user, fromName, fromAddress, password: passwordSealed && ws.open(place, passwordSealed) };
}

/** Whether mail can be sent at all. */
export function sendsMail(ws: Workspace): boolean {
  return ws.prepare('SELECT 1 FROM mail_server WHERE id = 1').get() !== undefined;
}

/** Saves a server that was tried before. */
export function saveMailServer(ws: Workspace, server: MailServer, userId: number): void {
  const { password, ...open } = server;
  const row = { id: 1, ...open, passwordSealed: password && ws.seal(place, password), says: null, saysAt: null };
  ws.durable(() => {
    ws.db.insert(mailServer).values(row).onConflictDoUpdate({ target: mailServer.id, set: row }).run();
    audit(ws, { actor: userId, action: 'mail.server-saved', detail: { host: server.host } });
  });
}

/** Forgets the server; what waits to be sent goes with it, since nobody can send it. */
export function removeMailServer(ws: Workspace, userId: number): void {
  ws.durable(() => {
    if (ws.prepare('DELETE FROM mail_server WHERE id = 1').run().changes === 0) return;
    ws.prepare('DELETE FROM mails').run();
    ws.prepare("DELETE FROM jobs WHERE kind = 'send-mail' AND lease IS NULL").run();
    audit(ws, { actor: userId, action: 'mail.server-removed' });
  });
}

/** What a page says of it: null is well. Inside a transaction. */
export function noteMailHealth(ws: Workspace, says: string | null): void {
  const now = ws.clock.now();
  if (says === null) ws.prepare('UPDATE mail_server SET last_sent_at = ?, says = NULL, says_at = NULL WHERE id = 1').run(now);
  else ws.prepare('UPDATE mail_server SET says = ?, says_at = ? WHERE id = 1').run(says, now);
}
