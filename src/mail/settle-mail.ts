import { enqueue } from '../jobs/enqueue.ts';
import type { Workspace } from '../workspace.ts';

/** A mail that was given up is tried again, or is dropped. False where it isn't there. */
export function settleMail(ws: Workspace, id: number, how: 'again' | 'drop'): boolean {
  return ws.durable(() => {
    if (how === 'drop') {
      ws.prepare("DELETE FROM jobs WHERE kind = 'send-mail' AND key = ? AND lease IS NULL").run(String(id));
      return ws.prepare('DELETE FROM mails WHERE id = ? AND failed_at IS NOT NULL').run(id).changes > 0;
    }
    if (ws.prepare('UPDATE mails SET failed_at = NULL WHERE id = ? AND failed_at IS NOT NULL').run(id).changes === 0) return false;
    enqueue(ws, { kind: 'send-mail', key: String(id) });
    return true;
  });
}
