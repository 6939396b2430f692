import type { Workspace } from '../workspace.ts';

/**
 * Jobs that stay within this server. All others speak to somebody, who may have heard it since the backup was made. 'ask-tests' asks
 * nobody, since its round is paused: it says of a round that was ended what became of its questions.
 */
const INWARD = [
  'purge-contact', 'forget-members', 'wake-snoozed', 'import-contacts', 'read-source', 'clear-source', 'read-pages', 'refresh-source', 'drop-gone', 'clear-vectors',
  'test-on-time', 'ask-tests',
]; // prettier-ignore

/**
 * After a restore nothing goes out by itself: what waited to be sent was probably sent since. Linked phones are linked anew,
 * since their keys have moved on. `muteBots` takes the bots off their channels.
 */
export function parkOutgoing(ws: Workspace, muteBots: boolean): void {
  ws.durable(() => {
    ws.prepare('DELETE FROM jobs WHERE kind NOT IN (SELECT value FROM json_each(?))').run(JSON.stringify(INWARD));
    ws.prepare('UPDATE jobs SET lease = NULL, attempts = 0 WHERE lease IS NOT NULL').run();
    ws.prepare(
      "UPDATE deliveries SET state = 'uncertain', says = 'A backup was put back. It may have been sent since.' WHERE state IN ('queued', 'sending')",
    ).run();
    ws.prepare("UPDATE test_rounds SET state = 'paused', says = 'A backup was put back.' WHERE state = 'running'").run();
    const now = ws.clock.now();
    ws.prepare(
      "UPDATE tool_calls SET state = 'uncertain', says = 'A backup was put back. It may have been done since.', ended_at = ?, told_at = ? WHERE message_id IS NOT NULL AND state IN ('waiting', 'approved', 'executing')",
    ).run(now, now);
    ws.prepare('DELETE FROM device_values').run();
    if (muteBots) ws.prepare('UPDATE channels SET bot_id = NULL').run();
  });
}
