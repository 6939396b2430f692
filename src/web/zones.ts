/**
 * The clock on the wall of a business. Formatters cost 50 µs to make and 1 to use, so each zone's are kept; the first of
 * all costs 10 ms and 8 MB, so a page that shows no time makes none.
 */
import { once } from '../lib/once.ts';

export interface Zone {
  /** A day's name that sorts and compares: 2026-11-18. */
  dayOf(at: number): string;
  yearOf(at: number): string;
  clock(at: number): string;
  second(at: number): string;
  weekday(at: number): string;
  day(at: number): string;
  dayAndYear(at: number): string;
  date(at: number): string;
  full(at: number): string;
}

const zones = new Map<string, Zone>();

/** Formatters of an IANA zone; UTC for a name that isn't one. */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = makeZone(name);
    zones.set(name, zone);
  }
  return zone;
}

function makeZone(name: string): Zone {
  const timeZone = once(() => (isZone(name) ? name : 'UTC'));
  const form = (locale: string, options: Intl.DateTimeFormatOptions): ((at: number) => string) => {
    const format = once(() => new Intl.DateTimeFormat(locale, { timeZone: timeZone(), ...options }));
    return (at) => format().format(at);
  };
  return {
    dayOf: form('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit' }),
    yearOf: form('en-GB', { year: 'numeric' }),
    clock: form('en-GB', { hour: '2-digit', minute: '2-digit' }),
    second: form('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    weekday: form('en-GB', { weekday: 'short' }),
    day: form('en-GB', { day: 'numeric', month: 'short' }),
    dayAndYear: form('en-GB', { day: 'numeric', month: 'short', year: 'numeric' }),
    date: form('en-GB', { day: 'numeric', month: 'long', year: 'numeric' }),
    full: form('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' }),
  };
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
