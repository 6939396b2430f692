import type { Sender } from '../channels/index.ts';
import { findIdentity, identify } from '../contacts/index.ts';
import type { Workspace } from '../workspace.ts';
import { openConversation, touch } from './conversation.ts';
import { joinContacts } from './receive-identity.ts';
import { storeEvent } from './store-message.ts';
import { wantPerson } from './want-person.ts';

/** Who wrote longer ago may have been somebody else at the same computer. */
const ONE_SITTING_MS = 3600_000;

/**
 * A visitor who wrote without a name has signed in: what they wrote in this sitting is theirs on every device from now on.
 * The caller has proof of both: the token of the conversation, and the signature of who they are. True when something was
 * taken along. Anything older stays where it is, and so does everything of and for people who are silenced.
 */
export function joinVisitor(ws: Workspace, channelId: number, anonymous: string, signedIn: Sender): boolean {
  return ws.durable(() => {
    const from = findIdentity(ws, channelId, { externalId: anonymous });
    if (!from || from.silenced || !isOfThisSitting(ws, from.identityId)) return false;
    const to = identify(ws, channelId, signedIn);
    if (to.silenced) return false;
    const goesOn = openConversation(ws, channelId, from.identityId, anonymous);
    const before = openConversation(ws, channelId, to.identityId, signedIn.externalId);
    const waited = goesOn && before ? end(ws, before.id) : false;
    ws.prepare('UPDATE conversations SET identity_id = ?, contact_id = ?, thread = ? WHERE identity_id = ?').run(
      to.identityId,
      to.contactId,
      signedIn.externalId,
      from.identityId,
    );
    ws.prepare('UPDATE messages SET identity_id = ? WHERE identity_id = ?').run(to.identityId, from.identityId);
    ws.prepare('UPDATE OR REPLACE notices_shown SET identity_id = ? WHERE identity_id = ?').run(to.identityId, from.identityId);
    ws.prepare('UPDATE rights_asked SET identity_id = ? WHERE identity_id = ?').run(to.identityId, from.identityId);
    ws.prepare('DELETE FROM identities WHERE id = ?').run(from.identityId);
    keepKnown(ws, to.contactId, from.contactId);
    joinContacts(ws, to.contactId, from);
    if (!goesOn) return true;
    storeEvent(ws, goesOn.id, 'identity', 'The visitor signed in on the website.');
    if (waited) wantPerson(ws, goesOn, 'They were waiting for a person already, in the conversation before this one.');
    touch(ws, goesOn.id);
    return true;
  });
}

function isOfThisSitting(ws: Workspace, identityId: number): boolean {
  const at = ws
    .prepare(
      `SELECT max(max(created_at), coalesce((SELECT max(said_at) FROM messages WHERE identity_id = ? AND author = 'customer'), 0))
       FROM conversations WHERE identity_id = ?`,
    )
    .pluck()
    .get(identityId, identityId) as number | null;
  return at !== null && ws.clock.now() - at < ONE_SITTING_MS;
}

/** What somebody noted of the nameless visitor isn't lost; what the signature says of them is surer. */
function keepKnown(ws: Workspace, stays: number, goes: number): void {
  for (const column of ['name', 'email', 'phone', 'language'])
    ws.prepare(`UPDATE contacts SET ${column} = coalesce(${column}, (SELECT ${column} FROM contacts WHERE id = ?)) WHERE id = ?`).run(
      goes,
      stays,
    );
}

/** Of two open ones the one goes on in which they are writing now. True when a person was wanted in the other. */
function end(ws: Workspace, conversationId: number): boolean {
  const waited = ws.prepare('SELECT wanted_since IS NOT NULL FROM conversations WHERE id = ?').pluck().get(conversationId) === 1;
  ws.prepare("UPDATE conversations SET status = 'resolved', resolved_at = ?, wanted_since = NULL, wanted_why = NULL WHERE id = ?").run(
    ws.clock.now(),
    conversationId,
  );
  storeEvent(ws, conversationId, 'resolved', 'The visitor writes in another conversation: it goes on there.');
  touch(ws, conversationId);
  return waited;
}
