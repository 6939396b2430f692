/** How times, money and numbers read on a page: in English, and in the zone of the business. */
import type { Zone } from './zones.ts';
import { once } from '../lib/once.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type TimeForm = 'smart' | 'clock' | 'moment' | 'second' | 'date' | 'full';

/**
 * `at` (UTC ms) as people say it. smart: 14:05 today, Mon within a week, then 18 Nov, with the year in another year.
 * clock: 14:05. moment: 14:05 today, else 18 Nov, 14:05. second: the same with seconds, 14:05:09. date: 18 November 2026. full: Wednesday, 18 November 2026 at 14:05.
 */
export function timeText(zone: Zone, now: number, at: number, form: TimeForm): string {
  switch (form) {
    case 'clock':
      return zone.clock(at);
    case 'date':
      return zone.date(at);
    case 'full':
      return zone.full(at);
    case 'moment':
      return isToday(zone, now, at) ? zone.clock(at) : `${dayText(zone, now, at)}, ${zone.clock(at)}`;
    case 'second':
      return isToday(zone, now, at) ? zone.second(at) : `${dayText(zone, now, at)}, ${zone.second(at)}`;
    case 'smart':
      if (isToday(zone, now, at)) return zone.clock(at);
      return at < now && now - at < 6 * DAY ? zone.weekday(at) : dayText(zone, now, at);
  }
}

function isToday(zone: Zone, now: number, at: number): boolean {
  return Math.abs(now - at) < DAY && zone.dayOf(at) === zone.dayOf(now);
}

function dayText(zone: Zone, now: number, at: number): string {
  return zone.yearOf(at) === zone.yearOf(now) ? zone.day(at) : zone.dayAndYear(at);
}

/** A length of waiting: "4 min", "2 h", "3 days". Under a minute it is "1 min": nobody counts seconds of waiting. */
export function spanText(ms: number): string {
  if (ms < HOUR) return `${Math.max(1, Math.floor(ms / MINUTE))} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} days`;
}

/** A length of work: "9 ms", "1.3 s", "2 min". */
export function durationText(ms: number): string {
  if (ms < 1) return 'less than 1 ms';
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / 1000).toFixed(1)} s`;
  return spanText(ms);
}

const currencies = new Map<string, [small: Intl.NumberFormat, whole: Intl.NumberFormat]>();

/** Micro-units of a currency: €12.40, and below one unit what counts of it: €0.0021. */
export function moneyText(micros: number, currency: string): string {
  let forms = currencies.get(currency);
  if (!forms) {
    const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
    forms = [new Intl.NumberFormat('en-GB', { ...style, maximumSignificantDigits: 2 }), new Intl.NumberFormat('en-GB', style)];
    currencies.set(currency, forms);
  }
  const amount = micros / 1_000_000;
  return forms[Math.abs(amount) < 1 && amount !== 0 ? 0 : 1].format(amount);
}

const numbers = once(() => new Intl.NumberFormat('en-GB'));

export function numberText(n: number): string {
  return numbers().format(n);
}

export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** A number in a sentence: words up to twelve. */
export function wordText(n: number): string {
  return WORDS[n] ?? numberText(n);
}

/** The same where it begins the sentence. */
export function firstWordText(n: number): string {
  const word = wordText(n);
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** "1 message", "1,204 messages"; the second form defaults to the first with an s. */
export function pluralText(n: number, one: string, many = `${one}s`): string {
  return `${numberText(n)} ${n === 1 ? one : many}`;
}
