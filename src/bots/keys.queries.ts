/** What the pages of keys and prices show. */
import { meaningFrom } from '../knowledge/index.ts';
import {
  illnessesOf,
  listKeys,
  listPrices,
  releasePrices,
  type Illness,
  type ListedKey,
  type ListedPrice,
  type Price,
} from '../providers/index.ts';
import { pluralText, wordText } from '../web/formats.ts';
import type { Workspace } from '../workspace.ts';
import { botsWithKey } from './bots.queries.ts';

export interface KeyOnPage extends ListedKey {
  usedBy: string;
  /** Its models that are passed over just now. */
  ill: Illness[];
  /** What its removal does, for the dialog. */
  loss: string;
}

export function keysOnPage(workspace: Workspace): KeyOnPage[] {
  const finder = meaningFrom(workspace);
  return listKeys(workspace).map((key) => {
    const bots = botsWithKey(workspace, key.id);
    const list = new Intl.ListFormat('en-GB');
    const names = list.format(bots);
    const searches = finder?.keyId === key.id;
    const loss =
      bots.length === 0
        ? 'No bot uses it.'
        : `${names} ${bots.length === 1 ? 'answers' : 'answer'} with it, and from then on ${bots.length === 1 ? 'calls' : 'call'} a person instead.`;
    const search = searches ? ' Knowledge is searched by words alone.' : '';
    return {
      ...key,
      ill: illnessesOf(workspace, key.id),
      usedBy: list.format([...bots, ...(searches ? ['the search'] : [])]),
      loss: `${loss}${search} The sealed key is wiped; what it cost stays in the figures.`,
    };
  });
}

/** The sentence above the keys. */
export function lineOfKeys(keys: ListedKey[]): { line: string; then?: string } {
  if (keys.length === 0) return { line: 'No key yet: bots quote the knowledge, word for word.' };
  const works = keys.filter((key) => key.status === 'works').length;
  const broken = keys.length - works;
  const says = (n: number, one: string, many: string): string => `${wordText(n)} ${n === 1 ? one : many}`;
  const line = sentence(works > 0 ? says(works, 'key works', 'keys work') : 'no key works');
  return broken > 0 ? { line, then: sentence(says(broken, 'needs you', 'need you')) } : { line };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const NAMES: Record<string, string> = { openai: 'OpenAI', anthropic: 'Anthropic', compatible: 'another host' };

export interface PriceOnPage extends ListedPrice {
  providerName: string;
  /** Names the row in addresses: `openai/gpt-5-mini`. */
  row: string;
  own: boolean;
  /** Money for a million tokens; null where the price isn't known. */
  shown: { read: string; cached: string; written: string } | null;
}

function shownPrice(price: Price): PriceOnPage['shown'] {
  const format = new Intl.NumberFormat('en-GB', {
    style: 'currency',
    currency: price.currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  });
  const say = (micros: number): string => format.format(micros / 1_000_000);
  return { read: say(price.inputMicros), cached: say(price.cachedMicros), written: say(price.outputMicros) };
}

/** Priced models first: what has no price is rarely one that answers. */
export function pricesOnPage(workspace: Workspace): PriceOnPage[] {
  const rows = listPrices(workspace).map((each) => ({
    ...each,
    providerName: NAMES[each.provider] ?? each.provider,
    row: `${each.provider}/${each.model}`,
    own: each.price?.from === 'own',
    shown: each.price && shownPrice(each.price),
  }));
  return rows.sort((a, b) => Number(a.price === null) - Number(b.price === null) || a.row.localeCompare(b.row, 'en'));
}

export function lineOfPrices(rows: PriceOnPage[]): string {
  const known = rows.filter((row) => row.price).length;
  const own = rows.filter((row) => row.own).length;
  if (rows.length === 0) return 'Models and their prices stand here once there is a key.';
  if (known === 0) return 'No price is known: answers show no cost.';
  if (own === 0) return 'All prices are the vendors’ own.';
  const yours = pluralText(own, 'price is yours', 'prices are yours');
  return own === known ? `${yours}.` : `${yours}; the rest are the vendors’.`;
}

/** The day on which the release's list was read. */
export function pricesAsOf(): number {
  return Date.parse(releasePrices().asOf);
}
