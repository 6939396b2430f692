/** The four charts of the dashboard, out of its figures. */
import { numberText, pluralText } from '../web/formats.ts';
import { columnChart, lineChart, TIME_RUNGS, type Chart } from './dashboard-charts.ts';
import type { View } from './dashboard-material.ts';
import { amountText, waitText } from './dashboard-words.ts';
import { messages, neither, noFigures, sumOf, waitOf, type Figures } from './figures.ts';
import { HALF, NINE_IN_TEN } from './figures-tables.ts';

/** More days than this don't fit a phone side by side: then each column is a week. */
const MOST_DAYS = 92;

/** Days so many times slower than nine in ten of all run out at the top. */
const BEYOND = 4;

interface Bin {
  label: string;
  figures: Figures;
}

function binsOf({ zone, material: { days, now } }: View): Bin[] {
  const length = days.length > MOST_DAYS ? 7 : 1;
  const bins: Bin[] = [];
  for (let at = 0; at < days.length; at += length) {
    const these = days.slice(at, at + length);
    const figures = these.map((day) => now.byDay.get(day.from) ?? noFigures());
    bins.push({ label: zone.day(these[0]?.from ?? 0), figures: length === 1 ? (figures[0] ?? noFigures()) : sumOf(figures) });
  }
  return bins;
}

/** "by day, 26 Oct to 24 Nov" */
function spanOf({ zone, material: { days } }: View): string {
  const by = days.length > MOST_DAYS ? 'by week' : 'by day';
  return `${by}, ${zone.day(days[0]?.from ?? 0)} to ${zone.day(days.at(-1)?.from ?? 0)}`;
}

export function conversationChart(view: View): Chart {
  const bins = binsOf(view);
  const stacks = bins.map(({ label, figures }) => ({ label, values: [figures.alone, figures.handed, neither(figures)] }));
  const counts = bins.map(({ figures }) => figures.conversations);
  const { alone, handed } = view.material.now.total;
  const says = `Conversations ${spanOf(view)}. Between ${Math.min(...counts)} and ${Math.max(...counts)}; ${numberText(alone)} by the bot alone, ${numberText(handed)} handed over.`;
  return columnChart(stacks, ['alone', 'handed', 'gone'], says);
}

export function messageChart(view: View): Chart {
  const bins = binsOf(view);
  const stacks = bins.map(({ label, figures }) => ({ label, values: [figures.fromCustomers, figures.fromBot, figures.fromPeople] }));
  const says = `Messages ${spanOf(view)}: ${pluralText(messages(view.material.now.total), 'message')}.`;
  return columnChart(stacks, ['other', 'alone', 'handed'], says);
}

export function waitChart(view: View): Chart | null {
  const { bot } = view.material.now.total.waits;
  const [half, nine] = [waitOf(bot, HALF), waitOf(bot, NINE_IN_TEN)];
  if (half === null || nine === null) return null;
  const bins = binsOf(view);
  const waits = (share: number): (number | null)[] => bins.map(({ figures }) => waitOf(figures.waits.bot, share));
  return lineChart(
    bins.map(({ label }) => label),
    [
      { kind: 'trace', label: 'half', values: waits(HALF) },
      { kind: 'trace is-second', label: '9 in 10', values: waits(NINE_IN_TEN) },
    ],
    {
      says: `Time to the bot’s first answer ${spanOf(view)}: half within ${waitText(half)}, nine in ten within ${waitText(nine)}.`,
      write: axisTime,
      rungs: TIME_RUNGS,
      atMost: nine * BEYOND,
    },
  );
}

function axisTime(ms: number): string {
  if (ms < 1000) return `${ms / 1000} s`;
  if (ms < 60_000) return `${ms / 1000} s`;
  const minutes = ms / 60_000;
  if (minutes < 60) return `${minutes} min`;
  return minutes < 1440 ? `${minutes / 60} h` : `${minutes / 1440} d`;
}

/** Of the currency in which most was paid. */
export function costChart(view: View): Chart | null {
  const [currency] = view.material.currencies;
  const all = currency === undefined ? 0 : (view.material.now.total.costs.get(currency) ?? 0);
  if (currency === undefined || all === 0) return null;
  const bins = binsOf(view);
  let sum = 0;
  const values = bins.map(({ figures }) => (sum += figures.costs.get(currency) ?? 0));
  return lineChart(
    bins.map(({ label }) => label),
    [{ kind: 'trace', label: amountText(all, currency), values }],
    { says: `Cost added up ${spanOf(view)}: ${amountText(all, currency)}.`, write: (micros) => axisMoney(micros, currency), filled: true },
  );
}

/** Round sums need no cents. */
function axisMoney(micros: number, currency: string): string {
  return amountText(micros, currency).replace(/\.00$/, '');
}
