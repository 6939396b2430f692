/** Words that are kept ready for the composer. */
import { longText } from '../../web/parse.ts';
import { z } from 'zod';
import type { Workspace } from '../../workspace.ts';
import { unknownIn } from './fill-words.ts';

export const CANNED_AT_MOST = 500;
const TEXT_AT_MOST = 4000;

const SHORTCUT = /^[\p{L}\p{M}\p{N}_-]{1,40}$/u;

/** A shortcut and its text, as a form or a row of a file gives them. */
export const cannedForm = z.strictObject({
  shortcut: z
    .string({ error: 'The shortcut is missing.' })
    .transform((text) => text.normalize('NFC').trim().replace(/^\//, '').toLowerCase())
    .refine((text) => text !== '', { error: 'The shortcut is missing.', abort: true })
    .refine((text) => SHORTCUT.test(text), { error: 'A shortcut is one word of 40 letters at most, like opening-hours.' }),
  text: longText('The text', TEXT_AT_MOST)
    .refine((text) => text !== '', { error: 'The text is missing.', abort: true })
    .refine((text) => unknownIn(text).length === 0, {
      error: (issue) => `There is no variable ${unknownIn(String(issue.input))[0] ?? ''}. The ones that can be used stand beside this.`,
    }),
});

export type NewCanned = z.output<typeof cannedForm>;

export type SavedCanned = 'saved' | 'taken' | 'full' | 'not-there';

/** Makes one, or changes the one with `id`. A shortcut belongs to one reply. */
export function saveCannedReply(ws: Workspace, init: NewCanned & { id: number | null; userId: number }): SavedCanned {
  const { id, shortcut, text, userId } = init;
  return ws.write(() => {
    const other = ws.prepare('SELECT id FROM canned_replies WHERE shortcut = ?').pluck().get(shortcut) as number | undefined;
    if (other !== undefined && other !== id) return 'taken';
    if (id !== null) {
      const change = 'UPDATE canned_replies SET shortcut = ?, text = ?, updated_by = ?, updated_at = ? WHERE id = ?';
      return ws.prepare(change).run(shortcut, text, userId, ws.clock.now(), id).changes === 1 ? 'saved' : 'not-there';
    }
    if (countCanned(ws) >= CANNED_AT_MOST) return 'full';
    insert(ws, { shortcut, text }, userId);
    return 'saved';
  });
}

/** Puts in what came from a file: a shortcut that is there gets the new text. Those beyond what fits are given back. */
export function importCannedReplies(ws: Workspace, rows: NewCanned[], userId: number): { added: number; changed: number; over: number } {
  return ws.write(() => {
    const done = { added: 0, changed: 0, over: 0 };
    let room = CANNED_AT_MOST - countCanned(ws);
    for (const row of rows) {
      const known = ws.prepare('UPDATE canned_replies SET text = ?, updated_by = ?, updated_at = ? WHERE shortcut = ?');
      if (known.run(row.text, userId, ws.clock.now(), row.shortcut).changes === 1) done.changed += 1;
      else if (room === 0) done.over += 1;
      else {
        insert(ws, row, userId);
        room -= 1;
        done.added += 1;
      }
    }
    return done;
  });
}

export function removeCannedReply(ws: Workspace, id: number): boolean {
  return ws.write(() => ws.prepare('DELETE FROM canned_replies WHERE id = ?').run(id).changes === 1);
}

function countCanned(ws: Workspace): number {
  return ws.prepare('SELECT count(*) FROM canned_replies').pluck().get() as number;
}

function insert(ws: Workspace, { shortcut, text }: NewCanned, userId: number): void {
  const made = 'INSERT INTO canned_replies (shortcut, text, updated_by, updated_at) VALUES (?, ?, ?, ?)';
  ws.prepare(made).run(shortcut, text, userId, ws.clock.now());
}
