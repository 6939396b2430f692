/** What exactly is sent, host by host. */
import assert from 'node:assert/strict';
import { createOutbound, type Outbound } from '../../src/lib/outbound.ts';
import { Secret } from '../../src/lib/secret.ts';
import { anthropicProvider } from '../../src/providers/anthropic.ts';
import { compatibleProvider } from '../../src/providers/compatible.ts';
import { openaiProvider } from '../../src/providers/openai.ts';
import type { AnswerRequest, Provider, ProviderAccess } from '../../src/providers/provider.ts';
import { anthropicSimulator } from '../simulators/anthropic.ts';
import type { AiSimulator, Body } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';

const idleMs = 2000;
const openai = openaiProvider({ idleMs });
const compatible = compatibleProvider({ idleMs });
const anthropic = anthropicProvider({ idleMs });

const request: AnswerRequest = {
  model: 'gpt-6-luna',
  system: 'You answer for Café Aurora.',
  context: '[1] Open from nine to five.',
  turns: [{ role: 'user', text: 'Are you open?' }],
  passages: [],
  language: 'en',
  maxTokens: 300,
  temperature: 0.3,
  cacheKey: 'workspace-1-bot-1',
};

describe('what is sent', () => {
  let outbound: Outbound;
  const opened: AiSimulator[] = [];

  beforeEach(() => {
    outbound = createOutbound({ allowPrivate: true });
  });

  afterEach(async () => {
    await outbound.close();
    for (const simulator of opened.splice(0)) await simulator.close();
  });

  async function started(simulator: Promise<AiSimulator>): Promise<AiSimulator> {
    const one = await simulator;
    opened.push(one);
    return one;
  }

  function access(simulator: AiSimulator, change: Partial<ProviderAccess> = {}): ProviderAccess {
    return {
      key: simulator.key === null ? null : new Secret(simulator.key),
      baseUrl: simulator.url,
      fetch: outbound.to(simulator.url),
      signal: new AbortController().signal,
      refusedFields: [],
      onRefusedField: () => undefined,
      ...change,
    };
  }

  async function sent(
    provider: Provider,
    simulator: AiSimulator,
    change: Partial<AnswerRequest> = {},
    using: Partial<ProviderAccess> = {},
  ): Promise<Body> {
    for await (const event of provider.answer(access(simulator, using), { ...request, ...change })) assert.ok(event.type);
    return simulator.calls.at(-1)?.body ?? {};
  }

  /** A host by name, which the stand-in plays. */
  function playing(simulator: AiSimulator, baseUrl: string): Partial<ProviderAccess> {
    return { baseUrl, fetch: (url, init) => outbound.to(simulator.url)(String(url).replace(baseUrl, simulator.url), init) };
  }

  it('asks OpenAI to store nothing, and names no person', async () => {
    const body = await sent(openai, await started(openaiSimulator()));
    assert.deepEqual(body, {
      model: 'gpt-6-luna',
      messages: [
        { role: 'system', content: 'You answer for Café Aurora.\n\n[1] Open from nine to five.' },
        { role: 'user', content: 'Are you open?' },
      ],
      stream: true,
      stream_options: { include_usage: true },
      store: false,
      max_completion_tokens: 300,
      prompt_cache_key: 'workspace-1-bot-1',
      reasoning_effort: 'none',
      temperature: 0.3,
    });
  });

  it('gives models that must reason room for it, and those that don’t no such field', async () => {
    const simulator = await started(openaiSimulator({ models: ['gpt-5-mini', 'gpt-4.1-mini', 'o4-mini', 'gpt-5.2-chat-latest'] }));
    const effort = async (model: string) => {
      const { reasoning_effort, max_completion_tokens } = await sent(openai, simulator, { model, temperature: null });
      return [reasoning_effort, max_completion_tokens];
    };
    assert.deepEqual(await effort('gpt-5-mini'), ['minimal', 2348]);
    assert.deepEqual(await effort('o4-mini'), ['low', 2348]);
    assert.deepEqual(await effort('gpt-4.1-mini'), [undefined, 300]);
    assert.deepEqual(await effort('gpt-5.2-chat-latest'), [undefined, 300]);
  });

  it('leaves the temperature out where a model doesn’t take it', async () => {
    const refused: string[] = [];
    const body = await sent(
      openai,
      await started(openaiSimulator()),
      { model: 'gpt-5-mini' },
      { onRefusedField: (field) => void refused.push(field) },
    );
    assert.equal('temperature' in body, false);
    assert.deepEqual(refused, ['temperature@gpt-5-mini']);
  });

  it('sends compatible hosts the plain fields alone', async () => {
    const body = await sent(compatible, await started(openaiSimulator({ dialect: 'compatible' })), { model: 'mistral-small' });
    assert.deepEqual(Object.keys(body).sort(), ['max_tokens', 'messages', 'model', 'stream', 'stream_options', 'temperature']);
  });

  it('calls the limit by its other name where a host wants that', async () => {
    const body = await sent(compatible, await started(openaiSimulator()), { temperature: null });
    assert.equal(body['max_completion_tokens'], 300);
    assert.equal('max_tokens' in body, false);
  });

  it('sends no key where there is none', async () => {
    const simulator = await started(openaiSimulator({ dialect: 'compatible', key: null }));
    await sent(compatible, simulator, { model: 'mistral-small' });
    assert.equal(simulator.calls[0]?.headers.authorization, undefined);
  });

  it('tells OpenRouter to use hosts that keep nothing, and nobody else', async () => {
    const simulator = await started(openaiSimulator({ models: ['mistral-small'] }));
    simulator.refuse('nothing');
    const bodies: Body[] = [];
    const on = (baseUrl: string): Partial<ProviderAccess> => ({
      baseUrl,
      fetch: (_url, init) => {
        bodies.push(JSON.parse(String(init?.body)) as Body);
        return Promise.reject(new TypeError('no network'));
      },
    });
    for (const baseUrl of [
      'https://openrouter.ai/api/v1',
      'https://openrouter.ai.evil.example/api/v1',
      'https://cafe.openai.azure.com/openai/v1',
      'https://api.mistral.ai/v1',
    ]) {
      await assert.rejects(sent(compatible, simulator, { model: 'mistral-small' }, on(baseUrl)));
    }
    assert.deepEqual(
      bodies.map(({ provider, store }) => [provider, store]),
      [
        [{ data_collection: 'deny', zdr: true }, undefined],
        [undefined, undefined],
        [undefined, false],
        [undefined, undefined],
      ],
    );
  });

  it('asks OpenRouter about the key itself, since it lists its models to everybody', async () => {
    const simulator = await started(openaiSimulator({ models: ['mistral-small'] }));
    const asked: string[] = [];
    const { fetch, baseUrl } = playing(simulator, 'https://openrouter.ai/api/v1');
    const watching: ProviderAccess['fetch'] = (url, init) => {
      asked.push(String(url));
      if (String(url).endsWith('/key'))
        return Promise.resolve(Response.json({ error: { message: 'User not found.', code: 401 } }, { status: 401 }));
      return fetch ? fetch(url, init) : Promise.reject(new Error('no fetch'));
    };
    await assert.rejects(compatible.check(access(simulator, { baseUrl: baseUrl ?? null, fetch: watching })), /wrong-key/);
    assert.deepEqual(asked, ['https://openrouter.ai/api/v1/key']);
  });

  it('asks OpenAI for short vectors in a short form, and other hosts for what all of them have', async () => {
    const simulator = await started(openaiSimulator({ models: ['text-embedding-3-large', 'text-embedding-ada-002'] }));
    const plain = await started(openaiSimulator({ dialect: 'compatible', models: ['multilingual-e5-embed', 'mistral-embed'] }));
    const embedded = async (provider: Provider, far: AiSimulator, model: string, purpose: 'passage' | 'question') => {
      await provider.embedder?.embed(access(far), { model, texts: ['Open.'], purpose });
      return far.embedded.at(-1);
    };
    const input = ['Open.'];
    assert.deepEqual(await embedded(openai, simulator, 'text-embedding-3-large', 'passage'), {
      model: 'text-embedding-3-large',
      input,
      encoding_format: 'base64',
      dimensions: 1024,
    });
    assert.deepEqual(await embedded(openai, simulator, 'text-embedding-ada-002', 'question'), {
      model: 'text-embedding-ada-002',
      input,
      encoding_format: 'base64',
    });
    assert.deepEqual(await embedded(compatible, plain, 'mistral-embed', 'question'), {
      model: 'mistral-embed',
      input,
      encoding_format: 'float',
    });
    assert.deepEqual((await embedded(compatible, plain, 'multilingual-e5-embed', 'question'))?.['input'], ['query: Open.']);
    assert.deepEqual((await embedded(compatible, plain, 'multilingual-e5-embed', 'passage'))?.['input'], ['passage: Open.']);
  });

  it('marks the end of Anthropic’s stable prefix, sends the rest after it, and no temperature', async () => {
    const body = await sent(anthropic, await started(anthropicSimulator()), { model: 'claude-sonnet-4-6' });
    assert.deepEqual(body, {
      model: 'claude-sonnet-4-6',
      max_tokens: 300,
      system: [
        { type: 'text', text: 'You answer for Café Aurora.', cache_control: { type: 'ephemeral' } },
        { type: 'text', text: '[1] Open from nine to five.' },
      ],
      messages: [{ role: 'user', content: 'Are you open?' }],
      stream: true,
    });
  });

  it('turns Anthropic’s thinking off where it can be, and gives it room where it can’t', async () => {
    const simulator = await started(
      anthropicSimulator({ models: ['claude-haiku-5-5', 'claude-sonnet-5-5', 'claude-opus-5', 'claude-opus-5-5', 'claude-fable-5-1'] }),
    );
    const thinking = async (model: string) => {
      const body = await sent(anthropic, simulator, { model });
      return [body['thinking'] ?? body['output_config'], body['max_tokens']];
    };
    assert.deepEqual(await thinking('claude-haiku-5-5'), [{ type: 'disabled' }, 300]);
    assert.deepEqual(await thinking('claude-opus-5'), [{ type: 'disabled' }, 300]);
    assert.deepEqual(await thinking('claude-sonnet-5-5'), [{ type: 'between_tools' }, 300]);
    assert.deepEqual(await thinking('claude-opus-5-5'), [{ effort: 'low' }, 2348]);
    assert.deepEqual(await thinking('claude-fable-5-1'), [{ effort: 'low' }, 2348]);
    assert.equal(simulator.calls.length, 5, 'none was refused');
  });

  it('shows no reasoning that a model writes into its answer', async () => {
    const simulator = await started(openaiSimulator({ dialect: 'compatible' }));
    const answer = async (text: string) => {
      simulator.says = text;
      let shown = '';
      for await (const event of compatible.answer(access(simulator), { ...request, model: 'mistral-small' }))
        if (event.type === 'delta') shown += event.text;
      return shown;
    };
    assert.equal(await answer('<think> The customer asks\nabout Sunday. </think>\n\nYes, we are open.'), 'Yes, we are open.');
    assert.equal(await answer('Yes <think> is no tag here.'), 'Yes <think> is no tag here.');
    assert.equal(await answer('<b>Yes</b>'), '<b>Yes</b>');
    await assert.rejects(answer('<think> and never an answer'), /broken/);
  });
});
