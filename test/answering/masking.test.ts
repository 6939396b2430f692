import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tryBot, type Trying } from '../../src/answering/index.ts';
import { suggestAnswer } from '../../src/answering/suggest-answer.ts';
import { draftOf } from '../../src/bots/index.ts';
import { addText } from '../../src/knowledge/index.ts';
import { addKey } from '../../src/providers/index.ts';
import { anthropicSimulator } from '../simulators/anthropic.ts';
import type { AiSimulator, Body } from '../simulators/http-ai.ts';
import { castOf, type Cast } from './cast.ts';

const CARD = '4111 1111 1111 1111';
const IBAN = 'DE89 3704 0044 0532 0130 00';
const MAIL = 'leyla@example.com';
const PHONE = '+49 170 1234567';
const CODE = 'KD-123456';

/** Says what the model was sent for the mark, as models do. */
function sayBack(body: Body): string {
  const sent = JSON.stringify(body);
  const signs = [...new Set(sent.match(/\[[A-Z_]+_(?:\d+|[A-Z])\]/g) ?? [])];
  return `You wrote ${signs.join(' and ')}. We are open on Sunday. [1]`;
}

function searchSent(ai: AiSimulator): void {
  const sent = JSON.stringify([ai.calls, ai.embedded]);
  for (const original of [CARD, IBAN, MAIL, PHONE, CODE]) assert.ok(!sent.includes(original), `${original} was sent`);
}

async function ended(events: AsyncIterable<Trying> | string): Promise<Trying> {
  assert.notEqual(typeof events, 'string', String(events));
  let last: Trying | undefined;
  for await (const event of events as AsyncIterable<Trying>) last = event;
  assert.ok(last);
  return last;
}

for (const provider of ['openai', 'anthropic'] as const)
  describe(`what ${provider} doesn’t get to read`, () => {
    let cast: Cast;
    before(async () => {
      cast = await castOf(provider);
      cast.ai.says = sayBack;
      cast.set({ masking: { email: true, phone: true, patterns: [{ name: 'Customer number', pattern: '\\bKD-\\d{6}\\b' }] } });
    });
    after(() => cast.end());

    it('is put back in the answer, streamed and stored, while the run keeps what was sent', async () => {
      const all = `Are you open on Sunday? I am ${MAIL}, ${PHONE}, ${CODE}, card ${CARD}, account ${IBAN}.`;
      await cast.write(all);
      await cast.quiet();
      searchSent(cast.ai);
      const said = cast.said();
      assert.equal(said[0]?.text, all, 'the transcript stays as said');
      const answer = said.at(-1)?.text ?? '';
      for (const original of [CARD, IBAN, MAIL, PHONE, CODE]) assert.ok(answer.includes(original), answer);
      const drafts = cast.events.flatMap((event) => (event.type === 'draft' ? [event.text] : [])).join('');
      assert.ok(answer.startsWith(drafts.trim()) && !drafts.includes('['), drafts);
      const prompt = cast.runs().at(-1)?.prompt ?? '';
      assert.match(prompt, /I am \[EMAIL_1\], \[PHONE_1\], \[CUSTOMER_NUMBER_1\], card \[CARD_1\], account \[IBAN_1\]\./);
      const sent = JSON.stringify(cast.ai.calls.at(-1)?.body);
      for (const { text } of JSON.parse(prompt) as { text: string }[]) assert.ok(sent.includes(JSON.stringify(text).slice(1, -1)), text);
    });

    it('keeps its sign in the next question, so that what was sent before is sent alike', async () => {
      await cast.write(`Then take b@example.com beside ${MAIL}, please.`);
      await cast.quiet();
      searchSent(cast.ai);
      const turnsOf = (at: number) => (JSON.parse(cast.runs().at(at)?.prompt ?? '[]') as { role: string; text: string }[]).slice(2);
      assert.deepEqual(turnsOf(-1)[0], turnsOf(-2)[0]);
      assert.match(turnsOf(-1).at(-1)?.text ?? '', /take \[EMAIL_2\] beside \[EMAIL_1\], please\.$/);
    });

    it('is in no passage, no suggestion and no try of the playground', async () => {
      addText(cast.ws, { title: 'Paying', text: `Pay the cake on Sunday to our account ${IBAN}, or write to ${MAIL}.`, by: null });
      await cast.quiet();
      const before = cast.ai.calls.length;
      const draft = draftOf(cast.ws, cast.botId);
      assert.ok(draft);
      const turns = [{ role: 'user' as const, text: `To which account do I pay the cake on Sunday? My card is ${CARD}.` }];
      const tried = await ended(tryBot(cast.ws, { versionId: draft.id, turns, signal: AbortSignal.timeout(5000) }));
      assert.ok(tried.type === 'done' && tried.run?.answer?.includes(IBAN), JSON.stringify(tried));
      cast.ws.sql.prepare("UPDATE conversations SET turn = 'person'").run();
      const { conversationId } = await cast.write(`I paid with ${CARD} now.`);
      const suggested = await ended(suggestAnswer(cast.ws, conversationId ?? 0, AbortSignal.timeout(5000)));
      assert.ok(suggested.type === 'done' && suggested.run?.answer?.includes(CARD), JSON.stringify(suggested));
      assert.equal(cast.ai.calls.length, before + 2);
      searchSent(cast.ai);
    });
  });

describe('masking on every way out', () => {
  it('a model that is asked after another gets the same', async () => {
    const cast = await castOf();
    const second = await anthropicSimulator();
    const added = await addKey(cast.ws, { provider: 'anthropic', name: '', key: second.key ?? '', baseUrl: second.url }, 'system');
    assert.ok(added.ok);
    cast.set({ backups: [{ providerKeyId: added.keyId, model: added.models[0]?.id ?? '' }] });
    cast.ai.fail('overloaded');
    second.says = sayBack;
    await cast.write(`My card is ${CARD}. Are you open on Sunday?`);
    await cast.quiet();
    searchSent(second);
    assert.match(cast.said().at(-1)?.text ?? '', /4111 1111 1111 1111/);
    assert.ok(JSON.stringify(second.calls).includes('[CARD_1]'));
    await cast.end();
    await second.close();
  });

  it('no line of the program reaches a provider but by openProvider', () => {
    const src = join(import.meta.dirname, '../../src');
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const read = (file: string): string => readFileSync(join(src, file), 'utf8');
    const raw = files.filter((file) => /from '[^']*\/registry\.ts'/.test(read(file)) && file.startsWith('providers'));
    // Others ask what providers there are, and what models a key opens: nothing of anybody goes with that.
    assert.ok(raw.includes('providers/open-provider.ts'));
    for (const file of raw) assert.doesNotMatch(read(file), /\.answer\(|\.embed\(|\.transcribe\(/, file);
    const adapters = files.filter((file) => /from '[^']*\/(?:anthropic|openai|compatible)\.ts'/.test(read(file)));
    assert.deepEqual(adapters, ['providers/registry.ts']);
    assert.doesNotMatch(read('providers/index.ts'), /registry/, 'nor can other rooms take one that isn’t masked');
  });
});
