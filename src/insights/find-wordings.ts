import { fits, search } from '../knowledge/index.ts';
import type { Workspace } from '../workspace.ts';
import type { LearnedPair } from './pair.queries.ts';

/** As many passages as a bot is given. */
const PASSAGES = 6;

export interface Wording {
  id: number;
  text: string;
}

export interface Found extends Wording {
  /** The place of the pair's passage among those that fit, from 1; null when the bot wouldn't be given it. */
  place: number | null;
  /** How well it fits, in percent. */
  percent: number;
}

/** Searches for each wording as a bot would, all at once, and says whether it comes upon the pair. */
export function findWordings(ws: Workspace, pair: LearnedPair, wordings: readonly Wording[]): Promise<Found[]> {
  return Promise.all(
    wordings.map(async (wording) => {
      const passages = await search(ws, { query: wording.text, limit: PASSAGES });
      const at = passages.findIndex(({ sourceId, text }) => sourceId === pair.sourceId && text.includes(pair.answer));
      return { ...wording, place: fits(passages[at]) ? at + 1 : null, percent: Math.round((passages[at]?.score ?? 0) * 100) };
    }),
  );
}
