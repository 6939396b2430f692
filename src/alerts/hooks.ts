/** Other programs that are told: their address, sealed, since it often holds a token, and the secret that signs what we say. */
import { Secret } from '../lib/secret.ts';
import { randomToken } from '../lib/ids.ts';
import { audit } from '../web/audit.ts';
import { Problem } from '../web/problem.ts';
import type { Workspace } from '../workspace.ts';
import { OutboundError } from '../lib/outbound.ts';

const HOOKS_AT_MOST = 10;

export interface Hook {
  id: number;
  name: string;
  host: string;
  toldAt: number | null;
  says: string | null;
  saysAt: number | null;
  waiting: number;
}

export function hooksOf(ws: Workspace): Hook[] {
  return ws
    .prepare(
      `SELECT id, name, host, told_at AS toldAt, says, says_at AS saysAt,
         (SELECT count(*) FROM hook_calls c WHERE c.hook_id = hooks.id AND c.failed_at IS NULL) AS waiting
       FROM hooks ORDER BY id`,
    )
    .all() as Hook[];
}

/** Adds one; returns its secret, which is shown this once. Throws Problem. */
export function addHook(ws: Workspace, { name, url, userId }: { name: string; url: string; userId: number }): string {
  const { outbound } = ws.installation;
  try {
    outbound.to(url);
  } catch (error) {
    if (error instanceof OutboundError) throw new Problem(422, error.says, { field: 'url' });
    throw error;
  }
  const secret = randomToken();
  ws.durable(() => {
    if (hooksOf(ws).length >= HOOKS_AT_MOST) throw new Problem(422, 'There are ten programs already. Take one out first.');
    const empty = Buffer.alloc(0);
    const id = Number(
      ws
        .prepare('INSERT INTO hooks (name, url_sealed, host, secret_sealed, created_at) VALUES (?, ?, ?, ?, ?)')
        .run(name, empty, new URL(url).host, empty, ws.clock.now()).lastInsertRowid,
    );
    ws.prepare('UPDATE hooks SET url_sealed = ?, secret_sealed = ? WHERE id = ?').run(
      ws.seal(placeOf('url_sealed', id), new Secret(url)),
      ws.seal(placeOf('secret_sealed', id), new Secret(secret)),
      id,
    );
    audit(ws, { actor: userId, action: 'hook.added', subject: `hook ${id}`, detail: { host: new URL(url).host } });
  });
  return secret;
}

/** Forgets one with all that waits for it. False where it isn't there. */
export function removeHook(ws: Workspace, id: number, userId: number): boolean {
  return ws.durable(() => {
    const gone = ws.prepare('DELETE FROM hooks WHERE id = ?').run(id).changes > 0;
    if (gone) audit(ws, { actor: userId, action: 'hook.removed', subject: `hook ${id}` });
    return gone;
  });
}

/** For one call: where to, and what to sign it with. */
export function openHook(ws: Workspace, id: number): { url: string; secret: Secret } {
  const row = ws.prepare('SELECT url_sealed AS url, secret_sealed AS secret FROM hooks WHERE id = ?').get(id) as {
    url: Buffer;
    secret: Buffer;
  };
  return { url: ws.open(placeOf('url_sealed', id), row.url).reveal(), secret: ws.open(placeOf('secret_sealed', id), row.secret) };
}

const placeOf = (column: 'url_sealed' | 'secret_sealed', row: number) => ({ table: 'hooks', column, row });
