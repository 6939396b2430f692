import { cutWords, stem } from './words.ts';

/**
 * What the index is asked to find every chunk that holds all words of a line, or longer ones that begin so; null when the
 * line has no word. As forms go: "deliveries" finds "delivery" where the language has a stemmer.
 */
export function matchWords(line: string, language: string | null): string | null {
  const words = [...new Set(cutWords(line))];
  if (words.length === 0) return null;
  return words
    .map((word) => `(${[...new Set([stem(word, null), stem(word, language)])].map((form) => `"${form}" *`).join(' OR ')})`)
    .join(' AND ');
}
