/** A bot's tests, written down and read: who asks what, and what is wanted of the answer. */
import { createHash } from 'node:crypto';
import type { Workspace } from '../../workspace.ts';
import { most, type Wants, type WrittenTest } from './wants.ts';

export interface AnswerTest extends WrittenTest {
  id: number;
  /** It was taken from what a customer asked there. */
  conversationId: number | null;
}

interface Row extends Omit<AnswerTest, 'wants'> {
  wants: string;
}

const SELECT = 'SELECT id, question, wants, conversation_id AS conversationId FROM answer_tests';

/** All tests of a bot, the oldest first. */
export function testsOf(ws: Workspace, botId: number): AnswerTest[] {
  return (ws.prepare(`${SELECT} WHERE bot_id = ? ORDER BY id`).all(botId) as Row[]).map(read);
}

/** Undefined when the bot has no such test. */
export function testById(ws: Workspace, botId: number, id: number): AnswerTest | undefined {
  const row = ws.prepare(`${SELECT} WHERE bot_id = ? AND id = ?`).get(botId, id) as Row | undefined;
  return row && read(row);
}

export function countTests(ws: Workspace, botId: number): number {
  return ws.prepare('SELECT count(*) FROM answer_tests WHERE bot_id = ?').pluck().get(botId) as number;
}

function read(row: Row): AnswerTest {
  return { ...row, wants: JSON.parse(row.wants) as Wants };
}

/** Two lists with equal signs hold the same tests. */
export function signOfTests(tests: readonly WrittenTest[]): string {
  return createHash('sha256')
    .update(JSON.stringify(tests.map(({ question, wants }) => [question, wants])))
    .digest('base64url');
}

export interface SavedTest extends WrittenTest {
  botId: number;
  /** Null makes a new one. */
  id: number | null;
  userId: number | null;
  /** Whose words the question is, where it is a customer's. It goes with their conversation. */
  conversationId: number | null;
}

/** Keeps a test. 'full': the bot has as many as it can; 'not-there': the one to change is gone. */
export function saveTest(ws: Workspace, test: SavedTest): 'saved' | 'full' | 'not-there' {
  const now = ws.clock.now();
  const wanted = JSON.stringify(test.wants);
  return ws.durable(() => {
    if (test.id !== null) {
      const { changes } = ws
        .prepare(
          // Asked in other words, it is no customer's any more.
          `UPDATE answer_tests SET conversation_id = CASE WHEN question = @question THEN conversation_id END,
             question = @question, wants = @wanted, updated_at = @now WHERE id = @id AND bot_id = @botId`,
        )
        .run({ question: test.question, wanted, now, id: test.id, botId: test.botId });
      return changes > 0 ? 'saved' : 'not-there';
    }
    if (countTests(ws, test.botId) >= most.tests) return 'full';
    insertTest(ws, test);
    return 'saved';
  });
}

function insertTest(ws: Workspace, { botId, question, wants, conversationId, userId }: SavedTest): void {
  const now = ws.clock.now();
  ws.prepare(
    'INSERT INTO answer_tests (bot_id, question, wants, conversation_id, created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ).run(botId, question, JSON.stringify(wants), conversationId, userId, now, now);
}

/**
 * Adds what a file holds, inside a transaction. What is there already, question and wishes alike, isn't added again.
 * Returns how many came in, and how many had no room.
 */
export function addTests(
  ws: Workspace,
  { botId, tests, userId }: { botId: number; tests: readonly WrittenTest[]; userId: number | null },
): { added: number; over: number } {
  const signs = new Set(testsOf(ws, botId).map((test) => signOfTests([test])));
  const fresh = tests.filter((test) => {
    const sign = signOfTests([test]);
    return !signs.has(sign) && signs.add(sign);
  });
  const room = Math.max(0, most.tests - countTests(ws, botId));
  for (const test of fresh.slice(0, room)) insertTest(ws, { ...test, botId, id: null, userId, conversationId: null });
  return { added: Math.min(room, fresh.length), over: Math.max(0, fresh.length - room) };
}

/** Returns whether there was one. What came of it stays in the rounds. */
export function removeTest(ws: Workspace, botId: number, id: number): boolean {
  return ws.durable(() => ws.prepare('DELETE FROM answer_tests WHERE id = ? AND bot_id = ?').run(id, botId).changes > 0);
}
