import { forgetAttachments, rememberAsSeen } from '../../conversations/index.ts';
import { writeInSteps } from '../../db/write-in-steps.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import { TryLater, type Job, type JobKind } from '../../jobs/job.ts';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { appendEntry, ledgerRef } from '../ledger.ts';
import { PURGE_CONTACT } from './ask-erasure.ts';
import { ownedTables } from './owned-rows.ts';
import { requestById, waitingRequests, type PrivacyRequest } from './requests.ts';

const HOUR = 3600_000;
/** Due for longer than this, the server or its clock was away for days: somebody should look before anything goes for good. */
const LATE_MS = 48 * HOUR;
const ROWS_AT_ONCE = 5;
/** Jobs whose key is a conversation. */
const OF_CONVERSATION = [
  'answer', 'deliver', 'tell-team', 'tell-away', 'tell-lead', 'nobody-came', 'ask-rating', 'count-failures', 'sum-up', 'recap-talk', 'take-lead', 'wake-snoozed', 'fetch-profile',
]; // prettier-ignore

interface Parts {
  /** Takes a contact's words out of what was learned from them. Inside the caller's transaction, before their messages go. */
  forgetWords(ws: Workspace, contactId: number): void;
}

/**
 * The job 'purge-contact'. First the ledger, then what was made of their words, then their rows in small transactions, the
 * contact last. Killed anywhere, it goes on where it was: what is gone is found gone.
 */
export function contactPurger(parts: Parts): JobKind {
  return {
    longestWaitMs: HOUR,
    async run(ws, job, signal) {
      const request = requestById(ws, Number(job.key));
      if (!request || (request.state !== 'grace' && request.state !== 'purging')) {
        job.finishQuietly();
        return;
      }
      if (request.state === 'grace') {
        waitUntilDue(ws, request);
        begin(ws, request, parts);
      }
      if (request.contactId !== null) await deleteRows(ws, request.contactId, signal);
      await end(ws, job, request);
    },
  };
}

/** At boot and at night: no clock and no parked job may keep a request from its day. */
export function wantPurges(ws: Workspace): void {
  const waiting = waitingRequests(ws);
  if (waiting.length === 0) return;
  ws.write(() => {
    for (const { id, purgeAt, heldUntil } of waiting)
      enqueue(ws, { kind: PURGE_CONTACT, key: String(id), dueAt: Math.max(purgeAt, heldUntil ?? 0) });
  });
}

function waitUntilDue(ws: Workspace, { id, purgeAt, heldUntil }: PrivacyRequest): void {
  const now = ws.clock.now();
  const due = Math.max(purgeAt, heldUntil ?? 0);
  if (now < due) throw new TryLater(Math.min(due - now, HOUR), 'it is not due yet', { counts: false });
  if (heldUntil !== null || now - purgeAt <= LATE_MS) return;
  ws.durable(() => ws.prepare('UPDATE privacy_requests SET held_until = ? WHERE id = ?').run(now + HOUR, id));
  throw new TryLater(HOUR, 'the clock jumped, or the server was away', { counts: false });
}

/** From here on nothing brings it back. Undone by no restore: the ledger has it first. */
function begin(ws: Workspace, request: PrivacyRequest, { forgetWords }: Parts): void {
  const contact = ws.prepare('SELECT id, created_at AS createdAt FROM contacts WHERE id = ?').get(request.contactId) as
    { id: number; createdAt: number } | undefined;
  const entry = contact && appendEntry(ws.installation, ws, { kind: 'erased', ref: ledgerRef(ws, contact) });
  for (const merged of contact ? mergedInto(ws, contact.id) : [])
    appendEntry(ws.installation, ws, { kind: 'erased', ref: ledgerRef(ws, merged) });
  ws.durable(() => {
    if (contact) {
      const counts = countRows(ws, contact.id);
      ws.prepare('UPDATE privacy_requests SET counts = ? WHERE id = ?').run(JSON.stringify(counts), request.id);
      forgetWords(ws, contact.id);
    }
    ws.prepare("UPDATE privacy_requests SET state = 'purging', ledger_n = ?, held_until = NULL WHERE id = ?").run(
      entry?.n ?? null,
      request.id,
    );
  });
}

/** An older backup has them as contacts of their own. */
function mergedInto(ws: Workspace, contactId: number): { id: number; createdAt: number }[] {
  return ws
    .prepare(
      `SELECT gone_id AS id, record ->> '$.gone.createdAt' AS createdAt FROM contact_merges
       WHERE contact_id = ? AND json_valid(record) AND record ->> '$.gone.createdAt' IS NOT NULL`,
    )
    .all(contactId) as { id: number; createdAt: number }[];
}

function conversationsOf(ws: Workspace, contactId: number): number[] {
  return ws.prepare('SELECT id FROM conversations WHERE contact_id = ?').pluck().all(contactId) as number[];
}

function forgetConversation(ws: Workspace, id: number): void {
  rememberAsSeen(ws, id);
  forgetAttachments(ws, id);
  ws.prepare("DELETE FROM hook_calls WHERE body ->> '$.conversation.id' = ?").run(id);
  ws.prepare('DELETE FROM jobs WHERE key = ? AND lease IS NULL AND kind IN (SELECT value FROM json_each(?))').run(
    String(id),
    JSON.stringify(OF_CONVERSATION),
  );
}

function countRows(ws: Workspace, contactId: number): Record<string, number> {
  const counts = ownedTables(ws).map(({ table, where }): [string, number] => [
    table,
    Number(ws.prepare(`SELECT count(*) FROM ${table} WHERE ${where}`).pluck().get(contactId)),
  ]);
  const files = ws.prepare(
    `SELECT count(*) FROM message_parts WHERE attachment_id IS NOT NULL AND message_id IN
       (SELECT id FROM messages WHERE conversation_id IN (SELECT id FROM conversations WHERE contact_id = (SELECT ?)))`,
  );
  const attachments = Number(files.pluck().get(contactId));
  return Object.fromEntries([...counts, ['attachments', attachments] as const].filter(([, count]) => count > 0));
}

/** All rows of a contact but the contact's own, in small transactions. */
export async function deleteRows(ws: Workspace, contactId: number, signal: AbortSignal): Promise<void> {
  // An import changed them under the number that they had before they were merged.
  ws.durable(() =>
    ws
      .prepare('DELETE FROM contact_import_rows WHERE contact_id IN (SELECT gone_id FROM contact_merges WHERE contact_id = ?)')
      .run(contactId),
  );
  for (const conversation of conversationsOf(ws, contactId)) ws.durable(() => forgetConversation(ws, conversation));
  for (const { table, where, whole } of ownedTables(ws)) {
    if (table === 'contacts') continue;
    // The newest first: an answer goes before what it answers.
    const some = `rowid IN (SELECT rowid FROM ${table} WHERE ${where} ORDER BY rowid DESC LIMIT ${ROWS_AT_ONCE})`;
    const remove = ws.prepare(`DELETE FROM ${table} WHERE ${whole ? where : some}`);
    await writeInSteps(ws, () => remove.run(contactId).changes > 0, signal);
  }
}

async function end(ws: Workspace, job: Job, { id, contactId }: PrivacyRequest): Promise<void> {
  await job.finish(() => {
    const now = ws.clock.now();
    ws.prepare('DELETE FROM contacts WHERE id = ?').run(contactId);
    ws.prepare("UPDATE privacy_requests SET state = 'purged', contact_id = NULL, purged_at = ?, ended_at = ? WHERE id = ?").run(
      now,
      now,
      id,
    );
    audit(ws, { actor: 'system', action: 'erasure.done', subject: `request ${id}` });
  });
}
