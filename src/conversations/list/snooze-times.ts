/** Until when one puts something off, on the clock of the business. */
import type { Zone } from '../../web/zones.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MORNING = '09:00';
const LATER_MS = 3 * HOUR;
/** What would come back after this hour is better looked at tomorrow. */
const LAST_HOUR = '20:00';
export const LONGEST_SNOOZE_MS = 366 * 24 * HOUR;

export interface SnoozeTime {
  key: 'later' | 'tomorrow' | 'week';
  name: string;
  until: number;
}

/** What is offered at `now`: later today (as long as that is before the evening), tomorrow morning, Monday morning. */
export function snoozeTimes(zone: Zone, now: number): SnoozeTime[] {
  const today = zone.dayOf(now);
  const halfHour = Math.ceil((now + LATER_MS) / (30 * MINUTE)) * 30 * MINUTE;
  const later = zone.dayOf(halfHour) === today && zone.clock(halfHour) <= LAST_HOUR;
  return [
    ...(later ? [{ key: 'later' as const, name: 'Later today', until: halfHour }] : []),
    { key: 'tomorrow', name: 'Tomorrow morning', until: atLocal(zone, addDays(today, 1), MORNING) },
    { key: 'week', name: 'Next week', until: atLocal(zone, addDays(today, daysToMonday(today)), MORNING) },
  ];
}

/** The instant at which a zone's clock shows this: day 2026-11-18, time 09:00. A time that the clock skips is the one after. */
export function atLocal(zone: Zone, day: string, time: string): number {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  let at = wanted;
  // Once for the zone's distance, and once more where it changed in between.
  for (let turn = 0; turn < 2; turn += 1) at += wanted - Date.parse(`${zone.dayOf(at)}T${zone.clock(at)}:00Z`);
  return at;
}

/** What a field of date and time holds, 2026-11-18T09:00; undefined when it holds none. */
export function ownTime(zone: Zone, value: string): number | undefined {
  const [, day = '', time = ''] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(value) ?? [];
  return Number.isNaN(Date.parse(`${day}T${time}:00Z`)) ? undefined : atLocal(zone, day, time);
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * HOUR).toISOString().slice(0, 10);
}

function daysToMonday(day: string): number {
  return 7 - ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7);
}
