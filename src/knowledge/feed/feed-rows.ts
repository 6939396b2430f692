/** The items of a feed as rows of named values, whichever way it is written. */
import { likeliestDelimiter } from '../../lib/delimiters.ts';
import { readRows } from '../reading/csv.ts';
import { Unreadable } from '../reading/material.ts';

export type Row = ReadonlyMap<string, string>;

const DEEPEST = 4;
const COLUMNS_AT_MOST = 200;

/** Throws Unreadable, in words for whoever gave the address. */
export function feedRows(text: string): Row[] {
  const start = text.trimStart()[0];
  if (start === '<') throw new Unreadable('This is a web page or XML, not a product list. Deskbell reads lists as CSV or JSON.');
  return start === '{' || start === '[' ? jsonRows(text) : csvRows(text);
}

function csvRows(text: string): Row[] {
  const rows: Row[] = [];
  let columns: string[] = [];
  readRows(text, likeliestDelimiter(text), (cells) => {
    const filled = cells.map((cell) => cell.trim());
    if (filled.every((cell) => cell === '')) return;
    if (columns.length === 0) columns = filled.slice(0, COLUMNS_AT_MOST);
    else rows.push(new Map(columns.flatMap((column, place) => (column === '' ? [] : [[column, filled[place] ?? '']]))));
  });
  if (columns.length < 2 || rows.length === 0) {
    throw new Unreadable(
      'There is no list of products at this address: a CSV has a head with the names of its columns, and a row for each product.',
    );
  }
  return rows;
}

function jsonRows(text: string): Row[] {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (cause) {
    throw new Unreadable('This JSON isn’t whole. Ask who makes the list.', { cause });
  }
  const items = listIn(whole);
  if (!items) throw new Unreadable('There is no list of products in this JSON.');
  return items.map((item) => {
    const row = new Map<string, string>();
    flatten(item, '', row, 0);
    return row;
  });
}

type Item = Record<string, unknown>;

/** The list nearest to the top that has things in it, the longest where there are several. */
function listIn(whole: unknown): Item[] | null {
  let level: unknown[] = [whole];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
    const lists = level.flatMap((each) => (Array.isArray(each) ? [each.filter(isItem)] : [])).filter(({ length }) => length > 0);
    const [longest] = lists.sort((a, b) => b.length - a.length);
    if (longest) return longest;
    level = level.flatMap((each) => (isItem(each) ? Object.values(each) : []));
  }
  return null;
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keys within keys are joined by dots; of a list of things the first counts, of a list of words all. */
function flatten(value: unknown, name: string, row: Map<string, string>, depth: number): void {
  if (row.size >= COLUMNS_AT_MOST || depth > DEEPEST) return;
  if (Array.isArray(value) && value.some(isItem)) {
    flatten(value.find(isItem), name, row, depth + 1);
  } else if (Array.isArray(value)) {
    row.set(
      name,
      value
        .map(worded)
        .filter((each) => each !== '')
        .join(', '),
    );
  } else if (isItem(value)) {
    for (const [key, inner] of Object.entries(value)) flatten(inner, name === '' ? key : `${name}.${key}`, row, depth + 1);
  } else if (name !== '') {
    row.set(name, worded(value));
  }
}

function worded(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
