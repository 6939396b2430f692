/** How a score came about: shares of what was asked, 0 and up, before they are weighed. */
export interface Why {
  /** Words that it holds, by rarity and repetition. */
  words: number;
  /** The most of them that stands close together. */
  near: number;
  /** Runs of letters. */
  letters: number;
  /** Likeness of meaning; null without vectors. */
  vector: number | null;
  /** How much it has in common with the best five, 0 to 1; it says where it stands, not what it scores. Null where its place is by score alone. */
  subject: number | null;
  /** It is in another language than the question, and held back for it. */
  otherLanguage: boolean;
  /** The words that were found and tell something, as the index has them. */
  matched: string[];
}

/** A chunk that was found. */
export interface Passage {
  chunkId: number;
  sourceId: number;
  /** The title of the page it was read from, or of its source. */
  title: string;
  /** Headings above it, "Menu › Cakes"; '' when there are none. */
  path: string;
  /** Page of the file it was read from, from 1. */
  page: number | null;
  url: string | null;
  text: string;
  /** ISO 639-1; null when it couldn't be told. */
  language: string | null;
  /** How much of what was asked it covers, 0 to 1. Comparable between questions of one index: below `needed`, nothing fits. */
  score: number;
  /** The score from which one fits in this index. */
  needed?: number;
  why?: Why;
}

/** A passage that meaning found, before its cosine is put on the scale of words. */
export interface NearPassage extends Omit<Passage, 'score' | 'why'> {
  cosine: number;
}
