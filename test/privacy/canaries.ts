/** A person of whom there is a row in every table that the data map calls a contact's, with a word of its own in each personal column. */
import { workspace as map } from '../../src/privacy/map.ts';
import type { Workspace } from '../../src/workspace.ts';

interface Column {
  name: string;
  type: string;
  notnull: number;
  dflt_value: string | null;
  pk: number;
}

/** Rows that nobody's path leads to, and that belong to the message they came with. */
const WITH_A_MESSAGE = ['attachments', 'attachment_texts'];

/** What has to be unique is; what names a row that isn't there names nobody's. */
let next = 900_000;

export interface Planted {
  contactId: number;
  /** One for each personal column: `Zq…messages…text`. */
  words: string[];
}

/** `sign` is a few letters that stand nowhere else. */
export function plant(ws: Workspace, sign: string): Planted {
  const planter = new Planter(ws, sign);
  for (const [table, { owner }] of Object.entries(map)) if (owner?.of === 'contact' || WITH_A_MESSAGE.includes(table)) planter.rowOf(table);
  return { contactId: planter.rowOf('contacts'), words: planter.words };
}

class Planter {
  readonly #ws: Workspace;
  readonly #sign: string;
  readonly #rows = new Map<string, number>();
  readonly words: string[] = [];

  constructor(ws: Workspace, sign: string) {
    this.#ws = ws;
    this.#sign = sign;
  }

  /** The id of the row of that table; it is made where there is none. */
  rowOf(table: string): number {
    const known = this.#rows.get(table);
    if (known !== undefined) return known;
    const isTheirs = map[table]?.owner?.of === 'contact' || WITH_A_MESSAGE.includes(table);
    const id = isTheirs ? this.#make(table) : this.#shared(table);
    this.#rows.set(table, id);
    return id;
  }

  /** What isn't a contact's may be anybody's: the first there is. */
  #shared(table: string): number {
    const id = this.#ws.sql.prepare(`SELECT min(rowid) FROM ${table}`).pluck().get();
    return typeof id === 'number' ? id : this.#make(table);
  }

  #make(table: string): number {
    const { sql } = this.#ws;
    const columns = (sql.pragma(`table_info(${table})`) as Column[]).filter(({ name, pk }) => !(pk === 1 && name === 'id'));
    const parents = new Map(
      [
        ...(sql.pragma(`foreign_key_list(${table})`) as { from: string; table: string }[]).map(
          ({ from, table: to }) => [from, to] as const,
        ),
        ...(map[table]?.owner?.path.slice(0, 1) ?? []).map((step) => [step.slice(step.indexOf('.') + 1), this.#parentOf(table)] as const),
      ].filter(([, to]) => to !== table),
    );
    const given = columns.map((column) => [column.name, this.#valueOf(table, column, parents.get(column.name))] as const);
    const some = given.filter(([, value]) => value !== undefined);
    const text = `INSERT INTO ${table} (${some.map(([name]) => name).join(', ')}) VALUES (${some.map(() => '?').join(', ')})`;
    return this.#ws.write(() => Number(sql.prepare(text).run(...some.map(([, value]) => value)).lastInsertRowid));
  }

  /** Where a path leads next. */
  #parentOf(table: string): string {
    const [, next] = map[table]?.owner?.path ?? [];
    return next === undefined ? 'contacts' : next.slice(0, next.indexOf('.'));
  }

  #valueOf(table: string, { name, type, notnull, dflt_value }: Column, parent: string | undefined): unknown {
    if (parent !== undefined) return this.rowOf(parent);
    if (map[table]?.personal.includes(name) && this.#isTheirs(table)) {
      const word = `${this.#sign}${table}${name}`.replaceAll('_', '');
      this.words.push(word);
      return word;
    }
    if (notnull === 0 || dflt_value !== null) return undefined;
    return /int/i.test(type)
      ? next++
      : /blob/i.test(type)
        ? Buffer.from(`${this.#sign}-${table}`)
        : `${this.#sign}-${table}-${name}`.toLowerCase();
  }

  #isTheirs(table: string): boolean {
    return map[table]?.owner?.of === 'contact' || WITH_A_MESSAGE.includes(table);
  }
}
