import type { Workspace } from '../workspace.ts';

const MINUTE = 60_000;

/** An afternoon on which the server was stopped for an hour, and one customer wrote meanwhile. It was seen to since. */
export function tellOutage(ws: Workspace, customer: string): void {
  ws.write(() => {
    const message = ws
      .prepare(
        `SELECT id, created_at AS at FROM messages
         WHERE author = 'customer' AND identity_id = (SELECT id FROM identities WHERE display_name = ?) ORDER BY id LIMIT 1`,
      )
      .get(customer) as { id: number; at: number };
    ws.prepare('UPDATE messages SET said_at = ? WHERE id = ?').run(message.at - 20 * MINUTE, message.id);
    ws.prepare('INSERT INTO outages (from_at, to_at, dismissed_at) VALUES (?, ?, ?)').run(
      message.at - 61 * MINUTE,
      message.at - MINUTE,
      message.at,
    );
  });
}
