/** The door of the knowledge room. */
export type { Passage } from './search/passage.ts';
export { closeSearch, releaseSearch, search, warmSearch, type Query } from './search/search.ts';
