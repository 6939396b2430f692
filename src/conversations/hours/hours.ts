import { eq } from '../../db/drizzle.ts';
import { holidays, openingHours } from '../../db/schema/workspace.ts';
import { fill, textsIn, type Language } from '../../lib/catalogue.ts';
import { audit } from '../../web/audit.ts';
import { zoneOf } from '../../web/zones.ts';
import type { Workspace } from '../../workspace.ts';
import { afterOpenTime, isOpen, nextOpening, spansOn, spansText, type OpeningHours, type Span } from './opening-hours.ts';
import { openingText } from './opening-text.ts';

export interface Hours {
  inUse: boolean;
  week: Span[][];
  tellsAway: boolean;
  awayText: string | null;
  holidays: { day: string; name: string }[];
}

const READ = 'SELECT in_use AS inUse, week, tells_away AS tellsAway, away_text AS awayText FROM opening_hours WHERE id = 1';

/** As they are set, in use or not. */
export function hoursOf(ws: Workspace): Hours {
  const row = ws.prepare(READ).get() as { inUse: number; week: string; tellsAway: number; awayText: string | null };
  const days = ws.prepare('SELECT day, name FROM holidays ORDER BY day').all() as Hours['holidays'];
  return {
    inUse: row.inUse === 1,
    week: JSON.parse(row.week) as Span[][],
    tellsAway: row.tellsAway === 1,
    awayText: row.awayText,
    holidays: days,
  };
}

export function editHours(ws: Workspace, userId: number, { holidays: days, ...hours }: Hours): void {
  ws.durable(() => {
    ws.db.update(openingHours).set(hours).where(eq(openingHours.id, 1)).run();
    ws.db.delete(holidays).run();
    if (days.length > 0) ws.db.insert(holidays).values(days).run();
    audit(ws, { actor: userId, action: 'opening-hours.edited' });
  });
}

/** Undefined where no hours are in use: somebody may always come. */
function inUse(ws: Workspace): OpeningHours | undefined {
  const hours = hoursOf(ws);
  if (!hours.inUse) return undefined;
  const timezone = ws.prepare('SELECT timezone FROM business WHERE id = 1').pluck().get() as string;
  return { week: hours.week, holidays: new Set(hours.holidays.map(({ day }) => day)), zone: zoneOf(timezone) };
}

/** Null while people are there; else when they are next, UTC ms, or null where that isn't known. */
export function awayNow(ws: Workspace): { until: number | null } | null {
  const hours = inUse(ws);
  const now = ws.clock.now();
  return !hours || isOpen(hours, now) ? null : { until: nextOpening(hours, now) };
}

/** Today's hours, or when it opens next, as a sentence; null where no hours are in use, or none are known to come. */
export function hoursSentence(ws: Workspace, language: Language): string | null {
  const hours = inUse(ws);
  if (!hours) return null;
  const now = ws.clock.now();
  const today = hours.zone.dayOf(now);
  const next = nextOpening(hours, now);
  if (next === null) return null;
  const spans = spansText(spansOn(hours, today));
  if (spans !== '' && hours.zone.dayOf(next) === today) return fill(textsIn(language).hoursToday, { spans });
  const timezone = ws.prepare('SELECT timezone FROM business WHERE id = 1').pluck().get() as string;
  return fill(textsIn(language).hoursAgain, { opening: openingText(language, timezone, now, next) });
}

/** When people will have been there for `ms` since `at`. */
export function afterHours(ws: Workspace, at: number, ms: number): number {
  const hours = inUse(ws);
  return hours ? afterOpenTime(hours, at, ms) : at + ms;
}
