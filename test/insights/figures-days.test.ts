import assert from 'node:assert/strict';
import { dayAfter, daysFrom, daysOf } from '../../src/insights/days.ts';
import { periodOf, wrongDays } from '../../src/insights/figures-period.ts';
import { scaleOf, columnChart, lineChart } from '../../src/insights/dashboard-charts.ts';
import { rounded, waitOf } from '../../src/insights/figures.ts';
import { zoneOf } from '../../src/web/zones.ts';

const HOUR = 3600_000;
const hours = (zone: string, day: string): number => {
  const [only] = daysOf(zoneOf(zone), day, day);
  return only ? (only.to - only.from) / HOUR : 0;
};

describe('days of a business', () => {
  it('are of 23 and 25 hours where clocks are changed, at night or at midnight, by an hour or by half of one', () => {
    assert.equal(hours('Europe/Berlin', '2026-03-29'), 23);
    assert.equal(hours('Europe/Berlin', '2026-10-25'), 25);
    assert.equal(hours('Europe/Berlin', '2026-11-24'), 24);
    assert.equal(hours('America/New_York', '2026-03-08'), 23);
    assert.equal(hours('Australia/Lord_Howe', '2026-04-05'), 24.5);
    // Here midnight itself is left out, or comes twice.
    assert.equal(hours('Africa/Cairo', '2026-04-24'), 23);
    assert.equal(hours('Asia/Beirut', '2026-03-29'), 23);
    assert.equal(hours('Asia/Beirut', '2026-10-24'), 25);
  });

  it('follow each other without a gap, over a year and every kind of zone, each moment being of the day it lies in', () => {
    for (const name of [
      'UTC',
      'Europe/Berlin',
      'Asia/Kolkata',
      'Pacific/Kiritimati',
      'Pacific/Pago_Pago',
      'America/St_Johns',
      'Asia/Beirut',
    ]) {
      const zone = zoneOf(name);
      const days = daysOf(zone, '2026-01-01', '2026-12-31');
      assert.equal(days.length, 365, name);
      for (const [index, day] of days.entries()) {
        assert.equal(zone.dayOf(day.from), day.name, name);
        assert.equal(zone.dayOf(day.to - 1), day.name, name);
        if (index > 0) assert.equal(day.from, days[index - 1]?.to, name);
      }
    }
  });

  it('leave out the day that Samoa left out', () => {
    const names = daysOf(zoneOf('Pacific/Apia'), '2011-12-29', '2011-12-31').map(({ name }) => name);
    assert.deepEqual(names, ['2011-12-29', '2011-12-31']);
  });

  it('are counted over months and leap years', () => {
    assert.equal(dayAfter('2026-02-28'), '2026-03-01');
    assert.equal(dayAfter('2028-02-28'), '2028-02-29');
    assert.equal(dayAfter('2026-01-01', -1), '2025-12-31');
    assert.equal(daysFrom('2026-02-27', '2026-03-02'), 4);
  });
});

describe('a period', () => {
  const zone = zoneOf('Europe/Berlin');
  // In Berlin it is the first of December already.
  const now = Date.UTC(2026, 10, 30, 23, 30);
  const bounds = (days: readonly { name: string }[]): (string | undefined)[] => [days[0]?.name, days.at(-1)?.name];

  it('ends today in the business’s zone, and as many days go before it', () => {
    const period = periodOf(zone, now, { kind: '30' });
    assert.deepEqual(bounds(period.days), ['2026-11-02', '2026-12-01']);
    assert.deepEqual(bounds(period.before), ['2026-10-03', '2026-11-01']);
  });

  it('of this month begins with the first, on the first itself, too', () => {
    assert.deepEqual(bounds(periodOf(zone, now, { kind: 'month' }).days), ['2026-12-01', '2026-12-01']);
    const march = periodOf(zone, Date.UTC(2026, 2, 31, 10), { kind: 'month' });
    assert.deepEqual(bounds(march.days), ['2026-03-01', '2026-03-31']);
    assert.deepEqual(bounds(march.before), ['2026-01-29', '2026-02-28']);
    assert.equal(march.says, 'In March so far');
  });

  it('of one’s own ends today at the latest, and is refused in words when it can’t be', () => {
    const own = { kind: 'own', from: '2026-11-25', to: '2027-01-01' } as const;
    assert.deepEqual(bounds(periodOf(zone, now, own).days), ['2026-11-25', '2026-12-01']);
    assert.equal(wrongDays(own, '2026-12-01'), null);
    for (const [from, to, field] of [
      ['', '2026-11-01', 'from'],
      ['2026-02-30', '2026-03-01', 'from'],
      ['2026-11-01', 'soon', 'to'],
      ['2026-11-02', '2026-11-01', 'to'],
      ['2026-12-02', '2026-12-03', 'from'],
      ['2024-01-01', '2026-11-01', 'to'],
    ] as const)
      assert.equal(wrongDays({ from, to }, '2026-12-01')?.field, field, `${from} ${to}`);
  });
});

describe('waits', () => {
  it('are cut to what one reads of them', () => {
    assert.deepEqual([0, 99, 1234, 9999, 12_999, 600_000, 725_000, -5].map(rounded), [0, 0, 1200, 9900, 12_000, 600_000, 720_000, 0]);
  });

  it('are told by the share that waited no longer', () => {
    const waits = new Map([
      [300, 1],
      [100, 8],
      [200, 1],
    ]);
    assert.equal(waitOf(waits, 0.5), 100);
    assert.equal(waitOf(waits, 0.9), 200);
    assert.equal(waitOf(waits, 1), 300);
    assert.equal(waitOf(new Map(), 0.5), null);
    assert.equal(
      waitOf(
        new Map([
          [1, 1],
          [2, 1],
        ]),
        0.5,
      ),
      1,
    );
  });
});

describe('a chart', () => {
  it('has round numbers at its side, up to what is highest', () => {
    assert.deepEqual(scaleOf(33).steps, [10, 20, 30, 40]);
    assert.deepEqual(scaleOf(4).steps, [1, 2, 3, 4]);
    assert.deepEqual(scaleOf(1).steps, [1]);
    assert.deepEqual(scaleOf(1200).steps, [500, 1000, 1500]);
  });

  it('stacks columns on the axis, as high as their numbers', () => {
    const chart = columnChart(
      [
        { label: '1 Nov', values: [10, 10, 0] },
        { label: '2 Nov', values: [0, 0, 0] },
      ],
      ['a', 'b', 'c'],
      '',
    );
    assert.equal(chart.columns.length, 2);
    const [below, above] = chart.columns;
    assert.ok(below && above);
    assert.equal(below.y + below.height, chart.plot.y + chart.plot.height);
    assert.ok(Math.abs(above.y + above.height + 1 - below.y) < 0.01);
    assert.equal(above.y, chart.plot.y);
  });

  it('draws no line through days on which nothing was measured', () => {
    const days = ['1 Nov', '2 Nov', '3 Nov', '4 Nov', '5 Nov'];
    const { traces, labels } = lineChart(days, [{ kind: 'trace', label: 'half', values: [1, 2, null, 4, null] }], {
      says: '',
      write: String,
    });
    assert.equal(traces[0]?.path, 'M0 75L25 50M75 0h0.01');
    assert.deepEqual(
      labels.map(({ text }) => text),
      ['half'],
    );
  });

  it('lets one bad day run out at the top rather than flatten the others, and says so', () => {
    const line = { kind: 'trace', label: 'half', values: [1, 2, 100] };
    const options = { says: '', write: String };
    const cut = lineChart(['1 Nov', '2 Nov', '3 Nov'], [line], { ...options, atMost: 4 });
    assert.deepEqual([cut.cut, cut.grid.at(-1)?.text, cut.traces[0]?.path], [true, '4', 'M0 75L50 50L100 -30']);
    assert.equal(cut.labels[0]?.y, cut.plot.y + 4);
    assert.equal(lineChart(['1 Nov', '2 Nov', '3 Nov'], [line], options).cut, false);
  });
});
