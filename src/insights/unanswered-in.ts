import type { Workspace } from '../workspace.ts';
import { clearest } from './clearest.ts';
import { COUNTED } from './count-days.ts';
import type { Day } from './days.ts';
import type { Narrowed } from './figures.queries.ts';
import { questionsIn } from './gaps.queries.ts';

export interface UnansweredGroup {
  id: number;
  question: string;
  times: number;
  people: number;
}

/** Open groups of unanswered questions by how often they were asked in these days, the most asked first. */
export function unansweredIn(ws: Workspace, days: readonly Day[], { channelId, botId }: Narrowed, atMost: number): UnansweredGroup[] {
  const rows = ws
    .prepare(
      `SELECT a.group_id AS id, count(*) AS times, count(DISTINCT a.contact_id) AS people
       FROM gap_groups g JOIN gaps a ON a.group_id = g.id JOIN messages m ON m.id = a.message_id JOIN conversations c ON c.id = a.conversation_id
       WHERE g.state = 'open' AND m.created_at >= ? AND m.created_at < ? AND m.revoked_at IS NULL
         AND (? IS NULL OR c.channel_id = ?) AND (? IS NULL OR c.bot_id = ?) AND ${COUNTED}
       GROUP BY a.group_id ORDER BY times DESC, people DESC, a.group_id DESC LIMIT ?`,
    )
    .all(days[0]?.from ?? 0, days.at(-1)?.to ?? 0, channelId, channelId, botId, botId, atMost) as Omit<UnansweredGroup, 'question'>[];
  return rows.map((row) => ({ ...row, question: clearest(questionsIn(ws, row.id))[0]?.text ?? '' }));
}
