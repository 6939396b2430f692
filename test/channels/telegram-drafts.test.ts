/** An answer that is read while it is written. */
import assert from 'node:assert/strict';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { takeOver } from '../../src/conversations/index.ts';
import { addKey } from '../../src/providers/index.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { eventually } from '../support/eventually.ts';
import { ayse, QUESTION, runningTelegram } from './running-telegram.ts';

describe('drafts on Telegram, with everything that runs', function () {
  this.timeout(20_000);
  let ai: AiSimulator;
  afterEach(() => ai.close());
  const aurora = runningTelegram(beforeEach, afterEach);

  /** The customer has been answered once, by a bot without AI; from now on one with an AI answers. */
  beforeEach(async () => {
    const { far, mira, ws } = aurora;
    ai = await openaiSimulator({ tokenMs: 60 });
    ai.says = 'Yes, on **Sunday** we open at ten and close at four, and we bake until noon, as on any other day of the week.';
    const key = await addKey(ws, { provider: 'openai', name: '', key: ai.key ?? '', baseUrl: ai.url }, mira);
    assert.ok(key.ok);
    const settings = { name: 'Clever', providerKeyId: key.keyId, model: 'gpt-5-mini' };
    const { botId } = createBot(ws, { settings, userId: mira });
    publishDraft(ws, { botId, userId: mira });
    far.say(ayse, QUESTION);
    await aurora.answered(1);
    ws.sql.prepare('UPDATE conversations SET bot_id = ?').run(botId);
  });

  it('an answer of an AI is shown as it is written, and then sent once', async () => {
    const { far } = aurora;
    far.say(ayse, QUESTION);
    await far.until(() => /any other day/.test(aurora.last().visible));
    assert.ok(far.drafts.length >= 1);
    for (const { visible, chat } of far.drafts) assert.ok(aurora.last().visible.startsWith(visible) && chat === ayse.chat, visible);
    assert.equal(far.sent.filter(({ visible }) => /any other day/.test(visible)).length, 1);
  });

  it('what was shown of an answer that was dropped isn’t kept as said, but stands at its run', async () => {
    const goOn = ai.holdHalfway();
    aurora.far.say(ayse, QUESTION);
    await aurora.far.until(() => aurora.far.drafts.length > 0);
    takeOver(aurora.ws, 1, aurora.mira);
    await eventually(() => assert.equal(aurora.one('SELECT state FROM runs ORDER BY id DESC'), 'dropped'));
    goOn();
    assert.match(aurora.one<string>('SELECT shown FROM runs ORDER BY id DESC'), /^Yes, on \*\*Sunday/);
    assert.equal(aurora.one<number>('SELECT count(*) FROM messages WHERE cut_off = 1'), 0);
  });
});
