/** When people are there, as a model reads it: to be told in any language. */
import { zoneOf } from '../../web/zones.ts';
import type { Workspace } from '../../workspace.ts';
import { openingText } from './away.ts';
import { awayNow, hoursOf } from './hours.ts';
import { DAYS } from './hours-form.ts';
import type { Span } from './opening-hours.ts';

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
    week: Object.fromEntries(DAYS.map((day, at) => [day, spansText(hours.week[at] ?? [])])),
    closed_on: hours.holidays.filter(({ day }) => day >= today).slice(0, HOLIDAYS),
  };
}

function spansText(spans: readonly Span[]): string {
  return spans.length === 0 ? 'closed' : spans.map(([from, to]) => `${clock(from)}–${clock(to)}`).join(', ');
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
