/** What the data map says of a table, a column or a folder. */

/** What it is kept for. */
export type Purpose = 'answering customers' | 'knowledge' | 'signing in' | 'running the software' | 'keeping secrets' | 'proof';

/** Which rule decides how long it stays. */
export type Retention =
  /** As long as the conversation it belongs to. */
  | 'conversation'
  /** As long as the user's account. */
  | 'account'
  /** Until someone of the business removes it. */
  | 'until removed'
  /** A session's idle and absolute end; failed sign-ins for a day. */
  | 'session'
  /** Eight days: as long as channels redeliver. */
  | 'eight days'
  /** Until it has been done. */
  | 'until done'
  /** 24 months. */
  | 'audit'
  /** 36 months after their end. */
  | 'requests'
  /** As long as the installation or the workspace. */
  | 'for life';

/** What a purge of its owner does to a row. */
export type Purge = 'delete' | 'clear' | 'keep' | 'cascade';

/** How to get from a row to the person it is about: foreign keys, the last one leading to `contacts` or `users`. */
export type Path = readonly `${string}.${string}`[];

export interface TableEntry {
  purpose: Purpose;
  retention: Retention;
  /** Whose data it is; null when it is about nobody. */
  owner: { of: 'contact' | 'user'; path: Path } | null;
  purge: Purge;
  /** Its name in a person's export; null when it isn't part of one. */
  exportAs: string | null;
  /** Columns that can hold something about a person. */
  personal: readonly string[];
  /** Columns that hold a sealed secret or a keyed hash. */
  sealed: readonly string[];
  /** Everything else. */
  plain: readonly string[];
}

export interface FolderEntry {
  /** Relative to the data folder; `*` is one name. */
  path: RegExp;
  what: string;
  personal: boolean;
  purge: Purge;
}
