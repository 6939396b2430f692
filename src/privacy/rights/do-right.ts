import {
  answerRight,
  conversationById,
  handToPerson,
  rightAskedOf,
  rightsAnswer,
  storeEvent,
  touch,
  wantPerson,
  type RightAsked,
} from '../../conversations/index.ts';
import type { Job } from '../../jobs/job.ts';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { askErasure } from '../erasing/ask-erasure.ts';
import { answerDue } from '../erasing/due.ts';
import { openRequestOf } from '../erasing/requests.ts';
import { undoErasure } from '../erasing/undo-erasure.ts';

/**
 * The job 'do-right', by a row of what customers asked for in their channel and confirmed. It asks no bot, key or budget, and says in the
 * same transaction what was done.
 */
export async function doRight(ws: Workspace, job: Job): Promise<void> {
  const asked = rightAskedOf(ws, Number(job.key));
  if (asked?.state !== 'confirmed' || asked.answerId !== null) {
    job.finishQuietly();
    return;
  }
  await job.finish(() => {
    const until = ACTS[asked.right](ws, asked);
    if (until !== undefined) answerRight(ws, asked.id, rightsAnswer(asked, until));
  });
}

/** Does it, inside a transaction; returns the day that the answer names, UTC ms, or undefined where there is nothing to say. */
type Act = (ws: Workspace, asked: RightAsked) => number | undefined;

const ACTS: Record<RightAsked['right'], Act> = {
  delete(ws, asked) {
    tell(ws, asked, 'erasure-asked', 'The customer asked for their data to be deleted.');
    return askErasure(ws, { contactId: asked.contactId, askedBy: 'contact', userId: null })?.purgeAt;
  },
  keep(ws, { contactId }) {
    const request = openRequestOf(ws, contactId);
    return request && undoErasure(ws, request.id, null) ? ws.clock.now() : undefined;
  },
  data(ws, asked) {
    const why = 'The customer asked for a copy of their data.';
    tell(ws, asked, 'data-asked', why);
    wantPerson(ws, { id: asked.conversationId }, why, { tellIfNobody: false });
    return answerDue(asked.askedAt);
  },
  people(ws, asked) {
    mark(ws, asked, 'people_only_at', ws.clock.now());
    ws.prepare("UPDATE conversations SET bot_id = NULL WHERE contact_id = ? AND status <> 'resolved'").run(asked.contactId);
    tell(ws, asked, 'people-only', 'The customer wants answers from people only.');
    handToPerson(ws, { id: asked.conversationId }, 'The customer wants answers from people only.');
    return ws.clock.now();
  },
  bot(ws, asked) {
    mark(ws, asked, 'people_only_at', null);
    ws.prepare(
      `UPDATE conversations SET bot_id = (SELECT ch.bot_id FROM channels ch WHERE ch.id = channel_id)
       WHERE contact_id = ? AND status <> 'resolved'`,
    ).run(asked.contactId);
    ws.prepare(
      `UPDATE conversations SET turn = 'bot', wanted_since = NULL, wanted_why = NULL
       WHERE contact_id = ? AND status <> 'resolved' AND holder_id IS NULL AND bot_id IS NOT NULL`,
    ).run(asked.contactId);
    tell(ws, asked, 'bot-again', 'The customer lets the bot answer again.');
    return ws.clock.now();
  },
  stop(ws, asked) {
    mark(ws, asked, 'stopped_at', ws.clock.now());
    ws.prepare('UPDATE conversations SET wanted_since = NULL, wanted_why = NULL WHERE contact_id = ? AND wanted_since IS NOT NULL').run(
      asked.contactId,
    );
    tell(ws, asked, 'stopped', 'The customer wants no more messages.');
    return ws.clock.now();
  },
  start(ws, asked) {
    mark(ws, asked, 'stopped_at', null);
    tell(ws, asked, 'started', 'The customer wants messages again.');
    return ws.clock.now();
  },
};

function mark(ws: Workspace, { id, contactId }: RightAsked, column: 'stopped_at' | 'people_only_at', at: number | null): void {
  ws.prepare(`UPDATE contacts SET ${column} = ? WHERE id = ?`).run(at, contactId);
  const what = { stopped_at: 'stopped', people_only_at: 'people-only' }[column];
  audit(ws, { actor: 'system', action: `contact.${what}${at === null ? '-undone' : ''}`, subject: `right ${id}` });
}

function tell(ws: Workspace, { conversationId }: RightAsked, event: string, says: string): void {
  if (!conversationById(ws, conversationId)) return;
  storeEvent(ws, conversationId, event, says);
  touch(ws, conversationId);
}
