/** The list of contacts as its template draws it. */
import { channelKinds } from '../../channels/index.ts';
import {
  contactFields,
  contactRows,
  countContacts,
  findByWords,
  type ContactFilter,
  type ContactRow,
  type Place,
} from '../../contacts/index.ts';
import { numberText, pluralText } from '../../web/formats.ts';
import { channelIcon } from '../inbox-view.ts';
import { labelsOf } from '../list/labels.ts';
import { mask } from '../talk-view.ts';
import type { Workspace } from '../../workspace.ts';

const PAGE = 50;

export interface ListAddress extends ContactFilter {
  after: Place | undefined;
  before: Place | undefined;
}

/** `masked`: who may only look sees addresses and numbers in part. */
export function contactListPage(ws: Workspace, address: ListAddress, masked: boolean): object {
  const { after, before, ...filter } = address;
  const base = `/w/${ws.id}/contacts`;
  const found = findByWords(ws, filter.query);
  const rows = contactRows(ws, filter, { limit: PAGE + 1, ...(after ? { after } : {}), ...(before ? { before } : {}) }, found);
  const back = before !== undefined && after === undefined;
  const further = rows.length > PAGE;
  if (further) rows.splice(back ? 0 : PAGE, 1);
  const [first, last] = [rows[0], rows.at(-1)];
  const pageAt = (key: 'after' | 'before', row: ContactRow | undefined): string | null =>
    row ? `${base}?${queryOf(filter, { [key]: `${row.seenAt}-${row.id}` })}` : null;
  const narrowed = queryOf(filter) !== '';
  const { n, more } = countContacts(ws, filter, found);
  return {
    line: lineOf(n, more, narrowed),
    filter,
    narrowed,
    csv: `${base}.csv?${queryOf(filter)}`,
    people: rows.map((row) => rowView(row, base, masked)),
    previous: (back ? further : after !== undefined) ? pageAt('before', first) : null,
    next: back || further ? pageAt('after', last) : null,
    ...choicesOf(ws),
  };
}

function choicesOf(ws: Workspace): object {
  const channels = ws.prepare("SELECT id, name FROM channels ORDER BY status = 'disconnected', name").all() as {
    id: number;
    name: string;
  }[];
  const options = (all: { id: number; name: string }[]) => all.map(({ id, name }) => ({ value: id, label: name }));
  return { channels: options(channels), labels: options(labelsOf(ws)), fields: options(contactFields(ws)) };
}

function lineOf(n: number, more: boolean, narrowed: boolean): string {
  if (more) return `More than ${numberText(n)} contacts${narrowed ? ' fit' : ''}.`;
  if (narrowed) return n === 1 ? 'One contact fits.' : `${numberText(n)} contacts fit.`;
  return n === 0 ? 'Nobody has written yet.' : `${pluralText(n, 'contact')}.`;
}

/** Only what narrows stands in an address. */
export function queryOf({ query, channel, label, blocked, field, value }: ContactFilter, more: Record<string, string> = {}): string {
  const search = new URLSearchParams();
  if (query !== '') search.set('q', query);
  for (const [key, id] of Object.entries({ channel, label, field })) if (id !== null) search.set(key, String(id));
  if (field !== null && value !== '') search.set('value', value);
  if (blocked) search.set('blocked', '1');
  for (const [key, text] of Object.entries(more)) search.set(key, text);
  return search.toString();
}

function rowView(row: ContactRow, base: string, masked: boolean): object {
  const show = (value: string | null): string | null => (value === null || !masked ? value : mask(value));
  const kinds = row.kinds?.split(',') ?? [];
  return {
    href: `${base}/${row.id}`,
    name: nameOf(row, kinds),
    email: show(row.email),
    phone: show(row.phone),
    on: kinds.map((kind) => ({ icon: channelIcon(kind), name: channelKinds[kind]?.name ?? kind })),
    blocked: row.blockedAt !== null,
    seenAt: row.seenAt === 0 ? null : row.seenAt,
  };
}

/** What one knows of somebody who gave no name. */
export function nameOf(row: Pick<ContactRow, 'name' | 'username'>, kinds: string[]): string {
  if (row.name) return row.name;
  if (row.username) return `@${row.username}`;
  return kinds.includes('widget') ? 'Visitor on the website' : 'Contact without a name';
}
