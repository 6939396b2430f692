import type { Workspace } from '../workspace.ts';
import { keepAlias, knownAs, rowOf, type Known, type Writer } from './identify.ts';

export interface ChangedIdentity {
  identityId: number;
  contactId: number;
  /** Who wrote by the new id already: the same person, as it turns out. From now on they are of this contact, too. */
  also: { identityId: number; contactId: number } | null;
}

/**
 * A person has other ids from now on; the old ones are free for whoever gets them. Undefined when nobody is known by
 * them. Inside a transaction.
 */
export function changeIdentity(ws: Workspace, channelId: number, from: Writer, now: Writer): ChangedIdentity | undefined {
  const old = [from.externalId, from.alias].find((id) => id !== undefined && rowOf(ws, channelId, id) !== undefined);
  const row = old === undefined ? undefined : rowOf(ws, channelId, old);
  const known = old === undefined ? undefined : knownAs(ws, channelId, old);
  if (!row || !known) return undefined;
  const there = knownAs(ws, channelId, now.externalId);
  forgetNumbers(ws, known, now.alias === undefined ? row.externalId : null);
  if (there && there.identityId !== known.identityId) {
    joinContacts(ws, known, there);
    return { ...known, also: there };
  }
  // Of two ids the surer one stays when the other changes.
  const isNumber = row.aliasOf !== null && now.alias === undefined;
  if (!isNumber && !there) ws.prepare('UPDATE identities SET external_id = ? WHERE id = ?').run(now.externalId, known.identityId);
  const alias = isNumber ? now.externalId : now.alias;
  if (alias !== undefined) keepAlias(ws, channelId, known, alias);
  return { ...known, also: null };
}

/** Its other ids, or one of them, lead to it no longer. */
function forgetNumbers(ws: Workspace, { identityId, contactId }: Known, only: string | null): void {
  ws.prepare('DELETE FROM identities WHERE contact_id = ? AND alias_of = ? AND external_id = coalesce(?, external_id)').run(
    contactId,
    identityId,
    only,
  );
}

/** The older contact stays, with what is known of them. The old id keeps its row, since conversations hang on it. */
function joinContacts(ws: Workspace, old: Known, there: Known): void {
  const until = new Date(ws.clock.now()).toISOString().slice(0, 10);
  ws.prepare("UPDATE identities SET external_id = external_id || ' (until ' || ? || ')' WHERE id = ?").run(until, old.identityId);
  ws.prepare('UPDATE identities SET contact_id = ? WHERE contact_id = ? AND (id = ? OR alias_of = ?)').run(
    old.contactId,
    there.contactId,
    there.identityId,
    there.identityId,
  );
}
