/** A number of WhatsApp for the benches: its channel in a workspace, and what Meta posts for it, signed. */
import { randomUUID } from 'node:crypto';
import { sealSecrets } from '../../src/channels/access.ts';
import { publicId } from '../../src/lib/ids.ts';
import type { Workspace } from '../../src/workspace.ts';
import { bodyOf, changeOf, contactOf, messageOf, signatureOf, written } from '../../test/simulators/meta-webhooks.ts';

export const APP_SECRET = '0123456789abcdef0123456789abcdef';
const number = { phoneNumberId: '106540352242922', shown: '+49 30 1234588', businessAccountId: '102290129340398' };

/** Connected, without asking Meta. Its routes are made at the next start. Returns its public id. */
export function addNumber(ws: Workspace, quietMs: number): string {
  const id = publicId('ch');
  const { phoneNumberId, businessAccountId } = number;
  ws.durable(() => {
    const row = ws
      .prepare(
        `INSERT INTO channels (public_id, kind, name, bot_id, status, settings, account_id, quiet_ms, created_at)
         VALUES (?, 'whatsapp', 'Aurora', (SELECT id FROM bots LIMIT 1), 'connected', ?, ?, ?, ?)`,
      )
      .run(id, JSON.stringify({ phoneNumberId, businessAccountId }), phoneNumberId, quietMs, ws.clock.now()).lastInsertRowid;
    const sealed = sealSecrets(ws, Number(row), { token: `EAA${'x'.repeat(60)}`, appSecret: APP_SECRET });
    ws.prepare('UPDATE channels SET secrets_sealed = ? WHERE id = ?').run(sealed, row);
  });
  return id;
}

/** One message, as Meta posts it: its bytes, and the header that proves them. */
export function postOf(customer: number, text: string): { body: string; headers: string } {
  const who = { name: `Customer ${customer}`, phone: `49151${String(customer).padStart(7, '0')}` };
  const said = messageOf(who, text, Date.now(), `wamid.${randomUUID()}`);
  const body = written(bodyOf(number, changeOf(number, { contacts: [contactOf(who)], messages: [said] })));
  return { body, headers: `X-Hub-Signature-256: ${signatureOf(body, APP_SECRET)}\r\n` };
}
