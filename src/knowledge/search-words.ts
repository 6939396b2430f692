/** How the search cuts and stems words, for rooms that compare texts as it does. Loaded when first asked for: the stemmers are no part of a start. */
export function searchWords(): Promise<Pick<typeof import('./search/words.ts'), 'cutWords' | 'stem'>> {
  return import('./search/words.ts');
}
