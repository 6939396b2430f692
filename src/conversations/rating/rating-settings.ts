import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { ASKS, type Scale } from './ask-rating.ts';

export interface RatingSettings {
  scale: Scale;
  /** The channels that are connected, and whether they ask. */
  channels: { id: number; name: string; asks: boolean }[];
}

export function ratingSettingsOf(ws: Workspace): RatingSettings {
  const rows = ws.prepare(`SELECT id, name, ${ASKS} AS asks FROM channels WHERE disconnected_at IS NULL ORDER BY name, id`).all() as {
    id: number;
    name: string;
    asks: number;
  }[];
  return {
    scale: ws.prepare('SELECT rating_scale FROM business WHERE id = 1').pluck().get() as Scale,
    channels: rows.map((row) => ({ ...row, asks: row.asks === 1 })),
  };
}

/** `asks`: the ids of the channels that ask. */
export function editRatingSettings(ws: Workspace, userId: number, { scale, asks }: { scale: Scale; asks: number[] }): void {
  ws.durable(() => {
    ws.prepare('UPDATE business SET rating_scale = ? WHERE id = 1').run(scale);
    for (const { id } of ratingSettingsOf(ws).channels)
      ws.prepare('UPDATE channels SET asks_rating = ? WHERE id = ?').run(asks.includes(id) ? 1 : 0, id);
    audit(ws, { actor: userId, action: 'rating.edited' });
  });
}
