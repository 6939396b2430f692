import { cutWords, stem } from './words.ts';

export interface TextPiece {
  text: string;
  marked: boolean;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** A passage's text with the words marked that a search found in it: `matched` as the index has them, stemmed in its language. */
export function markWords(text: string, language: string | null, matched: readonly string[]): TextPiece[] {
  const found = new Set(matched);
  const pieces: TextPiece[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    const marked = isWordLike === true && cutWords(segment).some((word) => found.has(stem(word, language)));
    const last = pieces.at(-1);
    if (last?.marked === marked) last.text += segment;
    else pieces.push({ text: segment, marked });
  }
  return pieces;
}
