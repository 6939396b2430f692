import type { Workspace } from '../workspace.ts';

/** Channels redeliver for seven days at most; a day more is kept. */
const SEEN_MS = 8 * 24 * 3600_000;
const BATCH = 5000;

/** Forgets which events were seen, and receipts that matched nothing, once no channel delivers them again. */
export function forgetSeen(ws: Workspace): void {
  const before = ws.clock.now() - SEEN_MS;
  for (const [table, column] of [
    ['seen', 'at'],
    ['waiting_receipts', 'at'],
  ] as const) {
    while (
      ws.write(
        () =>
          ws.prepare(`DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${column} < ? LIMIT ${BATCH})`).run(before)
            .changes,
      ) === BATCH
    );
  }
}
