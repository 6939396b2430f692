/** What customers are told who wait for a person while nobody is there: once for each absence. Inside the caller's transaction. */
import { enqueue } from '../../jobs/enqueue.ts';
import { fill, textsIn, type Language } from '../../lib/catalogue.ts';
import type { Workspace } from '../../workspace.ts';
import { awayNow, hoursOf } from './hours.ts';
import { openingText } from './opening-text.ts';

/** Where it isn't known when somebody comes, they are told again after this. */
const UNKNOWN_MS = 24 * 3600_000;
/** Who answered so recently is there, whatever the hours say. */
const JUST_NOW_MS = 2 * 3600_000;

const TOLD = `
  SELECT coalesce(away_told_until, 0) > ? OR EXISTS (
    SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND m.author = 'person' AND m.created_at > ?)
  FROM conversations c WHERE c.id = ?`;

/** Asks for the job 'tell-away' where the customer has to be told: it finds their language. */
export function wantAway(ws: Workspace, conversationId: number): void {
  if (hasToBeTold(ws, conversationId)) enqueue(ws, { kind: 'tell-away', key: String(conversationId) });
}

/** What to say, and that it was said; null where people are there, or the customer knows. */
export function takeAwaySentence(ws: Workspace, conversationId: number, language: Language): string | null {
  const away = hasToBeTold(ws, conversationId);
  if (!away) return null;
  const now = ws.clock.now();
  ws.prepare('UPDATE conversations SET away_told_until = ? WHERE id = ?').run(away.until ?? now + UNKNOWN_MS, conversationId);
  const { language: own, timezone } = ws.prepare('SELECT language, timezone FROM business WHERE id = 1').get() as {
    language: string;
    timezone: string;
  };
  const { awayText } = hoursOf(ws);
  const opening = away.until === null ? '' : openingText(language, timezone, now, away.until);
  // The owner's own sentence is in the business's language; a customer who writes in another gets the catalogue's.
  if (awayText !== null && language === own) return awayText.replaceAll(/\{\{\s*next_opening\s*\}\}/g, opening).trim();
  return opening === '' ? textsIn(language).awayLong : fill(textsIn(language).away, { opening });
}

function hasToBeTold(ws: Workspace, conversationId: number): { until: number | null } | null {
  // The common case reads one row.
  if (ws.prepare('SELECT in_use AND tells_away FROM opening_hours WHERE id = 1').pluck().get() !== 1) return null;
  const away = awayNow(ws);
  const now = ws.clock.now();
  return away &&
    ws
      .prepare(TOLD)
      .pluck()
      .get(now, now - JUST_NOW_MS, conversationId) === 0
    ? away
    : null;
}
