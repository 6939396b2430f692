/** What the page of the audit log shows, and its CSV. */
import { businessOf, membersOf } from '../../accounts/index.ts';
import { BOM, csvLine } from '../../lib/csv.ts';
import { AUDIT_COLUMNS, type AuditRow } from '../../web/audit-chain.ts';
import { zoneOf } from '../../web/zones.ts';
import type { Workspace } from '../../workspace.ts';

const SHOWN = 50;

export interface AuditFilter {
  /** A user's id, `system`, or '' for everybody. */
  who: string;
  /** The noun of an action, `key`; '' for all. */
  what: string;
  /** Days of the business, 2026-11-24, both of them included; '' for no bound. */
  from: string;
  to: string;
}

interface Told {
  id: number;
  at: number;
  by: string;
  action: string;
  about: string;
  detail: string;
}

export function auditPage(ws: Workspace, filter: AuditFilter, before: number | null): object {
  const found: Told[] = [];
  for (const event of eventsOf(ws, filter, before)) if (found.push(event) > SHOWN) break;
  const events = found.slice(0, SHOWN);
  const address = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== '')).toString();
  return {
    filter,
    events,
    older: found.length > SHOWN ? `?${address}${address === '' ? '' : '&'}before=${events.at(-1)?.id}` : null,
    csv: address === '' ? '' : `?${address}`,
    isNarrowed: address !== '',
    whos: [
      ...membersOf(ws).map(({ userId, firstName }) => ({ value: String(userId), label: firstName })),
      { value: 'system', label: 'Deskbell itself' },
    ],
    whats: nounsOf(ws).map((noun) => ({ value: noun, label: wordsOf(noun) })),
  };
}

/** In steps of a line, so that a long log is not held in memory. */
export function* auditLines(ws: Workspace, filter: AuditFilter): Generator<string> {
  yield BOM + csvLine(['Event', 'When (UTC)', 'Who', 'What', 'About', 'More']);
  for (let before: number | null = null; ;) {
    // A statement that is read while the line before it is sent would keep the database from being written.
    const some: Told[] = [];
    for (const event of eventsOf(ws, filter, before)) if (some.push(event) === SHOWN) break;
    for (const { id, at, by, action, about, detail } of some) yield csvLine([id, new Date(at).toISOString(), by, action, about, detail]);
    before = some.at(-1)?.id ?? null;
    if (before === null) return;
  }
}

function nounsOf(ws: Workspace): string[] {
  return ws.prepare("SELECT DISTINCT substr(action, 1, instr(action, '.') - 1) FROM audit_events ORDER BY 1").pluck().all() as string[];
}

/** The newest first. The days are the business's, so they are told apart here. */
function* eventsOf(ws: Workspace, { who, what, from, to }: AuditFilter, before: number | null): Generator<Told> {
  const names = new Map(membersOf(ws).map(({ userId, firstName, lastName }) => [userId, `${firstName} ${lastName}`]));
  const zone = zoneOf(businessOf(ws).timezone);
  const rows = ws
    .prepare(
      `SELECT ${AUDIT_COLUMNS}, (SELECT part FROM audit_persons WHERE id = audit_events.id) AS part FROM audit_events
       WHERE (@before IS NULL OR id < @before) AND (@what = '' OR action LIKE @what || '.%')
         AND (@who = '' OR (@who = 'system' AND actor_id IS NULL) OR actor_id = CAST(@who AS integer)) ORDER BY id DESC`,
    )
    .iterate({ before, what, who }) as IterableIterator<AuditRow & { part: string | null }>;
  for (const row of rows) {
    const day = zone.dayOf(row.at);
    if (to !== '' && day > to) continue;
    if (from !== '' && day < from) return;
    yield told(row, names);
  }
}

function told(row: AuditRow & { part: string | null }, names: Map<number, string>): Told {
  const { id, at, actorId, action, personHash, part } = row;
  const apart = part === null ? undefined : (JSON.parse(part) as { subject: string | null; detail: object | null });
  const detail = apart ? apart.detail : row.detail === null ? null : (JSON.parse(row.detail) as object);
  return {
    id,
    at,
    by: actorId === null ? 'Deskbell itself' : (names.get(actorId) ?? `user ${actorId}, no member now`),
    action: wordsOf(action),
    about: apart?.subject ?? row.subject ?? (personHash === null ? '' : 'a person who is gone'),
    detail: Object.entries(detail ?? {})
      .map(([name, value]) => `${name}: ${value === null ? 'none' : String(value)}`)
      .join(', '),
  };
}

/** `member.role-changed` as people read it: Member role changed. */
function wordsOf(action: string): string {
  const text = action.replaceAll(/[.-]/g, ' ');
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
