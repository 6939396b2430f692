/** A chunk that was found. */
export interface Passage {
  chunkId: number;
  sourceId: number;
  /** The source's title. */
  title: string;
  /** Headings above it, "Menu › Cakes"; '' when there are none. */
  path: string;
  /** Page of the file it was read from, from 1. */
  page: number | null;
  url: string | null;
  text: string;
  /** ISO 639-1; null when it couldn't be told. */
  language: string | null;
  /** How much of what was asked it covers, 0 to 1. Comparable between questions: a low best score means that nothing fits. */
  score: number;
}
