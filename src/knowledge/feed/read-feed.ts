/** Reads a product feed: which items it has, and what is said of each. Runs in a reading thread. */
import { createHash } from 'node:crypto';
import type { FeedRules } from '../../db/schema/knowledge.ts';
import { decodeText } from '../reading/file-type.ts';
import { Unreadable } from '../reading/material.ts';
import { ITEMS_AT_MOST, type FeedFindings, type FeedItem, type FeedMaterial } from './feed-material.ts';
import { feedRows, type Row } from './feed-rows.ts';
import { guessColumns } from './guess-columns.ts';

const COLUMNS_LOOKED_AT = 200;
const LONGEST_DESCRIPTION = 1200;
const LONGEST_VALUE = 200;
const LONGEST_KEY = 200;

let last: { hash: string; rows: Row[] } | undefined;

/** The texts are those of the items that were asked for, in the order of `items`. Throws Unreadable. */
export function readFeed({ bytes, hash, rules, keys }: FeedMaterial): { feed: FeedFindings; texts: string[] } {
  if (last?.hash !== hash) last = { hash, rows: feedRows(decodeText(Uint8Array.from(bytes))) };
  const { rows } = last;
  const whole = rules.columns.length > 0 ? rules : withColumns(rules, rows);
  if (whole.title === null)
    throw new Unreadable(`None of the columns looks like a product’s name: ${whole.columns.slice(0, 12).join(', ')}.`);
  const wanted = keys && new Set(keys);
  const found = new Map<string, { item: FeedItem; text: string }>();
  for (const row of rows) {
    if (found.size >= ITEMS_AT_MOST) break;
    const item = itemOf(row, whole);
    if (item && !found.has(item.item.key) && (wanted?.has(item.item.key) ?? true)) found.set(item.item.key, item);
  }
  const all = [...found.values()];
  if (all.length === 0 && !wanted) throw new Unreadable('No product in this list has a name. Choose another column for it.');
  const feed = { rules: whole, items: all.map(({ item }) => item), more: Math.max(0, rows.length - ITEMS_AT_MOST) };
  return { feed, texts: wanted ? all.map(({ text }) => text) : [] };
}

function withColumns(rules: FeedRules, rows: readonly Row[]): FeedRules {
  const columns = [...new Set(rows.slice(0, COLUMNS_LOOKED_AT).flatMap((row) => [...row.keys()]))].slice(0, COLUMNS_LOOKED_AT);
  return { ...rules, columns, ...guessColumns(columns) };
}

function itemOf(row: Row, rules: FeedRules): { item: FeedItem; text: string } | null {
  const value = (column: string | null): string => (column === null ? '' : plain(row.get(column) ?? ''));
  const title = cut(value(rules.title), LONGEST_VALUE);
  if (title === '') return null;
  const link = URL.parse(value(rules.link));
  const url = link && /^https?:$/.test(link.protocol) ? link.href : null;
  const key = cut(value(rules.id) || url || title, LONGEST_KEY);
  const lines = [
    title,
    ...named('Price', priceOf(value(rules.price), value(rules.currency))),
    ...named('Availability', stockOf(value(rules.stock))),
    ...rules.more.flatMap((column) => named(column.split('.').at(-1) ?? column, value(column))),
    ...(value(rules.description) === '' ? [] : [cut(value(rules.description), LONGEST_DESCRIPTION)]),
  ];
  const text = lines.join('\n');
  return {
    text,
    item: {
      key,
      title,
      url,
      hash: createHash('sha256')
        .update(`${url ?? ''}\n${text}`)
        .digest('base64url'),
    },
  };
}

function named(name: string, value: string): string[] {
  return value === '' ? [] : [`${name}: ${cut(value, LONGEST_VALUE)}`];
}

/** "12.90" and "EUR" stand together; a price that names its currency already stays as it is. */
function priceOf(price: string, currency: string): string {
  return price === '' || currency === '' || price.toUpperCase().includes(currency.toUpperCase()) ? price : `${price} ${currency}`;
}

/** in_stock, https://schema.org/InStock, true, 12: as a person would say it. */
function stockOf(stock: string): string {
  const said = (stock.split('/').at(-1) ?? '')
    .replace(/_/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .trim();
  if (/^(true|yes|1|in stock)$/i.test(said)) return said === '1' ? '1 in stock' : 'in stock';
  if (/^(false|no|0|out of stock)$/i.test(said)) return 'out of stock';
  return /^\d+$/.test(said) ? `${said} in stock` : said.toLowerCase();
}

/** Shops write their descriptions as HTML; the words of it are enough. */
function plain(value: string): string {
  if (!/<[a-z/!][^>]*>/i.test(value)) return value.replace(/[ \t]+/g, ' ').trim();
  const text = value.replace(/<(br|\/p|\/li|\/div|\/h\d)[^>]*>/gi, '\n').replace(/<[^>]*>/g, ' ');
  return text
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#0*39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim();
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/\s+\S*$/, '')} …`;
}
