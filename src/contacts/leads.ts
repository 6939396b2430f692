/** What came of asking contacts for details. A detail is `name`, `email`, `phone`, or a field of one's own by its number. */
import { enqueue } from '../jobs/enqueue.ts';
import type { Workspace } from '../workspace.ts';
import { contactFields } from './contact-fields.ts';
import { keepContact, OWN } from './edit-contact.ts';
import { readValue, type Shape } from './field-value.ts';

export type Detail = 'name' | 'email' | 'phone' | number;

export interface Lead {
  state: 'asked' | 'given' | 'declined';
  asked: number;
  value: string | null;
  conversationId: number | null;
  messageId: number | null;
  at: number;
}

/** What a detail has to fit, and what the business calls it; undefined when the field was removed. */
export function shapeOf(ws: Workspace, detail: Detail): (Shape & { name: string }) | undefined {
  if (typeof detail !== 'number') return { ...OWN[detail], name: detail };
  return contactFields(ws).find(({ id }) => id === detail);
}

export function leadOf(ws: Workspace, contactId: number, detail: Detail): Lead | undefined {
  return ws
    .prepare(
      `SELECT state, asked, value, conversation_id AS conversationId, message_id AS messageId, at FROM leads WHERE contact_id = ? AND field = ?`,
    )
    .get(contactId, String(detail)) as Lead | undefined;
}

/** What a contact has there; null for nothing. */
export function detailOf(ws: Workspace, contactId: number, detail: Detail): string | null {
  const own = 'SELECT value FROM contact_values WHERE contact_id = ? AND field_id = ?';
  const found =
    typeof detail === 'number'
      ? ws.prepare(own).pluck().get(contactId, detail)
      : ws.prepare(`SELECT ${detail} FROM contacts WHERE id = ?`).pluck().get(contactId);
  return typeof found === 'string' ? found : null;
}

/** Where something was asked or said: a conversation, and the customer's newest message then. */
export interface Where {
  contactId: number;
  conversationId: number;
  messageId: number;
}

const NOTE = `
  INSERT INTO leads (contact_id, field, state, asked, value, conversation_id, message_id, at) VALUES (@contactId, @field, @state, @asks, @value, @conversationId, @messageId, @at)
  ON CONFLICT DO UPDATE SET state = excluded.state, asked = asked + @asks, value = excluded.value, conversation_id = excluded.conversation_id,
    message_id = excluded.message_id, at = excluded.at`;

function note(ws: Workspace, where: Where, detail: Detail, state: Lead['state'], value: string | null): void {
  const asks = state === 'asked' ? 1 : 0;
  ws.prepare(NOTE).run({ ...where, field: String(detail), state, asks, value, at: ws.clock.now() });
}

/** Each of the following inside a transaction. */
export function noteAsked(ws: Workspace, where: Where, detail: Detail): void {
  note(ws, where, detail, 'asked', null);
}

/** It isn't asked for again. */
export function noteDeclined(ws: Workspace, where: Where, detail: Detail): void {
  if (leadOf(ws, where.contactId, detail)?.state !== 'given') note(ws, where, detail, 'declined', null);
}

/**
 * Keeps what a customer told. Where there is something already it stays, unless it is what they told before themselves: a
 * stranger's word never takes the place of a member's. False when it doesn't fit or nothing was changed.
 */
export function keepDetail(ws: Workspace, where: Where, detail: Detail, told: string): boolean {
  const shape = shapeOf(ws, detail);
  const read = shape && readValue(shape, told);
  if (!read?.ok || read.value === null) return false;
  const has = detailOf(ws, where.contactId, detail);
  const before = leadOf(ws, where.contactId, detail);
  const isOwn = before?.state === 'given' && before.value === has;
  if (has === read.value || (has !== null && !isOwn)) return false;
  const kept =
    typeof detail === 'number'
      ? { own: {}, fields: new Map([[detail, read.value]]) }
      : { own: { [detail]: read.value }, fields: new Map<number, string>() };
  keepContact(ws, where.contactId, kept);
  note(ws, where, detail, 'given', read.value);
  enqueue(ws, { kind: 'tell-lead', key: String(where.conversationId) });
  return true;
}

/** What contacts told themselves and have still, by the detail. */
export function givenBy(ws: Workspace, contactId: number): Map<string, { conversationId: number | null; at: number }> {
  const rows = ws
    .prepare("SELECT field, value, conversation_id AS conversationId, at FROM leads WHERE contact_id = ? AND state = 'given'")
    .all(contactId) as { field: string; value: string; conversationId: number | null; at: number }[];
  const still = rows.filter(({ field, value }) => detailOf(ws, contactId, asDetail(field)) === value);
  return new Map(still.map(({ field, conversationId, at }) => [field, { conversationId, at }]));
}

export function asDetail(field: string): Detail {
  return field === 'name' || field === 'email' || field === 'phone' ? field : Number(field);
}
