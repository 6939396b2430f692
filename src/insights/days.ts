/** Days as a business lives them: from midnight to midnight in its own zone, of 23 or 25 hours where the clock is changed. */
import type { Zone } from '../web/zones.ts';

export interface Day {
  /** As the calendar has it: 2026-11-18. */
  name: string;
  /** UTC ms; `to` is the next day's `from`. */
  from: number;
  to: number;
}

const DAY = 24 * 3600_000;
const MINUTE = 60_000;
/** No zone is further from UTC. */
const FURTHEST = 15 * 3600_000;

/** The name of the day so many days later, or earlier. */
export function dayAfter(name: string, days = 1): string {
  return new Date(Date.parse(`${name}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** How many days lie from one to another, both counted; below one where they are the wrong way round. */
export function daysFrom(first: string, last: string): number {
  return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY) + 1;
}

/** Every day from the first to the last, both named. A day that a zone has left out (Samoa, 2011) is none. */
export function daysOf(zone: Zone, first: string, last: string): Day[] {
  const days: Day[] = [];
  let from = startOf(zone, first);
  for (let name = first; name <= last; name = dayAfter(name)) {
    const to = startOf(zone, dayAfter(name), from + DAY);
    if (to > from) days.push({ name, from, to });
    from = to;
  }
  return days;
}

/** The first moment of a day. By search, not by offset: where clocks go forward at midnight, the day begins at one. */
function startOf(zone: Zone, name: string, likely?: number): number {
  const begun = (at: number): boolean => zone.dayOf(at) >= name;
  if (likely !== undefined && begun(likely) && !begun(likely - 1)) return likely;
  let before = Date.parse(`${name}T00:00:00Z`) - FURTHEST;
  let after = before + 2 * FURTHEST;
  while (after - before > MINUTE) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE) * MINUTE;
    if (begun(middle)) after = middle;
    else before = middle;
  }
  return after;
}
