import type { Response } from 'express';
import { presentOf } from './present.ts';
import type { Installation } from '../installation.ts';

/** What the next page says once: that something was done, and where it can be undone. */
export interface Flash {
  says: string;
  /** A path to post to. */
  undo?: string;
}

/**
 * Kept in memory by session: losing one in a restart loses nothing that matters, and it costs no write. One for each
 * session, so it can't grow beyond them.
 */
const waiting = new WeakMap<Installation, Map<number, Flash>>();

/** Says something on the next page this session opens. Without a session it is dropped. */
export function flash(res: Response, says: string, more: Omit<Flash, 'says'> = {}): void {
  const now = presentOf(res);
  if (!now.session) return;
  const all = waiting.get(now.installation) ?? new Map<number, Flash>();
  all.set(now.session.id, { says, ...more });
  waiting.set(now.installation, all);
}

/** Takes what waits for this session; the layout shows it as a toast. */
export function takeFlash(res: Response): Flash | undefined {
  const now = presentOf(res);
  if (!now.session) return undefined;
  const all = waiting.get(now.installation);
  const said = all?.get(now.session.id);
  all?.delete(now.session.id);
  return said;
}
