/** A contact's rows, as the data map says how to find them. */
import type { Workspace } from '../../workspace.ts';
import { workspace as map } from '../map.ts';

export interface OwnedTable {
  table: string;
  /** Finds its rows; `?` is the contact's id. */
  where: string;
  /** It has no row ids: all of a contact's rows go at once, there are few. */
  whole: boolean;
}

/** Tables with a contact's rows, in an order in which they can be deleted: what refers to another goes before it. */
export function ownedTables(ws: Workspace): OwnedTable[] {
  const owned = Object.entries(map).flatMap(([table, { owner, purge }]): OwnedTable[] =>
    owner?.of === 'contact' && (purge === 'delete' || purge === 'cascade')
      ? [{ table, where: conditionOf(owner.path), whole: isWithoutIds(ws, table) }]
      : [],
  );
  const byName = new Map(owned.map((one) => [one.table, one]));
  const ordered: OwnedTable[] = [];
  const seen = new Set<string>();
  const place = (one: OwnedTable): void => {
    if (seen.has(one.table)) return;
    seen.add(one.table);
    for (const other of owned) if (refersTo(ws, other.table, one.table)) place(other);
    ordered.push(one);
  };
  for (const one of byName.values()) place(one);
  return ordered;
}

/** `['runs.x', 'conversations.contact_id']` → `x IN (SELECT id FROM conversations WHERE contact_id = (SELECT ?))`. */
function conditionOf(path: readonly string[]): string {
  const [step, ...rest] = path;
  if (step === undefined) return 'id = (SELECT ?)';
  const column = step.slice(step.indexOf('.') + 1);
  const [next] = rest;
  if (next === undefined) return `${column} = (SELECT ?)`;
  return `${column} IN (SELECT id FROM ${next.slice(0, next.indexOf('.'))} WHERE ${conditionOf(rest)})`;
}

/** By a foreign key, or by the path to its owner alone. */
function refersTo(ws: Workspace, table: string, other: string): boolean {
  if (table === other) return false;
  const [, next] = map[table]?.owner?.path ?? [];
  const owner = next === undefined ? 'contacts' : next.slice(0, next.indexOf('.'));
  return owner === other || (ws.sql.pragma(`foreign_key_list(${table})`) as { table: string }[]).some((key) => key.table === other);
}

function isWithoutIds(ws: Workspace, table: string): boolean {
  return ws.prepare('SELECT wr FROM pragma_table_list WHERE schema = ? AND name = ?').pluck().get('main', table) === 1;
}
