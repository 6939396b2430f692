/** What its owner decides about a product feed: which column says what, and the yes. */
import type { FeedRules } from '../../db/schema/knowledge.ts';
import type { Workspace } from '../../workspace.ts';
import { NoSource, sourceOf, type Source } from '../source.ts';
import { askEmbedding } from '../vectors/ask-embedding.ts';
import { askWith } from '../web/change-site.ts';
import type { FeedField } from './guess-columns.ts';

export type ChosenColumns = Pick<FeedRules, FeedField | 'more' | 'keepGoneDays'>;

/** Shows the first items as these columns make them; a feed that is in use is read anew by them. Throws NoSource. */
export function lookAtFeed(ws: Workspace, id: number, chosen: ChosenColumns): void {
  ws.durable(() => {
    const source = sourceOf(ws, id);
    askWith(ws, id, { state: source.generation < 0 ? 'exploring' : 'waiting', says: null, ...withColumns(source, chosen) });
  });
}

/** The owner's yes: all items are read by these columns. Throws NoSource. */
export function readFeedItems(ws: Workspace, id: number, chosen: ChosenColumns): void {
  ws.durable(() => {
    const source = sourceOf(ws, id);
    askWith(ws, id, { state: 'waiting', says: null, generation: 0, ...withColumns(source, chosen) });
    askEmbedding(ws);
  });
}

/** Throws NoSource. */
export function columnsOf({ id, rules }: Pick<Source, 'id' | 'rules'>): FeedRules {
  if (!rules || !('feed' in rules)) throw new NoSource(`source ${id} is no feed`);
  return rules.feed;
}

/** By other columns an item may have another key: what isn't in the list under its new one is dropped at once. */
function withColumns(source: Source, chosen: ChosenColumns): Pick<Source, 'rules' | 'listing'> {
  return { rules: { feed: { ...columnsOf(source), ...chosen } }, listing: 'anew' };
}
