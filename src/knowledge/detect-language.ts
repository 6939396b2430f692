import { createRequire } from 'node:module';

type Detector = typeof import('tinyld/light');

/** Below this the words tell nothing: greetings, names, numbers. */
const SURE = 0.06;
/** By how much the best guess must lead. */
const LEAD = 1.25;

const require = createRequire(import.meta.url);
let detector: Detector | undefined;

/**
 * ISO 639-1 of a short text such as a question, or null when it can't be told. By the small model, loaded when first
 * asked (20 ms, 12 MB); documents are told apart by the big one in a reading thread (90 ms, 54 MB).
 */
export function detectLanguage(text: string): string | null {
  detector ??= require('tinyld/light') as Detector;
  const [best, next] = detector.detectAll(text.slice(0, 500));
  if (!best || best.accuracy < SURE || (next && best.accuracy < next.accuracy * LEAD)) return null;
  return best.lang;
}
