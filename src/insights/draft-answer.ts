import type { Workspace } from '../workspace.ts';
import { withoutGreeting } from './asked-in.ts';
import { clearest } from './clearest.ts';
import { masked, type Known } from './mask.ts';
import { knownOf } from './people.queries.ts';

export interface Draft {
  question: string;
  answer: string;
  /** The conversation in which a person answered, and who; null when nobody has. */
  from: { conversationId: number; messageId: number; userId: number | null; at: number } | null;
}

interface Asked {
  text: string;
  words: string;
  contactId: number;
  conversationId: number;
  messageId: number;
}

/** The newest are enough to choose from. */
const READ = 50;

/**
 * A question with its answer, out of a group: asked in the group's clearest wording, answered as a person last answered it,
 * both without what tells who asked. Made anew each time and kept nowhere until somebody approves it, so that a purge finds
 * no draft; no provider is called.
 */
export function draftOf(ws: Workspace, groupId: number): Draft {
  const asked = ws
    .prepare(
      `SELECT text, words, contact_id AS contactId, conversation_id AS conversationId, message_id AS messageId FROM gaps
       WHERE group_id = ? ORDER BY message_id DESC LIMIT ?`,
    )
    .all(groupId, READ) as Asked[];
  const [best] = clearest(asked);
  const question = best ? masked(best.text, knownOf(ws, best.contactId)).replace(/\s*\n\s*/g, ' ') : '';
  for (const gap of asked) {
    const answered = answeredBy(ws, gap);
    const [first] = answered;
    if (!first) continue;
    const known = knownOf(ws, gap.contactId);
    const answer = answered.map(({ text }) => forEverybody(text, known)).join('\n\n');
    return { question, answer, from: { conversationId: gap.conversationId, messageId: gap.messageId, userId: first.userId, at: first.at } };
  }
  return { question, answer: '', from: null };
}

interface Said {
  author: 'customer' | 'person';
  text: string;
  userId: number | null;
  at: number;
}

/** What a person said first after the question, until the customer spoke again. */
function answeredBy(ws: Workspace, { conversationId, messageId }: Pick<Asked, 'conversationId' | 'messageId'>): Said[] {
  const after = ws
    .prepare(
      `SELECT author, text, user_id AS userId, created_at AS at FROM messages
       WHERE conversation_id = ? AND id > ? AND author IN ('customer', 'person') AND revoked_at IS NULL ORDER BY id LIMIT 40`,
    )
    .all(conversationId, messageId) as Said[];
  const from = after.findIndex(({ author }) => author === 'person');
  if (from === -1) return [];
  const until = after.findIndex(({ author }, place) => place > from && author === 'customer');
  return after.slice(from, until === -1 ? undefined : until);
}

/** Without the greeting, which has the name in it, and then without what else is personal. */
function forEverybody(text: string, known: Known): string {
  const bare = known.names.reduce(
    (rest, name) =>
      name
        .split(/\s+/)
        .concat(name)
        .reduce((out, part) => out.replace(new RegExp(`^(\\p{L}+) ${escaped(part)}(?=[,.!\\s–—-])`, 'iu'), '$1'), rest),
    text.trim(),
  );
  return masked(withoutGreeting(bare), known);
}

function escaped(part: string): string {
  return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
