import type { Workspace } from '../workspace.ts';
import { touch, type Conversation } from './conversation.ts';
import { storeEvent } from './store-message.ts';

/**
 * Rings for a person: the conversation stands first in the inbox until somebody takes it. `why` is for the team, in plain
 * words. Asked for again it changes nothing, so that nobody is called in a loop.
 */
export function wantPerson(ws: Workspace, conversation: Pick<Conversation, 'id'>, why: string): boolean {
  const changed = ws
    .prepare(
      "UPDATE conversations SET wanted_since = ?, wanted_why = ? WHERE id = ? AND wanted_since IS NULL AND holder_id IS NULL AND status = 'open'",
    )
    .run(ws.clock.now(), why, conversation.id).changes;
  if (changed === 0) return false;
  storeEvent(ws, conversation.id, 'wanted', why);
  touch(ws, conversation.id);
  return true;
}

/**
 * The customer asked for a person: the bot is silent from now on, and a person is called. Returns false when it was the
 * person's turn already.
 */
export function handToPerson(ws: Workspace, conversation: Pick<Conversation, 'id'>, why: string): boolean {
  const changed = ws.prepare("UPDATE conversations SET turn = 'person' WHERE id = ? AND turn = 'bot'").run(conversation.id).changes;
  const wanted = wantPerson(ws, conversation, why);
  if (changed > 0 && !wanted) touch(ws, conversation.id);
  return changed > 0;
}
