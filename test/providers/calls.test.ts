/** Calls of tools, for every provider that has them: what provider.ts promises, whoever is on the other side. */
import assert from 'node:assert/strict';
import { createOutbound, type Outbound } from '../../src/lib/outbound.ts';
import { Secret } from '../../src/lib/secret.ts';
import { anthropicProvider } from '../../src/providers/anthropic.ts';
import { compatibleProvider } from '../../src/providers/compatible.ts';
import { openaiProvider } from '../../src/providers/openai.ts';
import { ProviderError, type AnswerEvent, type AnswerRequest, type Provider, type ToolRound } from '../../src/providers/provider.ts';
import { quoteProvider } from '../../src/providers/quote.ts';
import { anthropicSimulator } from '../simulators/anthropic.ts';
import type { AiSimulator, Body } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';

const idleMs = 1000;
const TOOLS = [
  {
    name: 'order_status',
    description: 'Where an order is.',
    parameters: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
  },
  { name: 'opening_hours', description: 'When people are there.', parameters: { type: 'object', properties: {} } },
];

const subjects: { provider: Provider; model: string; far: () => Promise<AiSimulator> }[] = [
  { provider: openaiProvider({ idleMs }), model: 'gpt-6-luna', far: openaiSimulator },
  { provider: compatibleProvider({ idleMs }), model: 'mistral-small', far: () => openaiSimulator({ dialect: 'compatible' }) },
  { provider: anthropicProvider({ idleMs }), model: 'claude-haiku-5-5', far: anthropicSimulator },
  { provider: anthropicProvider({ idleMs }), model: 'claude-opus-5-5', far: anthropicSimulator },
];

const question = (model: string): AnswerRequest => ({
  model,
  system: 'You answer for Café Aurora.',
  context: '',
  turns: [{ role: 'user', text: 'Where is order 17?' }],
  passages: [],
  language: 'en',
  maxTokens: 300,
  temperature: null,
  cacheKey: 'w:1',
  tools: TOOLS,
});

for (const { provider, model, far } of subjects) {
  describe(`tools with ${provider.id}, ${model}`, () => {
    let outbound: Outbound;
    let simulator: AiSimulator;
    before(async () => {
      outbound = createOutbound({ allowPrivate: true });
      simulator = await far();
    });
    after(async () => {
      await outbound.close();
      await simulator.close();
    });

    async function ask(change: Partial<AnswerRequest> = {}): Promise<AnswerEvent[]> {
      const access = {
        key: simulator.key === null ? null : new Secret(simulator.key),
        baseUrl: simulator.url,
        fetch: outbound.to(simulator.url),
        signal: new AbortController().signal,
        refusedFields: [],
        onRefusedField: () => undefined,
      };
      const events: AnswerEvent[] = [];
      for await (const event of provider.answer(access, { ...question(model), ...change })) events.push(event);
      return events;
    }
    const callsIn = (events: AnswerEvent[]) => {
      const [told, ...more] = events.filter((event) => event.type === 'calls');
      assert.deepEqual(more, []);
      return told ?? assert.fail('nothing was called');
    };
    const sent = (): Body => simulator.calls.at(-1)?.body ?? {};

    it('offers tools, and tells what is called, once and whole, before its end', async () => {
      simulator.says = { calls: [{ name: 'order_status', input: { order: '17 “big”' } }] };
      const events = await ask();
      assert.deepEqual(callsIn(events).calls, [{ name: 'order_status', input: '{"order":"17 “big”"}' }]);
      assert.deepEqual(
        events.map(({ type }) => type),
        ['calls', 'usage', 'end'],
      );
      assert.deepEqual(events.at(-1), { type: 'end', reason: 'calls' });
      assert.equal((sent()['tools'] as Body[]).length, 2);
      assert.equal('tool_choice' in sent(), false);
    });

    it('tells words and calls of one answer apart, and several calls in their order', async () => {
      const calls = [
        { name: 'order_status', input: { order: '17' } },
        { name: 'order_status', input: { order: '18' } },
        { name: 'opening_hours', input: '' },
      ];
      simulator.says = { text: 'Let me look.', calls };
      const events = await ask();
      assert.equal(events.map((event) => (event.type === 'delta' ? event.text : '')).join(''), 'Let me look.');
      assert.deepEqual(
        callsIn(events).calls.map(({ name, input }) => [name, input]),
        [
          ['order_status', '{"order":"17"}'],
          ['order_status', '{"order":"18"}'],
          ['opening_hours', ''],
        ],
      );
    });

    it('goes on with the results, also when asked without calling any more', async () => {
      simulator.says = {
        text: 'Let me look.',
        calls: [
          { name: 'order_status', input: { order: '17' } },
          { name: 'an invented.one', input: '{"a' },
        ],
      };
      const { calls, kept } = callsIn(await ask());
      const round: ToolRound = {
        text: 'Let me look.',
        calls,
        kept,
        results: [
          { text: '{"status":"on its way"}', failed: false },
          { text: 'There is no such tool.', failed: true },
        ],
      };
      simulator.says = 'It is on its way.';
      for (const mustAnswer of [false, true]) {
        const events = await ask({ rounds: [round, round], mustAnswer });
        assert.deepEqual(events.at(-1), { type: 'end', reason: 'stop' });
        assert.equal('tool_choice' in sent(), mustAnswer);
        assert.match(JSON.stringify(sent()['messages']), /on its way.*There is no such tool/);
      }
    });

    it('tells half a JSON and what isn’t there as they were written: the core says what to do', async () => {
      simulator.says = { calls: [{ name: 'delete_everything', input: '{"order": "1' }] };
      assert.deepEqual(callsIn(await ask()).calls, [{ name: 'delete_everything', input: '{"order": "1' }]);
    });

    it('calls nothing that was cut for length or refused', async () => {
      simulator.says = { text: 'Let me look.', calls: [{ name: 'order_status', input: { order: '17' } }] };
      for (const [fault, reason] of [
        ['too-long', 'length'],
        ['refusal', 'refused'],
      ] as const) {
        simulator.fail(fault);
        const events = await ask();
        assert.deepEqual(events.at(-1), { type: 'end', reason });
        assert.equal(
          events.some(({ type }) => type === 'calls'),
          false,
        );
      }
      simulator.says = { calls: [{ name: 'order_status', input: { order: '17' } }] };
      simulator.fail('too-long');
      await assert.rejects(ask(), (error) => error instanceof ProviderError && error.kind === 'broken');
    });

    for (const fault of ['cut-socket', 'cut-clean', 'malformed'] as const) {
      it(`calls nothing when the answer broke off: ${fault}`, async () => {
        simulator.says = { calls: [{ name: 'order_status', input: { order: '17'.repeat(30) } }] };
        simulator.fail(fault);
        await assert.rejects(ask(), (error) => error instanceof ProviderError && error.kind === 'broken');
      });
    }

    it('sends no word of tools where a bot has none', async () => {
      simulator.says = 'Hello.';
      await ask({ tools: [] });
      assert.deepEqual(
        ['tools', 'tool_choice'].filter((field) => field in sent()),
        [],
      );
    });
  });
}

describe('hosts that speak OpenAI’s protocol', () => {
  /** A host that answers with these chunks, whatever it is asked. */
  async function chunks(deltas: Body[], reason: string): Promise<AnswerEvent[]> {
    const lines = [...deltas.map((delta) => ({ choices: [{ delta }] })), { choices: [{ delta: {}, finish_reason: reason }] }];
    const body = `${lines.map((line) => `data: ${JSON.stringify(line)}\n\n`).join('')}data: [DONE]\n\n`;
    const events: AnswerEvent[] = [];
    const access = {
      key: null,
      baseUrl: 'https://host.example/v1',
      fetch: () => Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } })),
      signal: new AbortController().signal,
      refusedFields: [],
      onRefusedField: () => undefined,
    };
    for await (const event of compatibleProvider({ idleMs }).answer(access, question('m'))) events.push(event);
    return events;
  }
  const whole = (id: string | null, index: number | null, order: string) => ({
    ...(id === null ? {} : { id }),
    ...(index === null ? {} : { index }),
    type: 'function',
    function: { name: 'order_status', arguments: `{"order":"${order}"}` },
  });

  for (const [title, deltas] of [
    ['send each call whole, without a number', [{ tool_calls: [whole('a', null, '1')] }, { tool_calls: [whole('b', null, '2')] }]],
    ['give every call the number 0', [{ tool_calls: [whole('a', 0, '1'), whole('b', 0, '2')] }]],
    [
      'give an empty id with each later piece',
      [
        { tool_calls: [{ ...whole('a', 0, '1'), function: { name: 'order_status', arguments: '' } }] },
        { tool_calls: [{ index: 0, id: '', function: { arguments: '{"order":' } }] },
        { tool_calls: [{ index: 0, id: '', function: { name: '', arguments: '"1"}' } }] },
        { tool_calls: [whole('b', 1, '2')] },
      ],
    ],
    ['give neither number nor id', [{ tool_calls: [whole(null, null, '1')] }, { tool_calls: [whole(null, null, '2')] }]],
  ] as const) {
    it(`and ${title} are understood, also when they end with “stop”`, async () => {
      for (const reason of ['stop', 'tool_calls']) {
        const told = (await chunks([...deltas], reason)).find((event) => event.type === 'calls');
        assert.deepEqual(
          told?.calls.map(({ input }) => input),
          ['{"order":"1"}', '{"order":"2"}'],
        );
      }
    });
  }

  it('and sign their thinking get the signature back with the call, from the same model alone', async () => {
    const signed = { ...whole('a', 0, '1'), extra_content: { google: { thought_signature: 'Sg==' } } };
    const told = (await chunks([{ tool_calls: [signed] }], 'tool_calls')).find((event) => event.type === 'calls');
    assert.deepEqual(told?.kept, { model: 'm', blocks: [signed.extra_content] });
  });
});

describe('the built-in provider', () => {
  it('calls nothing: it has no model', async () => {
    const access = {
      key: null,
      baseUrl: null,
      fetch: () => Promise.reject(new Error('it reaches out')),
      signal: new AbortController().signal,
      refusedFields: [],
      onRefusedField: () => undefined,
    };
    for await (const event of quoteProvider.answer(access, question('quote'))) assert.notEqual(event.type, 'calls');
  });
});
