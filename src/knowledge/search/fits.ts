import type { Passage } from './passage.ts';

/**
 * A best score under this means that nothing fits. Half of the questions of `bench -- grounded` chose it: the highest at
 * which 95 of 100 are answered whose answer a small business knows. Of the other half it answers 96 of 100, and refuses
 * 89 of what has nothing to do with the business. Higher, it costs more answers than it keeps out: what still passes
 * shares a telling word with the knowledge ("the weather at the weekend"), and is for whoever reads the passages to refuse.
 */
export const FITS = 0.22;
/** In an index of so many chunks at most. */
const FEW = 50;
/**
 * In a larger one some passage holds some words of whatever is asked, and those that answer stand out more: by so much a
 * fitting score rises with each e-fold of chunks. Among 240 paragraphs of an encyclopedia, in four languages, 95 of 100 of
 * their own questions fit, and of questions to a café 74 are refused; by the least alone it would be 99 and 37.
 */
const RISE = 0.06;
const MOST = 0.36;

/** The score from which a passage fits in an index of so many chunks. */
export function neededAmong(chunks: number): number {
  return Math.min(MOST, FITS + RISE * Math.max(0, Math.log(chunks / FEW)));
}

/** Whether a passage is good enough to answer from. */
export function fits(passage: Pick<Passage, 'score' | 'needed'> | undefined): boolean {
  return passage !== undefined && passage.score >= (passage.needed ?? FITS);
}
