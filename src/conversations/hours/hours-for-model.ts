/** When people are there, as a model reads it: to be told in any language. */
import { zoneOf } from '../../web/zones.ts';
import type { Workspace } from '../../workspace.ts';
import { openingText } from './opening-text.ts';
import { awayNow, hoursOf } from './hours.ts';
import { DAYS } from './hours-form.ts';
import { spansText } from './opening-hours.ts';

const HOLIDAYS = 10;

export function hoursForModel(ws: Workspace): Record<string, unknown> {
  const hours = hoursOf(ws);
  if (!hours.inUse) return { hours: 'None are set. A person may come at any time.' };
  const now = ws.clock.now();
  const away = awayNow(ws);
  const timezone = ws.prepare('SELECT timezone FROM business WHERE id = 1').pluck().get() as string;
  const today = zoneOf(timezone).dayOf(now);
  return {
    people_are_there_now: away === null,
    ...(away?.until ? { they_are_back: openingText('en', timezone, now, away.until) } : {}),
    week: Object.fromEntries(DAYS.map((day, at) => [day, spansText(hours.week[at] ?? []) || 'closed'])),
    closed_on: hours.holidays.filter(({ day }) => day >= today).slice(0, HOLIDAYS),
  };
}
