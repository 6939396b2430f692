import assert from 'node:assert/strict';
import { priceOf } from '../../src/providers/index.ts';
import { recapOf } from '../../src/answering/recap.ts';
import type { Body } from '../simulators/http-ai.ts';
import { castOf, type Cast } from './cast.ts';

const LONG = 'I would like to order a large cake for my mother’s birthday, with cherries and dark chocolate, but without nuts. '.repeat(12);
const isRecap = (body: Body): boolean => JSON.stringify(body).includes('You keep the memory of a conversation');

for (const provider of ['openai', 'anthropic'] as const)
  describe(`a long conversation with ${provider}`, () => {
    let cast: Cast;
    before(async () => {
      cast = await castOf(provider);
      cast.set({ instructions: 'Be kind to everybody who writes to the café. '.repeat(150) });
      let n = 0;
      cast.ai.says = (body) =>
        isRecap(body) ? `Leyla (leyla@example.com) wants a cake, remembered ${++n}.` : 'Gladly. We are open on Sunday.';
    });
    after(() => cast.end());

    const kinds = () =>
      cast.ws.sql.prepare('SELECT kind, state, cost_micros AS cost, saved_micros AS saved FROM runs ORDER BY id').all() as {
        kind: string;
        state: string;
        cost: number | null;
        saved: number | null;
      }[];
    const prompt = (): { text: string }[] =>
      JSON.parse(cast.ws.sql.prepare("SELECT prompt FROM runs WHERE kind = 'answer' ORDER BY id DESC LIMIT 1").pluck().get() as string) as {
        text: string;
      }[];
    const talk = (): number => cast.ws.sql.prepare('SELECT id FROM conversations').pluck().get() as number;

    it('is summed up once it nearly fills what a model reads, after the answer, and its next answer reads the summary', async () => {
      for (let n = 0; n < 6; n++) {
        await cast.write(`${n}: ${LONG}`);
        await cast.quiet();
        if (n < 5) assert.equal(kinds().filter(({ kind }) => kind === 'recap').length, 0);
      }
      assert.deepEqual(
        kinds()
          .slice(-2)
          .map(({ kind, state }) => `${kind} ${state}`),
        ['answer answered', 'recap answered'],
      );
      const recap = recapOf(cast.ws, talk());
      assert.match(recap?.text ?? '', /remembered 1/);
      await cast.write('And when are you open?');
      await cast.quiet();
      const sent = prompt();
      assert.match(sent[1]?.text ?? '', /What was said before, in short:\nLeyla \(leyla@example\.com\) wants a cake, remembered 1\./);
      const turns = sent.slice(2).map(({ text }) => text);
      assert.ok(!turns.some((text) => text.startsWith('0: ')) && turns.some((text) => text.startsWith('5: ')), JSON.stringify(turns));
    });

    it('is carried on, not summed up anew, and begins with the same bytes in between', async () => {
      const first = prompt()[2]?.text;
      await cast.write('Thank you.');
      await cast.quiet();
      assert.equal(prompt()[2]?.text, first);
      for (let n = 6; n < 10; n++) {
        await cast.write(`${n}: ${LONG}`);
        await cast.quiet();
      }
      const asked = cast.ai.calls.filter(({ body }) => isRecap(body));
      assert.equal(asked.length, 2);
      const last = JSON.stringify(asked.at(-1)?.body);
      assert.match(last, /Remembered so far:\\nLeyla/);
      assert.ok(!last.includes('0: I would'), 'what is in the summary isn’t read again');
      const systems = new Set(cast.ai.calls.filter(({ body }) => !isRecap(body)).map(({ body }) => prefixOf(body)));
      assert.equal(systems.size, 1);
    });

    it('saves by the provider’s cache what the stand-in counted, on the run and in all', () => {
      const model = cast.ws.sql.prepare('SELECT model FROM provider_calls LIMIT 1').pluck().get() as string;
      const price = priceOf(cast.ws, provider, model);
      assert.ok(price);
      const expected = cast.ai.counted.map(({ cached }) => Math.floor((cached * (price.inputMicros - price.cachedMicros)) / 1_000_000));
      assert.deepEqual(
        kinds().map(({ saved }) => saved ?? 0),
        expected,
      );
      assert.ok(expected.filter((saved) => saved > 0).length >= 8, JSON.stringify(expected));
      const costs = cast.ai.counted.map(({ input, cached, written, output }) => {
        const told = provider === 'openai' ? 0 : written;
        const sum = (input - cached - told) * price.inputMicros + cached * price.cachedMicros + told * price.writtenMicros;
        return Math.ceil((sum + output * price.outputMicros) / 1_000_000);
      });
      assert.deepEqual(
        kinds().map(({ cost }) => cost),
        costs,
        'a summary costs what it costs, like any answer',
      );
    });

    it('forgets what a customer takes back', () => {
      const id = talk();
      assert.ok(recapOf(cast.ws, id));
      cast.ws.sql.prepare('UPDATE messages SET revoked_at = 1 WHERE id = (SELECT min(id) FROM messages WHERE conversation_id = ?)').run(id);
      assert.equal(recapOf(cast.ws, id), undefined);
    });
  });

describe('a conversation of many short messages', () => {
  let cast: Cast;
  before(async () => {
    cast = await castOf();
    cast.ai.says = (body) => (isRecap(body) ? 'Leyla counts.' : 'Gladly.');
  });
  after(() => cast.end());

  it('is summed up, too: all but the newest few', async () => {
    const written = await Promise.all(Array.from({ length: 36 }, (_, n) => cast.write(`Number ${n}`)));
    await cast.quiet();
    const recap = recapOf(cast.ws, written[0]?.conversationId ?? 0);
    assert.equal(recap?.text, 'Leyla counts.');
    assert.equal(recap.throughId, written[21]?.messageId, 'fourteen of theirs and the answer stay word for word');
    const asked = JSON.stringify(cast.ai.calls.at(-1)?.body);
    assert.ok(asked.includes('Number 0') && asked.includes('Number 21') && !asked.includes('Number 22'));
  });
});

function prefixOf(body: Body): string {
  const system = Array.isArray(body['system']) ? (body['system'] as Body[])[0]?.['text'] : (body['messages'] as Body[])[0]?.['content'];
  return String(system).split('Today is')[0] ?? '';
}
