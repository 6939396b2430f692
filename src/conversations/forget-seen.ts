import type { Workspace } from '../workspace.ts';

/** Channels redeliver for seven days at most; a day more is kept. */
const SEEN_MS = 8 * 24 * 3600_000;
const SLICES = 256;

/**
 * Forgets which events were seen, and receipts that matched nothing, once no channel delivers them again. `seen` is kept
 * by its hash alone, since an index by time would be written with each message; so it is walked in slices of the hash.
 */
export function forgetSeen(ws: Workspace): void {
  const before = ws.clock.now() - SEEN_MS;
  for (let slice = 0; slice < SLICES; slice++) {
    const from = Buffer.from([slice]);
    const to = slice + 1 < SLICES ? Buffer.from([slice + 1]) : Buffer.alloc(33, 255);
    ws.write(() => ws.prepare('DELETE FROM seen WHERE hash >= ? AND hash < ? AND at < ?').run(from, to, before));
  }
  ws.write(() => ws.prepare('DELETE FROM waiting_receipts WHERE at < ?').run(before));
}
