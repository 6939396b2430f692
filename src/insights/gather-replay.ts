/** What customers asked a bot lately, with what they were told: to be asked again of another version. Masked as what is learned is. */
import { beginReplay, type BotVersion } from '../bots/index.ts';
import { courtesyOf } from '../lib/courtesy.ts';
import { withoutCitations } from '../lib/citations.ts';
import type { Workspace } from '../workspace.ts';
import { masked } from './mask.ts';
import { knownOf } from './people.queries.ts';

/** A question longer than this is a letter, and leans on things that nobody asks again. */
const LONGEST = 2000;

interface AskedRow {
  conversationId: number;
  contactId: number;
  question: string;
  answer: string | null;
  state: 'answered' | 'fell-back';
}

/**
 * The newest first. Left out are questions that lean on what was said before them, which alone would ask something else; contacts
 * who are blocked, asked to be left alone or for people only, or are to be erased; and messages that were taken back.
 */
const RECENT = `
  SELECT c.id AS conversationId, c.contact_id AS contactId, r.question, r.answer, r.state
  FROM runs r INDEXED BY runs_started JOIN conversations c ON c.id = r.conversation_id JOIN contacts p ON p.id = c.contact_id
    JOIN bot_versions v ON v.id = r.bot_version_id
  WHERE r.kind = 'answer' AND r.state IN ('answered', 'fell-back') AND v.bot_id = ? AND r.question <> '' AND length(r.question) <= ?
    AND coalesce(p.blocked_at, p.restricted_at, p.erased_at, p.stopped_at, p.people_only_at) IS NULL
    AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = r.answers_through AND m.revoked_at IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND m.author = 'bot' AND m.run_id IS NOT NULL AND m.answers_through < r.answers_through)
  ORDER BY r.started_at DESC, r.id DESC`;

/** Begins a round that asks the newest `atMost` of them. */
export function replay(
  ws: Workspace,
  { version, atMost, userId }: { version: BotVersion; atMost: number; userId: number },
): ReturnType<typeof beginReplay> {
  const lines: Parameters<typeof beginReplay>[2][number][] = [];
  const asked = new Set<string>();
  for (const row of ws.prepare(RECENT).iterate(version.botId, LONGEST) as IterableIterator<AskedRow>) {
    if (lines.length === atMost) break;
    const known = knownOf(ws, row.contactId);
    const question = masked(row.question, known);
    if (courtesyOf(row.question) !== null || asked.has(question)) continue;
    asked.add(question);
    const answer = row.state === 'answered' && row.answer !== null ? masked(withoutCitations(row.answer), known) : null;
    lines.push({ testId: null, conversationId: row.conversationId, question, wants: null, beforeAnswer: answer });
  }
  return beginReplay(ws, { version, userId }, lines);
}
