/** What a reading thread is given of a product feed, and what it finds. */
import type { FeedRules } from '../../db/schema/knowledge.ts';

export const ITEMS_AT_MOST = 20_000;

export interface FeedMaterial {
  kind: 'feed';
  /** In memory that threads share: the feed is asked for its items many times. */
  bytes: Uint8Array;
  /** Of the bytes; a thread that has read the same feed a moment ago needn't again. */
  hash: string;
  rules: FeedRules;
  /** The items whose text is wanted, by their keys; null asks only which there are. */
  keys: string[] | null;
}

export interface FeedItem {
  key: string;
  title: string;
  url: string | null;
  /** Of everything that is read out of it. */
  hash: string;
}

export interface FeedFindings {
  /** The rules as they were given, with the columns; what nobody chose is guessed by the columns' names. */
  rules: FeedRules;
  /** In the feed's order. Where texts were asked for, the chunks of the reading are theirs, one for each. */
  items: FeedItem[];
  /** Items beyond what is read of one feed. */
  more: number;
}
