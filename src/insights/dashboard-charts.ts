/**
 * Charts as the template draws them: x in percent, y in pixels, so that text keeps its size and its shape at every width;
 * lines lie in a drawing of 100 by 100 that is stretched.
 */
export interface Chart {
  height: number;
  /** What it shows in a sentence, for who doesn't see it. */
  says: string;
  grid: { y: number; textY: number; text: string }[];
  columns: { kind: string; x: string; width: string; y: number; height: number }[];
  traces: { kind: string; path: string }[];
  /** Below the axis. */
  marks: { x: string; anchor: 'start' | 'middle' | 'end'; text: string }[];
  /** At the end of a trace. */
  labels: { y: number; text: string }[];
  axisY: number;
  /** The plot's own height within the whole. */
  plot: { y: number; height: number };
  /** Something goes beyond the top. */
  cut: boolean;
}

interface Frame {
  height: number;
  top: number;
  /** For the marks below the axis. */
  bottom: number;
}

/** Marks below a chart as wide as the page, and below one of three beside each other. */
const MARKS = 6;
const FEW_MARKS = 3;
/** Where a line is cut: as far above as it may go, since browsers draw no dashes of a line that is miles long. */
const BEYOND_TOP = -30;

interface Scale {
  top: number;
  steps: number[];
}

/** Round numbers up to `highest`, four at most; `rungs` are the lengths of a step that read well, then ten times those. */
export function scaleOf(highest: number, rungs: readonly number[] = [1, 2, 5]): Scale {
  const least = highest / 4;
  let step = rungs[0] ?? 1;
  for (let power = 1; step < least; power *= 10) step = rungs.map((rung) => rung * power).find((rung) => rung >= least) ?? step;
  const steps = Array.from({ length: Math.max(1, Math.ceil(highest / step)) }, (_, index) => step * (index + 1));
  return { top: steps.at(-1) ?? step, steps };
}

/** Lengths of time that read well, ms; days go on by themselves. */
export const TIME_RUNGS = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000].concat(
  [1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 1440, 2880, 7200, 14_400].map((minutes) => minutes * 60_000),
);

export interface Stack {
  label: string;
  values: readonly number[];
}

/** Columns, each a stack of `kinds` from below. */
export function columnChart(stacks: readonly Stack[], kinds: readonly string[], says: string): Chart {
  const frame: Frame = { height: 220, top: 14, bottom: 24 };
  const scale = scaleOf(Math.max(...stacks.map(({ values }) => sum(values)), 1));
  const plot = frame.height - frame.top - frame.bottom;
  const share = 100 / Math.max(1, stacks.length);
  const y = (value: number): number => frame.top + plot - (value / scale.top) * plot;
  const columns = stacks.flatMap(({ values }, at) =>
    values.flatMap((value, index) => {
      if (value === 0) return [];
      const below = sum(values.slice(0, index));
      const [from, to] = [y(below + value), y(below)];
      // A hairline of paper between what lies on another.
      const height = Math.max(1, to - from - (below > 0 ? 1 : 0));
      return [
        { kind: kinds[index] ?? '', x: percent((at + 0.16) * share), width: percent(share * 0.68), y: short(from), height: short(height) },
      ];
    }),
  );
  return {
    ...framed(frame, scale, (value) => value.toLocaleString('en-GB')),
    says,
    cut: false,
    columns,
    traces: [],
    labels: [],
    marks: marksOf(
      stacks.map(({ label }) => label),
      (at) => (at + 0.5) * share,
    ),
  };
}

interface LineOptions {
  says: string;
  write: (value: number) => string;
  rungs?: readonly number[];
  filled?: boolean;
  atMost?: number;
}

export interface Line {
  kind: string;
  /** At its end. */
  label: string;
  /** Null where nothing was measured. */
  values: readonly (number | null)[];
}

/** Lines over days; `filled` shades what lies below the first. What is above `atMost` runs out at the top: one bad day would flatten all others. */
export function lineChart(
  labels: readonly string[],
  lines: readonly Line[],
  { says, write, rungs, filled = false, atMost = Infinity }: LineOptions,
): Chart {
  const frame: Frame = { height: 226, top: 15, bottom: 26 };
  const highest = Math.max(...lines.flatMap(({ values }) => values.map((value) => value ?? 0)), 0);
  const shown = Math.min(highest, atMost);
  const scale = scaleOf(shown === 0 ? (rungs?.[0] ?? 1) : shown, rungs);
  const plot = frame.height - frame.top - frame.bottom;
  const x = (at: number): number => (labels.length < 2 ? 50 : (at / (labels.length - 1)) * 100);
  const traces = lines.map(({ kind, values }) => ({ kind, path: pathOf(values, x, scale.top) }));
  const [first] = lines;
  const under =
    filled && first ? [{ kind: 'under', path: `${pathOf(first.values, x, scale.top)}L${x(labels.length - 1)} 100L${x(0)} 100z` }] : [];
  return {
    ...framed(frame, scale, write),
    says,
    cut: highest > scale.top,
    columns: [],
    traces: [...under, ...traces],
    labels: apart(
      lines.flatMap(({ label, values }) => {
        const last = values.findLast((value) => value !== null);
        return last === null || last === undefined ? [] : [{ text: label, y: frame.top + plot - Math.min(1, last / scale.top) * plot + 4 }];
      }),
    ),
    marks: marksOf(labels, x, FEW_MARKS),
  };
}

function framed({ height, top, bottom }: Frame, { top: highest, steps }: Scale, write: (value: number) => string) {
  const plot = height - top - bottom;
  return {
    height,
    axisY: height - bottom + 0.5,
    plot: { y: top, height: plot },
    grid: steps.map((step) => {
      const y = short(top + plot - (step / highest) * plot);
      return { y, textY: y + 4, text: write(step) };
    }),
  };
}

/** What isn't measured is left out; what stands alone is drawn as a dot. */
function pathOf(values: readonly (number | null)[], x: (at: number) => number, top: number): string {
  let drawing = false;
  return values
    .map((value, at) => {
      if (value === null) {
        drawing = false;
        return '';
      }
      const point = `${short(x(at))} ${short(Math.max(BEYOND_TOP, 100 - (value / top) * 100))}`;
      const alone = !drawing && (values[at + 1] ?? null) === null;
      const command = drawing ? `L${point}` : `M${point}${alone ? 'h0.01' : ''}`;
      drawing = true;
      return command;
    })
    .join('');
}

/** `labels` are days such as "26 Oct"; the month is said where it begins, and with the first. */
function marksOf(labels: readonly string[], x: (at: number) => number, most = MARKS): Chart['marks'] {
  const step = Math.max(1, Math.ceil(labels.length / most));
  let monthBefore = '';
  return labels.flatMap((label, at) => {
    const place = x(at);
    if (at % step !== 0 || (at > 0 && place > 95)) return [];
    const [day = '', month = ''] = label.split(' ');
    const text = month === monthBefore ? day : label;
    monthBefore = month;
    return [{ x: percent(at === 0 ? Math.max(0, place - 3) : place), anchor: at === 0 ? ('start' as const) : ('middle' as const), text }];
  });
}

/** Labels that would lie on each other are moved apart. */
function apart(labels: { y: number; text: string }[]): { y: number; text: string }[] {
  const sorted = labels.toSorted((a, b) => b.y - a.y);
  let below = Infinity;
  return sorted.map(({ y, text }) => {
    below = Math.min(y, below - 15);
    return { y: short(below), text };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function short(value: number): number {
  return Math.round(value * 100) / 100;
}

function percent(value: number): string {
  return `${short(value)}%`;
}
