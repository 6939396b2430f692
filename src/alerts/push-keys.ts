/** The pair of keys by which the services of browsers know that a notification comes from this business's server (VAPID, RFC 8292). */
import { Secret } from '../lib/secret.ts';
import type { Workspace } from '../workspace.ts';

export interface PushKeys {
  publicKey: string;
  privateKey: Secret;
}

const place = { table: 'push_keys', column: 'private_sealed', row: 1 };
const READ = 'SELECT public_key AS publicKey, private_sealed AS privateSealed FROM push_keys WHERE id = 1';

/** Made once for a workspace: a browser that agreed to one pair hears no other. */
export async function pushKeys(ws: Workspace): Promise<PushKeys> {
  const kept = keptKeys(ws);
  if (kept) return kept;
  const { default: webPush } = await import('web-push');
  const made = webPush.generateVAPIDKeys();
  ws.durable(() => {
    // Two pages at the same moment: the first one's stay.
    ws.prepare('INSERT INTO push_keys (id, public_key, private_sealed) VALUES (1, ?, ?) ON CONFLICT DO NOTHING').run(
      made.publicKey,
      ws.seal(place, new Secret(made.privateKey)),
    );
  });
  const keys = keptKeys(ws);
  if (!keys) throw new Error('the push keys were not kept');
  return keys;
}

function keptKeys(ws: Workspace): PushKeys | undefined {
  const row = ws.prepare(READ).get() as { publicKey: string; privateSealed: Buffer } | undefined;
  return row && { publicKey: row.publicKey, privateKey: ws.open(place, row.privateSealed) };
}
