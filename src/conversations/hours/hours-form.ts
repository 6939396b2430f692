/** The week and the holidays as people type them. */
import { z } from 'zod';
import { longText, ticked } from '../../web/parse.ts';
import type { Hours } from './hours.ts';
import { spansText, type Span } from './opening-hours.ts';

export const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

const SPANS_AT_MOST = 6;
const HOLIDAYS_AT_MOST = 200;
const HOW = 'Write spans like 09:00–12:30, 14:00–18:00, or leave it empty.';
const SPAN = /^(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to)\s*(\d{1,2})(?:[:.](\d{2}))?$/iu;

/** Minutes from midnight; undefined for what no clock shows. 24:00 is midnight. */
function minutes(hour: string, minute = '00'): number | undefined {
  const [h, m] = [Number(hour), Number(minute)];
  return m < 60 && (h < 24 || (h === 24 && m === 0)) ? (h % 24) * 60 + m : undefined;
}

function spanOf(typed: string): Span | undefined {
  const [, fromHour, fromMinute, toHour, toMinute] = SPAN.exec(typed) ?? [];
  if (fromHour === undefined || toHour === undefined) return undefined;
  const [from, to] = [minutes(fromHour, fromMinute), minutes(toHour, toMinute)];
  return from === undefined || to === undefined ? undefined : [from, to];
}

const END = 24 * 60;

function overlap(spans: Span[]): boolean {
  const inOrder = spans.map(([from, to]) => ({ from, to: to > from ? to : to + END })).sort((one, other) => one.from - other.from);
  return inOrder.some(({ from }, at) => from < (inOrder[at - 1]?.to ?? 0));
}

const day = z
  .string({ error: HOW })
  .max(200, { error: HOW })
  .transform((typed) =>
    typed
      .split(/[,;\n]/)
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  )
  .transform((typed): (Span | undefined)[] => (typed.length === 1 && /^closed$/iu.test(typed[0] ?? '') ? [] : typed.map(spanOf)))
  .refine((spans) => spans.every((span) => span !== undefined), { error: HOW, abort: true })
  .transform((spans): Span[] => spans.filter((span) => span !== undefined))
  .refine((spans) => spans.length <= SPANS_AT_MOST, { error: `A day can have ${SPANS_AT_MOST} spans at most.` })
  .refine((spans) => !overlap(spans), { error: 'Two of these overlap.' });

type Holiday = Hours['holidays'][number];

const holidays = longText('The list', HOLIDAYS_AT_MOST * 80)
  .transform((typed): (Holiday | undefined)[] => typed.split('\n').flatMap((each) => (each.trim() === '' ? [] : [holidayOf(each.trim())])))
  .refine((list) => list.every((each) => each !== undefined), {
    error: 'Each line begins with a day that there is, like 2026-12-25 Christmas Day.',
    abort: true,
  })
  .refine((list) => list.length <= HOLIDAYS_AT_MOST, { error: `${HOLIDAYS_AT_MOST} days at most. Take out those that are past.` })
  .refine((list) => new Set(list.map((each) => each?.day)).size === list.length, { error: 'A day stands here twice.' })
  .transform((list): Holiday[] => list.filter((each) => each !== undefined));

function holidayOf(line: string): Holiday | undefined {
  const [, date = '', name = ''] = /^(\d{4}-\d{2}-\d{2})\s*(.*)$/u.exec(line) ?? [];
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date ? undefined : { day: date, name: name.slice(0, 80) };
}

export const hoursForm = z
  .strictObject({
    inUse: ticked(),
    day0: day,
    day1: day,
    day2: day,
    day3: day,
    day4: day,
    day5: day,
    day6: day,
    holidays,
    tellsAway: ticked(),
    awayText: longText('The message', 1000).transform((text) => (text === '' ? null : text)),
  })
  .transform(({ day0, day1, day2, day3, day4, day5, day6, ...rest }): Hours => ({
    ...rest,
    week: [day0, day1, day2, day3, day4, day5, day6],
  }))
  .refine(({ inUse, week }) => !inUse || week.some((spans) => spans.length > 0), {
    error: 'With every day closed nobody would ever come. Give one day hours, or switch them off.',
    path: ['day0'],
  });

/** As the form shows what is kept. */
export function typedHours({ week, holidays: days, ...hours }: Hours): Record<string, unknown> {
  const spans = week.map((each, at): [string, string] => [`day${at}`, spansText(each)]);
  return { ...hours, ...Object.fromEntries(spans), holidays: days.map((each) => `${each.day} ${each.name}`.trim()).join('\n') };
}
