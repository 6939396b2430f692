/** Whether a bot's tests hold up its publishing, and how often they are asked by themselves. */
import { cancelJob, enqueue } from '../../jobs/enqueue.ts';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import type { BotVersion } from '../bot-versions.ts';
import { signOf } from '../differences.ts';
import { signOfTests, testsOf } from './answer-tests.ts';

export type Every = 'never' | 'day' | 'week';

export interface Plan {
  blocks: boolean;
  every: Every;
  /** UTC ms; null when they aren't asked by themselves. */
  nextAt: number | null;
}

const DAY = 24 * 3600_000;
const SPANS: Record<Exclude<Every, 'never'>, number> = { day: DAY, week: 7 * DAY };

export function planOf(ws: Workspace, botId: number): Plan {
  const row = ws.prepare('SELECT blocks, every, next_at AS nextAt FROM test_plans WHERE bot_id = ?').get(botId) as
    { blocks: number; every: Every; nextAt: number | null } | undefined;
  return row ? { ...row, blocks: row.blocks === 1 } : { blocks: false, every: 'never', nextAt: null };
}

export function setPlan(ws: Workspace, botId: number, { blocks, every }: Pick<Plan, 'blocks' | 'every'>, userId: number): void {
  ws.durable(() => {
    const now = ws.clock.now();
    const before = planOf(ws, botId);
    const nextAt = every === 'never' ? null : every === before.every ? before.nextAt : now + SPANS[every];
    ws.prepare(
      `INSERT INTO test_plans (bot_id, blocks, every, next_at, updated_by, updated_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (bot_id) DO UPDATE SET blocks = excluded.blocks, every = excluded.every, next_at = excluded.next_at, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    ).run(botId, blocks ? 1 : 0, every, nextAt, userId, now);
    cancelJob(ws, 'test-on-time', String(botId));
    if (nextAt !== null) enqueue(ws, { kind: 'test-on-time', key: String(botId), dueAt: nextAt });
    if (blocks !== before.blocks) audit(ws, { actor: userId, action: 'bot.tests-block', subject: `bot ${botId}`, detail: { blocks } });
  });
}

/** Inside a transaction: the time has come, and the next is set. False when they aren't asked by themselves any more. */
export function planNext(ws: Workspace, botId: number): boolean {
  const { every } = planOf(ws, botId);
  if (every === 'never') return false;
  const nextAt = ws.clock.now() + SPANS[every];
  ws.prepare('UPDATE test_plans SET next_at = ? WHERE bot_id = ?').run(nextAt, botId);
  enqueue(ws, { kind: 'test-on-time', key: String(botId), dueAt: nextAt });
  return true;
}

/** Why publishing this draft waits for its tests, in plain words; null when it doesn't. */
export function heldUpBy(ws: Workspace, draft: BotVersion): string | null {
  if (!planOf(ws, draft.botId).blocks) return null;
  const tests = testsOf(ws, draft.botId);
  if (tests.length === 0) return null;
  const round = ws
    .prepare(
      `SELECT id, state, (SELECT count(*) FROM test_results WHERE round_id = r.id AND state <> 'passed') AS others
       FROM test_rounds r WHERE bot_id = ? AND kind = 'tests' AND settings_sign = ? AND tests_sign = ? ORDER BY id DESC LIMIT 1`,
    )
    .get(draft.botId, signOf(draft.settings), signOfTests(tests)) as { state: string; others: number } | undefined;
  if (!round) return 'This draft has not been tested as it is now. Run its tests, then publish it.';
  if (round.state !== 'done') return 'Its tests are being run. Publish it once they have passed.';
  if (round.others === 0) return null;
  const many = tests.length === 1 ? 'Its test has' : `${round.others} of its ${tests.length} tests ${round.others === 1 ? 'has' : 'have'}`;
  return `${many} not passed. Mend what fails and run them again, or publish it all the same.`;
}
