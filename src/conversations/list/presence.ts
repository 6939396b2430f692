/** How a member is here, in this workspace: away or not, and whether the inbox rings aloud. */
import type { Workspace } from '../../workspace.ts';

export interface Presence {
  awaySince: number | null;
  sound: boolean;
}

export function presenceOf(ws: Workspace, userId: number): Presence {
  const row = ws.prepare('SELECT away_since AS awaySince, sound FROM member_presence WHERE user_id = ?').get(userId) as
    { awaySince: number | null; sound: number } | undefined;
  return { awaySince: row?.awaySince ?? null, sound: row?.sound === 1 };
}

export function setPresence(ws: Workspace, userId: number, { away, sound }: { away: boolean; sound: boolean }): void {
  ws.durable(() => {
    ws.prepare(
      `INSERT INTO member_presence (user_id, away_since, sound) VALUES (@userId, @since, @sound)
       ON CONFLICT (user_id) DO UPDATE SET sound = @sound, away_since = CASE WHEN @since IS NULL THEN NULL ELSE coalesce(away_since, @since) END`,
    ).run({ userId, since: away ? ws.clock.now() : null, sound: sound ? 1 : 0 });
  });
}

export function assignsInTurn(ws: Workspace): boolean {
  return ws.prepare('SELECT assign_in_turn FROM business').pluck().get() === 1;
}
