import { enqueue } from '../jobs/enqueue.ts';
import { publicId } from '../lib/ids.ts';
import type { Workspace } from '../workspace.ts';
import { sendsMail } from './mail-server.ts';

export interface NewMail {
  to: string;
  subject: string;
  /** Plain text. No words of a customer: mail lies about on many servers. */
  text: string;
}

/** Writes down a mail that is to be sent, inside the transaction that makes it true. False where no server was set up. */
export function queueMail(ws: Workspace, { to, subject, text }: NewMail): boolean {
  if (!sendsMail(ws)) return false;
  const { lastInsertRowid } = ws
    .prepare('INSERT INTO mails (reference, to_address, subject, text, created_at) VALUES (?, ?, ?, ?, ?)')
    .run(publicId('mail'), to, subject, text, ws.clock.now());
  enqueue(ws, { kind: 'send-mail', key: String(lastInsertRowid) });
  return true;
}
