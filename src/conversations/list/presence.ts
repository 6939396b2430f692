/** How a member is here, in this workspace: away or not, and whether the inbox rings aloud. */
import type { Workspace } from '../../workspace.ts';

export interface Presence {
  awaySince: number | null;
  sound: boolean;
  /** In which language they read what is translated; null is the business's own. */
  language: string | null;
}

export function presenceOf(ws: Workspace, userId: number): Presence {
  const row = ws.prepare('SELECT away_since AS awaySince, sound, language FROM member_presence WHERE user_id = ?').get(userId) as
    { awaySince: number | null; sound: number; language: string | null } | undefined;
  return { awaySince: row?.awaySince ?? null, sound: row?.sound === 1, language: row?.language ?? null };
}

export function setPresence(
  ws: Workspace,
  userId: number,
  { away, sound, language = null }: { away: boolean; sound: boolean; language?: string | null },
): void {
  ws.durable(() => {
    ws.prepare(
      `INSERT INTO member_presence (user_id, away_since, sound, language) VALUES (@userId, @since, @sound, @language)
       ON CONFLICT (user_id) DO UPDATE SET sound = @sound, language = @language, away_since = CASE WHEN @since IS NULL THEN NULL ELSE coalesce(away_since, @since) END`,
    ).run({ userId, since: away ? ws.clock.now() : null, sound: sound ? 1 : 0, language });
  });
}

export function assignsInTurn(ws: Workspace): boolean {
  return ws.prepare('SELECT assign_in_turn FROM business').pluck().get() === 1;
}
