import type { Workspace } from '../../src/workspace.ts';

/** Tables that grow with what is said. */
const GROW = [
  'messages',
  'message_parts',
  'deliveries',
  'conversations',
  'identities',
  'contacts',
  'runs',
  'provider_calls',
  'seen',
  'waiting_receipts',
];

/** Indexes of what waits alone: small, however much has been said. */
const SMALL = 'deliveries_waiting|conversations_unanswered|deliveries_uncertain';

/** What a statement's plan says of tables that it goes through without an index that leads to the rows. */
export function scansOf(ws: Workspace, text: string): string[] {
  // The plan is the same whatever is bound.
  const plan = ws.sql.prepare(`EXPLAIN QUERY PLAN ${text.replaceAll('?', '1').replace(/@\w+/g, '1')}`).all() as { detail: string }[];
  const named = new Map(
    [...text.matchAll(/\b(?:FROM|JOIN|UPDATE|INTO) (\w+)(?: (?:AS )?(\w+))?/g)].flatMap(([, table = '', alias = table]) => [
      [alias, table],
      [table, table],
    ]),
  );
  return plan.flatMap(({ detail }) => {
    const [, name = ''] = /^(?:SCAN|SEARCH) (\w+)/.exec(detail) ?? [];
    const isAll = new RegExp(`^SCAN \\w+\\b(?! USING INDEX (?:${SMALL}))`).test(detail) || /^SEARCH .*\([^=]*[<>][^=]*\)$/.test(detail);
    return isAll && GROW.includes(named.get(name) ?? '') ? [detail] : [];
  });
}

/** Keeps the text of every statement that is prepared from now on. */
export function hearStatements(ws: Workspace): Set<string> {
  const texts = new Set<string>();
  const prepare = ws.prepare.bind(ws);
  ws.prepare = (text) => {
    texts.add(text);
    return prepare(text);
  };
  return texts;
}
