import assert from 'node:assert/strict';
import fc from 'fast-check';
import { afterOpenTime, isOpen, nextOpening, type OpeningHours, type Span } from '../../src/conversations/hours/opening-hours.ts';
import { zoneOf } from '../../src/web/zones.ts';

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const NONE: Span[] = [];
const NINE_TO_FIVE: Span[] = [[9 * 60, 17 * 60]];

describe('opening hours', () => {
  const hours = (week: Span[][], zone = 'Europe/Berlin', holidays: string[] = []): OpeningHours => ({
    week,
    holidays: new Set(holidays),
    zone: zoneOf(zone),
  });
  const everyDay = (...spans: Span[]): Span[][] => Array.from({ length: 7 }, () => spans);
  const at = (text: string): number => Date.parse(text);
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString().slice(0, 16));

  it('holds several spans a day, and the end of one is no more in it', () => {
    const lunch = hours([
      [
        [540, 750],
        [840, 1080],
      ],
      NONE,
      NONE,
      NONE,
      NONE,
      NONE,
      NONE,
    ]);
    // Monday, 23 November 2026, in Berlin: an hour ahead of UTC.
    for (const [time, open] of [
      ['07:59', false],
      ['08:00', true],
      ['11:29', true],
      ['11:30', false],
      ['12:59', false],
      ['13:00', true],
      ['17:00', false],
    ] as const)
      assert.equal(isOpen(lunch, at(`2026-11-23T${time}Z`)), open, time);
    assert.equal(iso(nextOpening(lunch, at('2026-11-23T11:30Z'))), '2026-11-23T13:00');
    assert.equal(iso(nextOpening(lunch, at('2026-11-23T13:20Z'))), '2026-11-23T13:20', 'now');
    assert.equal(iso(nextOpening(lunch, at('2026-11-23T17:00Z'))), '2026-11-30T08:00', 'a week later');
  });

  it('goes past midnight where a span ends before it begins, and around the clock where it ends as it begins', () => {
    const bar = hours([NONE, NONE, NONE, NONE, [[1080, 120]], NONE, NONE]);
    assert.equal(isOpen(bar, at('2026-11-27T23:30Z')), true, 'Saturday, half past midnight');
    assert.equal(isOpen(bar, at('2026-11-28T01:00Z')), false, 'two o’clock');
    const always = hours(everyDay([0, 0]));
    assert.equal(isOpen(always, at('2026-11-28T01:00Z')), true);
    assert.equal(afterOpenTime(always, at('2026-11-28T01:00Z'), 2 * HOUR), at('2026-11-28T03:00Z'));
  });

  it('stays closed on a holiday, but for the evening before that goes on', () => {
    const bar = hours(everyDay([1080, 120]), 'Europe/Berlin', ['2026-12-24']);
    assert.equal(isOpen(bar, at('2026-12-24T00:30Z')), true, 'the night of the 23rd');
    assert.equal(isOpen(bar, at('2026-12-24T19:00Z')), false);
    assert.equal(iso(nextOpening(bar, at('2026-12-24T19:00Z'))), '2026-12-25T17:00');
  });

  it('keeps to the wall clock as clocks change', () => {
    const shop = hours(everyDay(...NINE_TO_FIVE));
    assert.equal(iso(nextOpening(shop, at('2026-03-28T20:00Z'))), '2026-03-29T07:00', 'summer time began that night');
    assert.equal(iso(nextOpening(shop, at('2026-10-24T20:00Z'))), '2026-10-25T08:00', 'and ended');
    const night = hours(everyDay([150, 240]));
    assert.equal(
      iso(nextOpening(night, at('2026-03-28T23:30Z'))),
      '2026-03-29T01:30',
      'half past two is left out: an hour after half past one',
    );
    assert.equal(iso(nextOpening(night, at('2026-10-24T23:30Z'))), '2026-10-25T00:30', 'half past two comes twice: the first');
    assert.equal(isOpen(night, at('2026-10-25T02:59Z')), true);
    assert.equal(isOpen(night, at('2026-10-25T03:00Z')), false, 'open for an hour more');
    const samoa = hours(everyDay(...NINE_TO_FIVE), 'Pacific/Apia');
    assert.equal(iso(nextOpening(samoa, at('2011-12-30T05:00Z'))), '2011-12-30T19:00', 'a day was left out: the 31st at nine');
  });

  it('counts a wait only while people are there', () => {
    const shop = hours([NINE_TO_FIVE, NINE_TO_FIVE, NINE_TO_FIVE, NINE_TO_FIVE, NINE_TO_FIVE, NONE, NONE]);
    // Friday at ten to five: ten minutes then, and the rest on Monday.
    assert.equal(iso(afterOpenTime(shop, at('2026-11-27T15:50Z'), HOUR / 2)), '2026-11-30T08:20');
    assert.equal(iso(afterOpenTime(shop, at('2026-11-28T12:00Z'), HOUR / 2)), '2026-11-30T08:30');
    assert.equal(iso(afterOpenTime(shop, at('2026-11-27T15:50Z'), HOUR / 6)), '2026-11-27T16:00');
  });

  it('of a week without hours knows no next opening, and still lets a wait end', () => {
    const never = hours(everyDay());
    assert.equal(nextOpening(never, at('2026-11-27T15:50Z')), null);
    assert.equal(afterOpenTime(never, at('2026-11-27T15:50Z'), HOUR), at('2026-11-27T16:50Z'));
  });

  it('whatever the week, zone and moment: the next opening is the first moment at which it is open', () => {
    const minute = fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15);
    const week = fc.array(fc.array(fc.tuple(minute, minute), { maxLength: 2 }), { minLength: 7, maxLength: 7 });
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC');
    const moment = fc.integer({ min: at('2026-03-01T00:00Z') / 900_000, max: at('2026-11-30T00:00Z') / 900_000 }).map((n) => n * 900_000);
    fc.assert(
      fc.property(week, zone, moment, (spans, name, now) => {
        const any = hours(spans, name);
        const next = nextOpening(any, now);
        if (spans.every(({ length }) => length === 0)) return next === null;
        assert.ok(next !== null && next >= now && next - now <= 8 * DAY);
        assert.ok(isOpen(any, next));
        if (next > now) assert.equal(isOpen(any, next - 1), false);
        for (let step = now; step < next; step += HOUR) assert.equal(isOpen(any, step), false);
        return true;
      }),
      { numRuns: 60 },
    );
  });
});
