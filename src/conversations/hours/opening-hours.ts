/** When people are there: computed from the week and the holidays, with the clock on the business's wall. */
import type { Zone } from '../../web/zones.ts';

/** Minutes from midnight, 0 to 1439. Where `to` isn't later than `from` it ends the next day: 18:00–02:00, 00:00–00:00. */
export type Span = [from: number, to: number];

export interface OpeningHours {
  /** Seven days from Monday on. */
  week: readonly (readonly Span[])[];
  /** By day: 2026-12-25. What begins on such a day doesn't take place; what began the evening before goes on to its end. */
  holidays: ReadonlySet<string>;
  zone: Zone;
}

/** UTC ms; `to` isn't in it any more. */
interface Opening {
  from: number;
  to: number;
}

const MINUTE = 60_000;
const DAY = 24 * 3600_000;
/** So far ahead an opening is looked for: longer than any closure for the winter. */
const AHEAD_DAYS = 400;

/** Whether people are there at `at`, UTC ms. */
export function isOpen(hours: OpeningHours, at: number): boolean {
  return openingFrom(hours, at).next().value?.at === true;
}

/** When people are there next, UTC ms: `at` itself while they are. Null where it isn't known to happen within a year. */
export function nextOpening(hours: OpeningHours, at: number): number | null {
  const next = openingFrom(hours, at).next().value;
  return next ? Math.max(next.from, at) : null;
}

/** The moment until which people were there for `ms` since `at`. Where they never come, as if they always were. */
export function afterOpenTime(hours: OpeningHours, at: number, ms: number): number {
  let left = ms;
  for (const { from, to } of openingFrom(hours, at)) {
    const begins = Math.max(from, at);
    if (to - begins >= left) return begins + left;
    left -= to - begins;
  }
  return at + ms;
}

/** Openings in order, joined where they touch, from the one at `at` or the next one on. */
function* openingFrom(hours: OpeningHours, at: number): Generator<Opening & { at: boolean }, undefined> {
  const told = (opening: Opening): Opening & { at: boolean } => ({ ...opening, at: opening.from <= at });
  let open: Opening | undefined;
  const first = hours.zone.dayOf(at - DAY);
  for (let ahead = 0; ahead < AHEAD_DAYS; ahead++) {
    for (const next of openingsOf(hours, dayAfter(first, ahead))) {
      if (next.to <= at) continue;
      if (open && next.from <= open.to) open.to = Math.max(open.to, next.to);
      else {
        if (open) yield told(open);
        open = next;
      }
    }
    // Always open: it has no end that is worth looking for.
    if (open && open.to - Math.max(open.from, at) > 8 * DAY) break;
  }
  if (open) yield told(open);
  return undefined;
}

function openingsOf(hours: OpeningHours, day: string): Opening[] {
  const { zone } = hours;
  return [...spansOn(hours, day)]
    .sort(([one], [other]) => one - other)
    .map(([from, to]) => ({ from: instantOf(zone, day, from), to: instantOf(zone, to > from ? day : dayAfter(day, 1), to) }))
    .filter(({ from, to }) => to > from);
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/**
 * When a clock on the wall shows that time on that day. Shown twice, as clocks go back: the first time. Never shown, as they go
 * forward: when it would have been shown without that.
 */
function instantOf(zone: Zone, day: string, minutes: number): number {
  const wall = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE;
  const before = wall - ahead(zone, wall - DAY);
  const after = wall - ahead(zone, wall + DAY);
  return [before, after].filter((at) => at + ahead(zone, at) === wall).sort((one, other) => one - other)[0] ?? before;
}

/** How far the zone's clock is ahead of UTC at `at`, which is a whole minute: ms. */
function ahead(zone: Zone, at: number): number {
  return Date.parse(`${zone.dayOf(at)}T${zone.second(at)}Z`) - at;
}

/** As people read them: "08:00–12:00, 14:00–18:00"; '' for none. */
export function spansText(spans: readonly Span[]): string {
  const clock = (at: number): string => `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
  return spans.map(([from, to]) => `${clock(from)}–${clock(to)}`).join(', ');
}

/** What is open on a day, 2026-12-24: what begins on it. */
export function spansOn({ week, holidays }: Pick<OpeningHours, 'week' | 'holidays'>, day: string): readonly Span[] {
  return holidays.has(day) ? [] : (week[weekdayOf(day)] ?? []);
}

/** 0 is Monday. */
function weekdayOf(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}
