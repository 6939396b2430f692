import assert from 'node:assert/strict';
import { askTests, testOnTime } from '../../src/answering/index.ts';
import { createBot, saveDraft } from '../../src/bots/index.ts';
import { addText, closeReading, closeSearch, readSource } from '../../src/knowledge/index.ts';
import { addKey } from '../../src/providers/index.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { openCafe } from '../support/cafe.ts';
import { eventually } from '../support/eventually.ts';

const ASKED = 'Are you open on Sunday?';

describe('tests of answers', () => {
  const cafe = openCafe(before, after);
  let openai: AiSimulator;
  let keyId: number;

  before(async () => {
    openai = await openaiSimulator();
    const made = await addKey(
      cafe.ws,
      { provider: 'openai', name: 'OpenAI', key: openai.key ?? '', baseUrl: openai.url },
      cafe.server.people.owner,
    );
    assert.ok(made.ok);
    keyId = made.keyId;
    await cafe.server.installation.jobs.start({ 'read-source': readSource, 'ask-tests': askTests, 'test-on-time': testOnTime });
    addText(cafe.ws, { title: 'Hours', text: 'On Sunday we are open from nine to five.', by: cafe.server.people.owner });
    await eventually(() => assert.ok(cafe.ws.prepare('SELECT 1 FROM chunks').get()));
  });
  after(async () => {
    await openai.close();
    await closeReading();
    await closeSearch();
  });

  function bot(keyed = true): number {
    const { botId } = createBot(cafe.ws, { settings: { name: 'Aurora' }, userId: null });
    if (keyed) saveDraft(cafe.ws, { botId, changes: { providerKeyId: keyId, model: 'gpt-5-mini' }, userId: null });
    return botId;
  }

  const pages = (id: number): string => `${cafe.base}/bots/${id}/tests`;

  async function write(id: number, fields: Record<string, string>): Promise<void> {
    const { status, text } = await cafe.owner.post(pages(id), { question: ASKED, by: 'bot', ...fields });
    assert.equal(status, 303, text);
  }

  async function run(id: number, who = 'draft'): Promise<string> {
    const { status, location } = await cafe.owner.post(`${pages(id)}/rounds`, { who });
    assert.equal(status, 303);
    const round = Number(/rounds\/(\d+)$/.exec(location ?? '')?.[1]);
    await eventually(() => assert.equal(stateOf(round), 'done'), 5000);
    return location ?? '';
  }

  const stateOf = (round: number): unknown => cafe.ws.prepare('SELECT state FROM test_rounds WHERE id = ?').pluck().get(round);

  it('look for words and phrases in the answer, whatever their case, accents and marks', async () => {
    const id = bot();
    openai.says = 'Yes, the **Café** is open “from nine” to five.[1]';
    await write(id, { holds: 'cafe\n"From Nine"', lacks: 'fiv' });
    await write(id, { holds: 'nineteen' });
    const page = await cafe.owner.get(await run(id));
    assert.match(page.text, /1 of 2 passed, 1 failed/);
    assert.match(page.text, /Must contain “nineteen”\. The answer doesn’t say it\./);
  });
});
