import type { Workspace } from '../workspace.ts';

/** Remembers that something came in, by its keyed hash (`ws.hash`). False when it was seen before. Inside a transaction. */
export function markSeen(ws: Workspace, hash: Buffer): boolean {
  return ws.prepare('INSERT INTO seen (hash, at) VALUES (?, ?) ON CONFLICT DO NOTHING').run(hash, ws.clock.now()).changes > 0;
}

/** What left the account and is echoed to us: an id of the channel's, unique in its thread. */
export function echoHash(ws: Workspace, channelId: number, thread: string, externalId: string): Buffer {
  return ws.hash('echo', String(channelId), thread, externalId);
}

export function wasSeen(ws: Workspace, hash: Buffer): boolean {
  return ws.prepare('SELECT 1 FROM seen WHERE hash = ?').get(hash) !== undefined;
}
