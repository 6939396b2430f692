/** When nothing was heard, and what came of it. Each figure is counted from the messages as they are now. */
import type { Workspace } from '../../workspace.ts';

export interface Outage {
  id: number;
  /** Null: the whole server was away. */
  channelId: number | null;
  channelName: string | null;
  fromAt: number;
  toAt: number;
  dismissedAt: number | null;
}

const OUTAGE = `
  SELECT o.id, o.channel_id AS channelId, (SELECT h.name FROM channels h WHERE h.id = o.channel_id) AS channelName,
    o.from_at AS fromAt, o.to_at AS toAt, o.dismissed_at AS dismissedAt
  FROM outages o`;

export function outageById(ws: Workspace, id: number): Outage | undefined {
  return ws.prepare(`${OUTAGE} WHERE o.id = ?`).get(id) as Outage | undefined;
}

/** The newest first. */
export function outagesOf(ws: Workspace, limit: number): Outage[] {
  return ws.prepare(`${OUTAGE} ORDER BY o.from_at DESC, o.id DESC LIMIT ?`).all(limit) as Outage[];
}

/** Those that nobody has dismissed, the newest first. */
export function outagesToSee(ws: Workspace, limit: number): Outage[] {
  return ws.prepare(`${OUTAGE} WHERE o.dismissed_at IS NULL ORDER BY o.from_at DESC, o.id DESC LIMIT ?`).all(limit) as Outage[];
}

/** The heartbeat comes once a minute: what was written in the minute after the last one may have been heard too late. */
const BEAT_MS = 60_000;

/**
 * What customers wrote in that time and we heard only afterwards, and what became of each: an answer of the bot or of a person, or
 * it waits, or it was settled without one. The index's condition stands here as it was written there.
 */
const LATE = `
  SELECT id, conversation_id, channel_id, too_old,
    CASE WHEN covered = 'bot:answered' THEN 'bot' WHEN covered LIKE 'person:%' THEN 'person' WHEN waits THEN 'waits' ELSE 'settled' END AS became
  FROM (
    SELECT m.id, m.conversation_id, c.channel_id, m.too_old,
      (SELECT a.author || ':' || coalesce((SELECT r.state FROM runs r WHERE r.id = a.run_id), '') FROM messages a
         WHERE a.conversation_id = m.conversation_id AND a.id > m.id AND NOT a.cut_off AND (a.author = 'person' OR (a.author = 'bot' AND a.answers_through >= m.id))
         ORDER BY a.id LIMIT 1) AS covered,
      c.status = 'open' AND (c.wanted_since IS NOT NULL OR coalesce(c.last_customer_message_id, 0) > c.answered_through) AS waits
    FROM messages m CROSS JOIN conversations c ON c.id = m.conversation_id
    WHERE m.created_at - m.said_at > 10000 AND m.said_at >= @from - ${BEAT_MS} AND m.said_at < @to AND m.author = 'customer'
      AND (@channel IS NULL OR c.channel_id = @channel))`;

const UNCERTAIN = `
  SELECT channel_id, conversation_id FROM deliveries
  WHERE state in ('uncertain', 'failed') AND state = 'uncertain' AND sending_at >= @from - ${BEAT_MS} AND sending_at < @to
    AND (@channel IS NULL OR channel_id = @channel)`;

export interface OutageFigures {
  channelId: number;
  channelKind: string;
  channelName: string;
  /** Messages that came afterwards. */
  replayed: number;
  byBot: number;
  byPerson: number;
  /** Wait for a person now. */
  waits: number;
  /** Of these, were too old for the bot. */
  tooOld: number;
  /** Sends of which nobody knows whether they arrived, and that nobody has settled. */
  uncertain: number;
}

/** What came of an outage, by channel; channels on which nothing happened are left out. */
export function figuresOf(ws: Workspace, outage: Outage): OutageFigures[] {
  const rows = ws
    .prepare(
      `SELECT h.id AS channelId, h.kind AS channelKind, h.name AS channelName, coalesce(replayed, 0) AS replayed, coalesce(byBot, 0) AS byBot,
         coalesce(byPerson, 0) AS byPerson, coalesce(waits, 0) AS waits, coalesce(tooOld, 0) AS tooOld, coalesce(uncertain, 0) AS uncertain
       FROM channels h
       LEFT JOIN (SELECT channel_id, count(*) AS replayed, count(*) FILTER (WHERE became = 'bot') AS byBot, count(*) FILTER (WHERE became = 'person') AS byPerson,
           count(*) FILTER (WHERE became = 'waits') AS waits, count(*) FILTER (WHERE became = 'waits' AND too_old) AS tooOld FROM (${LATE}) GROUP BY channel_id) l ON l.channel_id = h.id
       LEFT JOIN (SELECT channel_id, count(*) AS uncertain FROM (${UNCERTAIN}) GROUP BY channel_id) u ON u.channel_id = h.id
       ORDER BY h.id`,
    )
    .all(bounds(outage)) as OutageFigures[];
  return rows.filter(({ replayed, uncertain }) => replayed > 0 || uncertain > 0);
}

export interface Concerned {
  conversationId: number;
  name: string | null;
  username: string | null;
  channelKind: string;
  channelName: string;
  became: 'waits' | 'uncertain' | 'person' | 'bot' | 'settled';
  tooOld: number;
  messages: number;
}

/** The conversations it concerns: those with something left to do first. */
export function concernedBy(ws: Workspace, outage: Outage, limit: number): Concerned[] {
  return ws
    .prepare(
      `SELECT c.id AS conversationId, coalesce(p.name, i.display_name) AS name, i.username, h.kind AS channelKind, h.name AS channelName, w.became, w.tooOld, w.messages
       FROM (SELECT conversation_id, became, max(too_old) AS tooOld, count(*) AS messages FROM (${LATE}) GROUP BY conversation_id, became
             UNION ALL SELECT conversation_id, 'uncertain', 0, count(*) FROM (${UNCERTAIN}) GROUP BY conversation_id) w
       CROSS JOIN conversations c ON c.id = w.conversation_id CROSS JOIN identities i ON i.id = c.identity_id
       CROSS JOIN contacts p ON p.id = c.contact_id CROSS JOIN channels h ON h.id = c.channel_id
       ORDER BY CASE w.became WHEN 'waits' THEN 0 WHEN 'uncertain' THEN 1 WHEN 'person' THEN 2 WHEN 'bot' THEN 3 ELSE 4 END, c.id LIMIT @limit`,
    )
    .all({ ...bounds(outage), limit }) as Concerned[];
}

function bounds({ fromAt, toAt, channelId }: Outage): { from: number; to: number; channel: number | null } {
  return { from: fromAt, to: toAt, channel: channelId };
}
