import assert from 'node:assert/strict';
import { askTests, closeDeadRuns } from '../../src/answering/index.ts';
import { beginTests, createBot, draftOf } from '../../src/bots/index.ts';
import { resumeRound } from '../../src/bots/tests/rounds.ts';
import { saveTest } from '../../src/bots/tests/answer-tests.ts';
import { wants } from '../../src/bots/tests/wants.ts';
import { addText, closeReading, closeSearch, readSource } from '../../src/knowledge/index.ts';
import { addKey } from '../../src/providers/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { eventually } from '../support/eventually.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

const KINDS = { 'read-source': readSource, 'ask-tests': askTests };

describe('tests of answers, when the server stops meanwhile', () => {
  let test: TestInstallation;
  let ws: Workspace;
  let openai: AiSimulator;
  let round: number;

  before(async () => {
    test = await testInstallation();
    ws = test.installation.workspaces.hold(cafeAurora(test.installation)).workspace;
    openai = await openaiSimulator();
    openai.says = (body) => (JSON.stringify(body).includes('You judge one answer') ? 'PASS\nIt does.' : 'From nine to five.[1]');
    const added = await addKey(ws, { provider: 'openai', name: '', key: openai.key ?? '', baseUrl: openai.url }, 'system');
    assert.ok(added.ok);
    await test.installation.jobs.start(KINDS);
    addText(ws, { title: 'Hours', text: 'On Sunday we are open from nine to five.', by: null });
    await eventually(() => assert.ok(ws.prepare('SELECT 1 FROM chunks').get()));
    const settings = { providerKeyId: added.keyId, model: 'gpt-5-mini' };
    const { botId } = createBot(ws, { settings, userId: null });
    for (const question of ['Open on Sunday at nine?', 'Open on Sunday at ten?', 'Open on Sunday at four?']) {
      const test = { botId, id: null, userId: null, conversationId: null, question };
      saveTest(ws, { ...test, wants: wants.parse({ holds: ['nine'], rule: 'It names an hour.' }) });
    }
    const draft = draftOf(ws, botId);
    assert.ok(draft);
    const begun = beginTests(ws, { version: draft, cause: 'asked', userId: null });
    assert.ok(begun.roundId);
    round = begun.roundId;
    await done();
  });
  after(async () => {
    await test.end();
    await openai.close();
    await closeReading();
    await closeSearch();
  });

  const done = () =>
    eventually(() => assert.equal(ws.prepare('SELECT state FROM test_rounds WHERE id = ?').pluck().get(round), 'done'), 5000);
  const states = () => ws.prepare('SELECT state FROM test_results WHERE round_id = ? ORDER BY position').pluck().all(round);

  /** The first line is put back to where a kill at that instant leaves it; then the next boot goes on. */
  async function goOnFrom(sql: string): Promise<number> {
    ws.sql.exec(`
      UPDATE test_rounds SET state = 'paused';
      UPDATE test_results SET ended_at = NULL, checks = NULL, says = NULL WHERE position = 1;
      ${sql}`);
    closeDeadRuns(ws);
    openai.calls.length = 0;
    resumeRound(ws, round);
    await done();
    return openai.calls.length;
  }

  const RUN = '(SELECT run_id FROM test_results WHERE position = 1)';
  const JUDGE = '(SELECT judge_run_id FROM test_results WHERE position = 1)';
  const dies = (run: string): string =>
    `UPDATE runs SET state = 'open', ended_at = NULL, boot = 'dead', reserved_micros = 777 WHERE id = ${run};
     UPDATE provider_calls SET state = 'open', ended_at = NULL WHERE run_id = ${run};`;

  it('all was asked once, and judged once', () => {
    assert.deepEqual(states(), ['passed', 'passed', 'passed']);
    assert.equal(openai.calls.length, 6);
  });

  it('nothing is asked twice where the answer was there, but not written down', async () => {
    assert.equal(await goOnFrom("UPDATE test_results SET state = 'asking', answer = NULL, judge_run_id = NULL WHERE position = 1"), 1);
    assert.deepEqual(states(), ['passed', 'passed', 'passed']);
  });

  it('nothing is judged twice where the verdict was there, but not written down', async () => {
    assert.equal(await goOnFrom("UPDATE test_results SET state = 'judging' WHERE position = 1"), 0);
    assert.deepEqual(states(), ['passed', 'passed', 'passed']);
  });

  it('a judge that may have been paid isn’t asked again by itself', async () => {
    assert.equal(await goOnFrom(`${dies(JUDGE)} UPDATE test_results SET state = 'judging' WHERE position = 1`), 0);
    assert.deepEqual(states(), ['unclear', 'passed', 'passed']);
  });

  it('nor is a question that may have been paid for', async () => {
    assert.equal(
      await goOnFrom(`${dies(RUN)} UPDATE test_results SET state = 'asking', answer = NULL, judge_run_id = NULL WHERE position = 1`),
      0,
    );
    assert.deepEqual(states(), ['unclear', 'passed', 'passed']);
    assert.match(String(ws.prepare('SELECT says FROM test_results WHERE position = 1').pluck().get()), /isn’t asked again by itself/);
  });

  it('what was not begun is asked', async () => {
    assert.equal(
      await goOnFrom("UPDATE test_results SET state = 'asking', answer = NULL, run_id = NULL, judge_run_id = NULL WHERE position = 1"),
      2,
    );
    assert.deepEqual(states(), ['passed', 'passed', 'passed']);
  });

  it('a stop in the middle ends what is under way, and the next start goes on', async () => {
    ws.sql.exec(`
      UPDATE test_rounds SET state = 'paused';
      UPDATE test_results SET state = 'waiting', answer = NULL, run_id = NULL, judge_run_id = NULL, ended_at = NULL WHERE position IN (1, 2)`);
    const release = openai.holdHalfway();
    resumeRound(ws, round);
    await eventually(() => assert.deepEqual(states(), ['asking', 'passed', 'passed']));
    const id = ws.id;
    await test.reopen();
    release();
    ws = test.installation.workspaces.hold(id).workspace;
    closeDeadRuns(ws);
    openai.calls.length = 0;
    await test.installation.jobs.start(KINDS);
    await done();
    assert.deepEqual(states(), ['unclear', 'passed', 'passed']);
    assert.equal(openai.calls.length, 0);
  });
});
