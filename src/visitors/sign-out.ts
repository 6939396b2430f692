import type { Workspace } from '../workspace.ts';

/** A visitor signed out: whoever still holds their token, from a page in the browser's history, has nothing in hand. */
export function signOut(ws: Workspace, token: string, until: number): void {
  ws.durable(() => {
    ws.prepare('DELETE FROM signed_out WHERE until < ?').run(ws.clock.now());
    ws.prepare('INSERT OR IGNORE INTO signed_out (hash, until) VALUES (?, ?)').run(hashOf(ws, token), until);
  });
}

export function isSignedOut(ws: Workspace, token: string): boolean {
  return ws.prepare('SELECT 1 FROM signed_out WHERE hash = ?').get(hashOf(ws, token)) !== undefined;
}

/** Of what is signed alone: the same signature can be spelled in more than one way. */
function hashOf(ws: Workspace, token: string): Buffer {
  return ws.hash('signed-out', token.slice(0, token.lastIndexOf('.')));
}
