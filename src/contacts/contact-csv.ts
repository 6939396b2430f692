/** Contacts line by line, as a sheet that the import understands. */
import { setImmediate } from 'node:timers/promises';
import { BOM, csvLine } from '../lib/csv.ts';
import type { Workspace } from '../workspace.ts';
import { contactFields } from './contact-fields.ts';
import { findByWords, MANY, matching } from './find-by-words.ts';
import { contactRows, type ContactFilter, type Place } from './contact-list.queries.ts';

/** Read without a breath between: a few milliseconds. */
const AT_A_TIME = 200;

const MORE = `
  SELECT c.id, c.language, c.created_at AS createdAt,
    (SELECT json_group_object(v.field_id, v.value) FROM contact_values v WHERE v.contact_id = c.id) AS own,
    (SELECT group_concat(l.name, ', ') FROM contact_labels w JOIN labels l ON l.id = w.label_id WHERE w.contact_id = c.id) AS worn
  FROM contacts c WHERE c.id IN (SELECT value FROM json_each(?))`;

interface More {
  id: number;
  language: string | null;
  createdAt: number;
  own: string;
  worn: string | null;
}

/** Those seen last first. Who is deleted while it is written isn't in it. */
export async function* contactLines(ws: Workspace, filter: ContactFilter): AsyncGenerator<string> {
  const fields = contactFields(ws);
  const head = ['Contact number', 'Name', 'E-mail', 'Phone', 'Language', 'Labels', ...fields.map(({ name }) => name)];
  yield BOM + csvLine([...head, 'Channels', 'Blocked', 'Known since', 'Last seen']);
  const found = findByWords(ws, filter.query);
  const many = found === 'many' ? await everyId(ws, filter.query) : null;
  let after: Place | undefined;
  for (;;) {
    const page = contactRows(
      ws,
      many ? { ...filter, query: '' } : filter,
      { limit: AT_A_TIME, ...(after ? { after } : {}) },
      many ? null : found,
    );
    const rows = many ? page.filter(({ id }) => many.has(id)) : page;
    const rest = ws.prepare(MORE).all(JSON.stringify(rows.map(({ id }) => id))) as More[];
    const more = new Map(rest.map((each) => [each.id, each]));
    let lines = '';
    for (const row of rows) {
      const { language = null, createdAt = 0, own = '{}', worn = null } = more.get(row.id) ?? {};
      const values = JSON.parse(own) as Record<string, string>;
      lines += csvLine([
        row.id,
        row.name,
        row.email,
        row.phone,
        language,
        worn,
        ...fields.map(({ id }) => values[id] ?? null),
        row.kinds,
        row.blockedAt === null ? 'no' : 'yes',
        isoOf(createdAt),
        row.seenAt === 0 ? null : isoOf(row.seenAt),
      ]);
    }
    if (lines !== '') yield lines;
    const last = page.at(-1);
    if (!last || page.length < AT_A_TIME) return;
    after = { seenAt: last.seenAt, id: last.id };
    await setImmediate();
  }
}

/** Of more than can be asked for at once: the list is walked from end to end, and those of these are taken. */
async function everyId(ws: Workspace, query: string): Promise<Set<number>> {
  const { condition, value } = matching(query);
  const some = ws.prepare(`SELECT rowid FROM contacts_fts WHERE ${condition} AND rowid > @after ORDER BY rowid LIMIT ${MANY}`).pluck();
  const ids = new Set<number>();
  for (let after = 0; ;) {
    const next = some.all({ query: value, after }) as number[];
    for (const id of next) ids.add(id);
    const last = next.at(-1);
    if (last === undefined) return ids;
    after = last;
    await setImmediate();
  }
}

const isoOf = (at: number): string => new Date(at).toISOString();
