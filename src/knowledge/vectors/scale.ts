import { cosine, fromStored, toStored } from './half-floats.ts';

/** What a model's cosines are worth. */
export interface Scale {
  /** The cosine from which a passage fits. */
  fitsFrom: number;
  /** That of a passage that fits well. */
  fitsWell: number;
}

/** Of so many that don't fit, all but one are below `fitsFrom`. */
const OF_MISSES = 0.9;
/** Where they lie on a score of 0 to 1 that words are scored on, too. */
export const WELL = 0.75;

/** The vectors of length 1 of the examples' questions, of what fits each, and of what lies beside. */
export interface ExampleVectors {
  questions: readonly Float32Array[];
  fits: readonly Float32Array[];
  beside: readonly Float32Array[];
}

/**
 * A model's scale by what it makes of the examples. A model that can't tell them apart (one that knows a single language)
 * gets a high one: then only what is very near fits by meaning alone, and words decide.
 */
export function scaleOf({ questions, fits, beside }: ExampleVectors): Scale {
  const near = (a: Float32Array, b: Float32Array | undefined): number => (b ? cosine(a, fromStored(toStored(b))) : 0);
  const hits = questions.map((question, at) => near(question, fits[at]));
  const misses = questions.flatMap((question, at) => [
    near(question, beside[at]),
    ...fits.filter((_, other) => other !== at).map((passage) => near(question, passage)),
  ]);
  const besides = questions.map((question, at) => near(question, beside[at]));
  const fitsFrom = Math.max((mean(hits) + mean(besides)) / 2, quantile(misses, OF_MISSES));
  return { fitsFrom, fitsWell: Math.max(mean(hits.filter((hit) => hit > fitsFrom)), fitsFrom + SMALLEST_STEP) };
}

/** Between fitting and fitting well: a model without it would make a step of its scale. */
const SMALLEST_STEP = 0.05;

/** A cosine on a score of 0 to 1, where `fits` is the least that fits. */
export function scoreOf(near: number, { fitsFrom, fitsWell }: Scale, fits: number): number {
  const score = fits + ((near - fitsFrom) / (fitsWell - fitsFrom)) * (WELL - fits);
  return Math.min(1, Math.max(0, score));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}
