/** The days that a page of figures is about, and as many before them to compare with. */
import type { Zone } from '../web/zones.ts';
import { dayAfter, daysFrom, daysOf, type Day } from './days.ts';

export const LONGEST_DAYS = 366;

/** What the address asks for: so many days up to today, this month so far, or days of one's own. */
export type Asked = { kind: '7' | '30' | '90' | 'month' } | { kind: 'own'; from: string; to: string };

export interface Period {
  asked: Asked;
  days: Day[];
  /** As many days right before. */
  before: Day[];
  /** "In 30 days", "In November so far", "From 1 to 9 October 2026". */
  says: string;
  /** "the 30 days before", "the day before". */
  saysBefore: string;
}

/** Why days of one's own can't be taken, for the field beside which it is said; null when they can. */
export function wrongDays({ from, to }: { from: string; to: string }, today: string): { field: 'from' | 'to'; says: string } | null {
  if (!isDay(from)) return { field: 'from', says: 'Give the first day.' };
  if (!isDay(to)) return { field: 'to', says: 'Give the last day.' };
  if (from > today) return { field: 'from', says: 'This day is still to come.' };
  if (to < from) return { field: 'to', says: 'The last day comes before the first.' };
  return daysFrom(from, to) > LONGEST_DAYS ? { field: 'to', says: `That is more than ${LONGEST_DAYS} days. Choose fewer.` } : null;
}

function isDay(name: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(name) && !Number.isNaN(Date.parse(`${name}T00:00:00Z`)) && dayAfter(name, 0) === name;
}

/** Days of one's own must be right by `wrongDays`; of those to come none is taken. */
export function periodOf(zone: Zone, now: number, asked: Asked): Period {
  const today = zone.dayOf(now);
  const [first, last] = boundsOf(asked, today);
  const days = daysFrom(first, last);
  return {
    asked,
    days: daysOf(zone, first, last),
    before: daysOf(zone, dayAfter(first, -days), dayAfter(first, -1)),
    says: saysOf(zone, asked, first, last),
    saysBefore: days === 1 ? 'the day before' : `the ${days} days before`,
  };
}

function boundsOf(asked: Asked, today: string): [first: string, last: string] {
  switch (asked.kind) {
    case 'own':
      return [asked.from, asked.to < today ? asked.to : today];
    case 'month':
      return [`${today.slice(0, 8)}01`, today];
    default:
      return [dayAfter(today, 1 - Number(asked.kind)), today];
  }
}

function saysOf(zone: Zone, asked: Asked, first: string, last: string): string {
  const [from, to] = [noon(first), noon(last)];
  switch (asked.kind) {
    case 'own':
      return first === last ? `On ${zone.date(from)}` : `From ${zone.date(from)} to ${zone.date(to)}`;
    case 'month':
      return `In ${zone.date(to).split(' ')[1] ?? 'this month'} so far`;
    default:
      return `In ${asked.kind} days`;
  }
}

/** A moment of a day that every zone but the furthest has as that day; for its name alone. */
function noon(name: string): number {
  return Date.parse(`${name}T12:00:00Z`);
}
