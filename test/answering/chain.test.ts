import assert from 'node:assert/strict';
import { patience } from '../../src/answering/ways.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import { addKey, illnessesOf, mayAsk, noteIll, noteWell, ProviderError } from '../../src/providers/index.ts';
import { anthropicSimulator } from '../simulators/anthropic.ts';
import type { AiSimulator, Fault } from '../simulators/http-ai.ts';
import { eventually } from '../support/eventually.ts';
import { castOf, type Cast } from './cast.ts';

describe('a chain of models', () => {
  let cast: Cast;
  let second: AiSimulator;
  let keys: { first: number; second: number };
  beforeEach(async () => {
    cast = await castOf();
    second = await anthropicSimulator();
    const added = await addKey(cast.ws, { provider: 'anthropic', name: '', key: second.key ?? '', baseUrl: second.url }, 'system');
    assert.ok(added.ok);
    keys = { first: cast.ws.sql.prepare('SELECT min(id) FROM provider_keys').pluck().get() as number, second: added.keyId };
    cast.set({ backups: [{ providerKeyId: added.keyId, model: added.models[0]?.id ?? '' }] });
    cast.ws.sql.exec("UPDATE business SET currency = 'USD'");
    cast.ai.says = 'The first says so.';
    second.says = 'The second says so.';
  });
  afterEach(async () => {
    await cast.end();
    await second.close();
  });

  const calls = () =>
    cast.ws.sql.prepare('SELECT provider, state, error_kind AS kind, cost_micros AS cost FROM provider_calls ORDER BY id').all() as {
      provider: string;
      state: string;
      kind: string | null;
      cost: number | null;
    }[];

  const ASK = 'Are you open on Sunday?';
  const kinds: Partial<Record<Fault, string>> = {
    rate: 'rate',
    overloaded: 'overloaded',
    'no-credit': 'no-credit',
    'wrong-key': 'wrong-key',
    'no-model': 'no-model',
    html: 'broken',
    'server-error': 'overloaded',
  };
  for (const [fault, kind] of Object.entries(kinds)) {
    it(`goes on where the first fails with ${fault}, and the run shows both calls with what they cost`, async () => {
      cast.ai.fail(fault as Fault);
      await cast.write(ASK);
      await cast.quiet();
      assert.equal(cast.said().at(-1)?.text, 'The second says so.');
      const [failed, answered] = calls();
      assert.deepEqual([failed?.provider, failed?.state, failed?.kind], ['openai', 'failed', kind]);
      assert.deepEqual([answered?.provider, answered?.state], ['anthropic', 'ended']);
      assert.equal(cast.runs().length, 1);
      assert.equal(cast.runs()[0]?.cost_micros, (failed?.cost ?? 0) + (answered?.cost ?? 0));
      const { spent, held } = cast.ws.sql
        .prepare('SELECT spent_micros AS spent, held_micros AS held FROM spend WHERE bot_id = 0')
        .get() as {
        spent: number;
        held: number;
      };
      assert.ok(spent > 0);
      assert.equal(held, 0);
    });
  }

  it('goes on where the first keeps silent, long before it would be given up alone', async () => {
    const before = patience.firstWordMs;
    patience.firstWordMs = 60;
    try {
      cast.ai.fail('no-headers');
      await cast.write(ASK);
      await cast.quiet();
    } finally {
      patience.firstWordMs = before;
    }
    assert.equal(cast.said().at(-1)?.text, 'The second says so.');
    assert.equal(calls()[0]?.kind, 'silent');
  });

  it('never goes on after the first word: what was shown stays as cut off, and no second answer is put to it', async () => {
    cast.ai.says = `On Sundays we are open, ${'and much more to tell '.repeat(20)}`;
    cast.ai.fail('cut-socket');
    await cast.write(ASK);
    await cast.quiet();
    assert.equal(second.calls.length, 0);
    const said = cast.said();
    assert.ok(said.some(({ cut, text }) => cut && text.startsWith('On Sundays')));
    assert.equal(said.at(-1)?.text, 'I can’t answer that well, so I’ve asked a person to look at it.');
  });

  it('falls back once all have failed', async () => {
    for (let n = 0; n < 3; n++) cast.ai.fail('no-credit');
    for (let n = 0; n < 3; n++) second.fail('no-credit');
    await cast.write(ASK);
    await cast.quiet();
    assert.equal(calls().length, 2);
    assert.equal(cast.runs()[0]?.state, 'failed');
    assert.match(cast.said().at(-1)?.text ?? '', /asked a person/);
  });

  it('passes over what has failed again and again, says since when, and asks it again after a while by one call on trial', async () => {
    const crowd = async (name: string, n: number): Promise<void> => {
      const ask = (who: string) =>
        receiveEvents(cast.ws, cast.widget, [
          {
            type: 'message',
            thread: who,
            sender: { externalId: who, displayName: who },
            externalId: who,
            saidAt: cast.ws.clock.now(),
            parts: [{ kind: 'text', text: ASK }],
          },
        ]);
      await Promise.all(Array.from({ length: n }, (_, at) => ask(`${name}${at}`)));
      await eventually(() => assert.deepEqual(cast.jobs(), []), 8000);
    };
    for (let n = 0; n < 30; n++) cast.ai.fail('overloaded');
    await crowd('a', 30);
    const asked = cast.ai.calls.length;
    const [ill] = illnessesOf(cast.ws, keys.first);
    assert.ok(ill && ill.since <= cast.ws.clock.now());
    assert.equal(calls().filter(({ provider, state }) => provider === 'anthropic' && state === 'ended').length, 30, 'all were answered');
    await crowd('b', 20);
    assert.equal(cast.ai.calls.length, asked, 'it was left alone');
    assert.deepEqual(illnessesOf(cast.ws, keys.second), []);
    const later = cast.ws.clock.steady() + 31_000;
    const { clock } = cast.ws;
    const now = clock.steady.bind(clock);
    clock.steady = () => later;
    const model = ill.model;
    assert.deepEqual([mayAsk(cast.ws, keys.first, model), mayAsk(cast.ws, keys.first, model)], [true, false], 'one on trial');
    noteWell(cast.ws, keys.first, model);
    assert.deepEqual([mayAsk(cast.ws, keys.first, model), mayAsk(cast.ws, keys.first, model)], [true, true]);
    clock.steady = now;
  });

  it('puts another on trial where the first trial never came to an end', () => {
    const { clock } = cast.ws;
    const now = clock.steady.bind(clock);
    let later = now();
    clock.steady = () => later;
    noteIll(cast.ws, keys.first, 'm', new ProviderError('wrong-key', 'It was refused.'));
    assert.equal(mayAsk(cast.ws, keys.first, 'm'), false);
    later += 5 * 60_000;
    assert.deepEqual([mayAsk(cast.ws, keys.first, 'm'), mayAsk(cast.ws, keys.first, 'm')], [true, false]);
    // The call was never made: the bot was unsure, a budget was spent, the customer wrote again.
    later += 2 * 60_000;
    assert.deepEqual([mayAsk(cast.ws, keys.first, 'm'), mayAsk(cast.ws, keys.first, 'm')], [true, false]);
    clock.steady = now;
  });

  it('costs what its calls cost, also where the provider doesn’t tell what they used', async () => {
    cast.ai.refuse('stream_options');
    cast.set({ builtIns: ['hours'] });
    const ended = (body: Record<string, unknown>): boolean => JSON.stringify(body['messages']).includes('"tool"');
    cast.ai.says = (body) =>
      ended(body)
        ? 'From nine to seven.'
        : { text: 'Let me look that up for you. '.repeat(20), calls: [{ name: 'opening_hours', input: {} }] };
    await cast.write(ASK);
    await cast.quiet();
    assert.deepEqual(
      calls().map(({ state }) => state),
      ['ended', 'ended'],
    );
    assert.equal(cast.ws.sql.prepare('SELECT min(estimated) FROM provider_calls').pluck().get(), 1);
    assert.equal(
      cast.runs().at(-1)?.cost_micros,
      calls().reduce((sum, { cost }) => sum + (cost ?? 0), 0),
    );
  });
});
