/** What the pages of the privacy centre show. */
import { businessOf, membersOf } from '../accounts/index.ts';
import { firstWordText, timeText } from '../web/formats.ts';
import { zoneOf } from '../web/zones.ts';
import type { Workspace } from '../workspace.ts';
import { isGenuine, type SignedCertificate } from './erasing/certify.ts';
import { answerDue, purgeDue } from './erasing/due.ts';
import { listRequests, openRequestOf, type PrivacyRequest, type RequestState } from './erasing/requests.ts';

const SHOWN = 50;

const STATES: Record<RequestState, { says: string; kind: string }> = {
  grace: { says: 'Waits', kind: 'wanted' },
  purging: { says: 'Under way', kind: 'wanted' },
  purged: { says: 'Deleted', kind: 'well' },
  cancelled: { says: 'Taken back', kind: '' },
};

/** The oldest is the first that was written: `min` would read every row of a table of a million. */
function heldIn(table: string, at: string, where = 'true'): string {
  return `SELECT count(*) AS count, (SELECT ${at} FROM ${table} WHERE ${where} ORDER BY id LIMIT 1) AS since FROM ${table} WHERE ${where}`;
}

/** What is counted on the centre's page, in the words of the product. */
const HELD: [name: string, query: string][] = [
  ['People', heldIn('contacts', 'created_at')],
  ['Conversations', heldIn('conversations', 'created_at')],
  ['Messages', heldIn('messages', 'created_at')],
  ['Files in conversations', heldIn('attachments', 'created_at', 'path IS NOT NULL')],
  ['Runs of bots, with what was asked', heldIn('runs', 'started_at')],
];

/** Rows in plain words; what isn't named here is counted together. */
const ROWS: Record<string, string> = {
  conversations: 'Conversations',
  messages: 'Messages',
  attachments: 'Files',
  runs: 'Runs of bots',
  identities: 'Names on channels',
  contact_notes: 'Notes about them',
  deliveries: 'Deliveries',
};

export function centreOf(ws: Workspace): object {
  const requests = listRequests(ws, SHOWN).map((request) => rowOf(ws, request));
  const waiting = requests.filter(({ isOpen }) => isOpen);
  const held = HELD.map(([name, query]) => ({ name, ...(ws.prepare(query).get() as { count: number; since: number | null }) }));
  return {
    held,
    requests,
    line: lineOf(ws, waiting),
  };
}

function lineOf(ws: Workspace, waiting: RequestRow[]): string {
  const [soonest] = waiting;
  return soonest
    ? `${firstWordText(waiting.length)} ${waiting.length === 1 ? 'deletion waits' : 'deletions wait, the next'} until ${dateOf(ws, soonest.purgeAt)}.`
    : 'Nothing waits to be deleted.';
}

const dateOf = (ws: Workspace, at: number): string => timeText(zoneOf(businessOf(ws).timezone), ws.clock.now(), at, 'date');

interface RequestRow {
  publicId: string;
  who: string | null;
  askedBy: string;
  receivedAt: number;
  purgeAt: number;
  endedAt: number | null;
  isOpen: boolean;
  kind: string;
  says: string;
}

/** Whom it is about is said as long as they are there; afterwards nobody knows. */
function rowOf(ws: Workspace, request: PrivacyRequest): RequestRow {
  return {
    publicId: request.publicId,
    who: request.contactId === null ? null : nameOf(ws, request.contactId),
    askedBy: request.askedBy === 'contact' ? 'they asked for it' : 'your team',
    receivedAt: request.receivedAt,
    purgeAt: request.purgeAt,
    endedAt: request.endedAt,
    isOpen: request.state === 'grace' || request.state === 'purging',
    ...STATES[request.state],
  };
}

function nameOf(ws: Workspace, contactId: number): string {
  const name = ws
    .prepare(
      `SELECT coalesce(nullif(name, ''), (SELECT display_name FROM identities WHERE contact_id = contacts.id AND display_name IS NOT NULL LIMIT 1))
       FROM contacts WHERE id = ?`,
    )
    .pluck()
    .get(contactId) as string | null;
  return name ?? `Contact ${contactId}`;
}

export function requestPage(ws: Workspace, request: PrivacyRequest, mayNow: boolean): object {
  const row = rowOf(ws, request);
  const signed = request.certificate === null ? undefined : (JSON.parse(request.certificate) as SignedCertificate);
  const counts = JSON.parse(request.counts ?? '{}') as Record<string, number>;
  const named = Object.entries(ROWS).flatMap(([table, name]) => (counts[table] ? [{ name, value: counts[table] }] : []));
  const others = Object.entries(counts).reduce((sum, [table, count]) => sum + (table in ROWS ? 0 : count), 0);
  return {
    ...row,
    contactId: request.contactId,
    state: request.state,
    by: membersOf(ws).find(({ userId }) => userId === request.userId)?.firstName ?? null,
    answerDue: request.askedBy === 'contact' ? answerDue(request.receivedAt) : null,
    heldUntil: request.heldUntil,
    mayUndo: request.state === 'grace',
    mayNow: mayNow && request.state === 'grace',
    counted: [...named, ...(others > 0 ? [{ name: 'Other rows', value: others }] : [])],
    ledgerN: request.ledgerN,
    genuine: signed ? isGenuine(signed) : null,
    signed,
  };
}

/** Before it is asked for: what there is of them, and when it would go. Undefined when there is no such contact. */
export function contactToDelete(ws: Workspace, contactId: number): { open: string | null; who: string } | undefined {
  const contact = ws.prepare('SELECT 1 FROM contacts WHERE id = ? AND erased_at IS NULL').get(contactId);
  if (!contact) return undefined;
  const conversations = ws.prepare('SELECT count(*) FROM conversations WHERE contact_id = ?').pluck();
  const messages = ws
    .prepare('SELECT count(*) FROM messages WHERE conversation_id IN (SELECT id FROM conversations WHERE contact_id = (SELECT ?))')
    .pluck();
  const now = ws.clock.now();
  const page = {
    open: openRequestOf(ws, contactId)?.publicId ?? null,
    who: nameOf(ws, contactId),
    contactId,
    conversations: conversations.get(contactId),
    messages: messages.get(contactId),
    hint: `Then it is done by ${dateOf(ws, purgeDue(now, 'contact'))}, in time for the answer that they are owed. Else on ${dateOf(ws, purgeDue(now, 'member'))}.`,
  };
  return page;
}
