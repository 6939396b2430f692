import type { JobKind } from '../jobs/job.ts';
import type { Workspace } from '../workspace.ts';
import { askedIn } from './asked-in.ts';
import { dropGap, newGroup } from './groups.ts';
import { ALIKE, likest, wordingOf, type Wording } from './likeness.ts';

/** So many questions, the newest, are compared with: two milliseconds. An older one comes back only by being asked again. */
const COMPARED = 2000;

export type Reason = 'not-found' | 'not-helpful' | 'wrong';

/**
 * The job 'gather-gap', keyed by a reply of the bot: asked for when the bot fell back, and whenever somebody rates an
 * answer. It works out whether the question behind the reply is unanswered as things stand now, so however often it runs,
 * the question counts once; and one whose only reproach was taken back is none any more.
 */
export const gatherGap: JobKind = {
  async run(ws, job) {
    const reply = replyOf(ws, Number(job.key));
    const reason = reply ? reasonOf(reply) : null;
    const text = reply && reason !== null ? askedIn(reply.question) : null;
    if (!reply || reason === null || text === null) {
      await job.finish(() => dropGap(ws, Number(job.key)));
      return;
    }
    const wording = await wordingOf(text);
    const found = await groupFor(ws, wording);
    await job.finish(() => keep(ws, { reply, reason, text, wording, found }));
  },
};

interface Reply {
  id: number;
  conversationId: number;
  contactId: number;
  messageId: number;
  state: string;
  rating: 'good' | 'bad' | null;
  wrongAt: number | null;
  question: string;
  askedAt: number;
}

/** Undefined when it answers nothing, or the customer has taken the question back. */
function replyOf(ws: Workspace, replyId: number): Reply | undefined {
  return ws
    .prepare(
      `SELECT b.id, b.conversation_id AS conversationId, c.contact_id AS contactId, b.answers_through AS messageId, r.state, b.rating,
         b.wrong_at AS wrongAt, coalesce(r.question, '') AS question, q.created_at AS askedAt
       FROM messages b JOIN runs r ON r.id = b.run_id JOIN messages q ON q.id = b.answers_through JOIN conversations c ON c.id = b.conversation_id
       WHERE b.id = ? AND q.revoked_at IS NULL`,
    )
    .get(replyId) as Reply | undefined;
}

/** A provider that failed is no gap: what was asked may well be known. */
function reasonOf({ state, rating, wrongAt }: Reply): Reason | null {
  if (state === 'fell-back') return 'not-found';
  if (wrongAt !== null) return 'wrong';
  return rating === 'bad' ? 'not-helpful' : null;
}

async function groupFor(ws: Workspace, wording: Wording): Promise<number | null> {
  const rows = ws.prepare('SELECT group_id AS groupId, words, language FROM gaps ORDER BY id DESC LIMIT ?').all(COMPARED) as {
    groupId: number;
    words: string;
    language: string | null;
  }[];
  const others = rows.map(({ words, language }) => ({ words: words.split(' '), language }));
  const best = await likest(wording, others);
  return best && best.likeness >= ALIKE ? (rows[best.index]?.groupId ?? null) : null;
}

interface Found {
  reply: Reply;
  reason: Reason;
  text: string;
  wording: Wording;
  found: number | null;
}

function keep(ws: Workspace, { reply, reason, text, wording, found }: Found): void {
  const known = ws.prepare('UPDATE gaps SET reason = ? WHERE reply_id = ? RETURNING id').get(reason, reply.id);
  if (known !== undefined) return;
  const groupId = found !== null && join(ws, found, reply.askedAt) ? found : newGroup(ws);
  ws.prepare(
    'INSERT INTO gaps (group_id, contact_id, conversation_id, message_id, reply_id, reason, text, words, language) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(groupId, reply.contactId, reply.conversationId, reply.messageId, reply.id, reason, text, wording.words.join(' '), wording.language);
}

/**
 * Another question of a group. One that was answered opens again when it was asked after that; one that was dismissed stays
 * so. False when the group has gone meanwhile.
 */
function join(ws: Workspace, groupId: number, askedAt: number): boolean {
  const now = ws.clock.now();
  ws.prepare(
    "UPDATE gap_groups SET state = 'open', reopened_at = ?, updated_at = ? WHERE id = ? AND state = 'answered' AND answered_at < ?",
  ).run(now, now, groupId, askedAt);
  return ws.prepare('UPDATE gap_groups SET updated_at = ? WHERE id = ?').run(now, groupId).changes > 0;
}
