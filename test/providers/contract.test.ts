/** Every provider through the same situations: what provider.ts promises, whoever is on the other side. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { createOutbound, type Outbound } from '../../src/lib/outbound.ts';
import { Secret } from '../../src/lib/secret.ts';
import { anthropicProvider } from '../../src/providers/anthropic.ts';
import { compatibleProvider } from '../../src/providers/compatible.ts';
import { openaiProvider } from '../../src/providers/openai.ts';
import {
  chats,
  ProviderError,
  type AnswerEvent,
  type AnswerRequest,
  type Picture,
  type Provider,
  type ProviderAccess,
  type ProviderErrorKind,
  type Recording,
  type Turn,
} from '../../src/providers/provider.ts';
import { quoteProvider } from '../../src/providers/quote.ts';
import { anthropicSimulator } from '../simulators/anthropic.ts';
import type { AiOptions, AiSimulator, Fault } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { UNTAKEN } from '../simulators/openai-embeddings.ts';

/** Long enough for a busy machine to answer, short enough to wait for. */
const idleMs = 400;

interface Subject {
  provider: Provider;
  model: string;
  /** Null: nobody is on the other side. */
  far: ((options?: AiOptions) => Promise<AiSimulator>) | null;
  /** An optional field it sends for this model; null: it sends none. */
  optional: string | null;
  embeddings: string | null;
  /** A model that looks at no pictures. */
  blind: string;
  /** What writes down what was spoken. */
  hearing: string | null;
}

const subjects: Subject[] = [
  {
    provider: openaiProvider({ idleMs }),
    model: 'gpt-6-luna',
    far: openaiSimulator,
    optional: 'reasoning_effort',
    embeddings: 'text-embedding-3-small',
    blind: 'gpt-4',
    hearing: 'gpt-transcribe',
  },
  {
    provider: compatibleProvider({ idleMs }),
    model: 'mistral-small',
    far: (options) => openaiSimulator({ ...options, dialect: 'compatible' }),
    optional: 'stream_options',
    embeddings: 'mistral-embed',
    blind: 'deepseek-chat',
    hearing: 'whisper-large-v3',
  },
  {
    provider: anthropicProvider({ idleMs }),
    model: 'claude-haiku-5-5',
    far: anthropicSimulator,
    optional: 'thinking',
    embeddings: null,
    blind: 'claude-2.1',
    hearing: null,
  },
  { provider: quoteProvider, model: 'quote', far: null, optional: null, embeddings: null, blind: '', hearing: null },
];

/** How sound of each kind begins; that is all of it that the stand-ins listen to. */
const BEGINNINGS: Record<string, Uint8Array> = Object.fromEntries(
  Object.entries({
    'audio/ogg': 'OggS\0OpusHead',
    'audio/mpeg': 'ID3\x03',
    'audio/mp4': '\0\0\0\x20ftypM4A ',
    'audio/wav': 'RIFF\x24\0\0\0WAVE',
    'audio/flac': 'fLaC',
    'video/mp4': '\0\0\0\x20ftypisom',
    'video/webm': '\x1a\x45\xdf\xa3webm',
  }).map(([mime, begin]) => [mime, Buffer.from(begin.padEnd(3000, '.'), 'latin1')]),
);
const PICTURE: Picture = { id: 1, name: 'my cake.png', mime: 'image/png', bytes: Buffer.from('\x89PNG\r\n\x1a\n, a cake', 'latin1') };
const VOICE = BEGINNINGS['audio/ogg'] ?? Buffer.alloc(0);

const SUNDAY = 'On Sunday we are open from nine to five.';

function question(model: string, change: Partial<AnswerRequest> = {}): AnswerRequest {
  return {
    model,
    system: 'You answer for Café Aurora.',
    context: `[1] Opening hours: ${SUNDAY}`,
    turns: [{ role: 'user', text: 'Are you open on Sunday?' }],
    passages: [{ n: 1, title: 'Opening hours', path: '', text: SUNDAY, score: 0.8 }],
    language: 'en',
    maxTokens: 300,
    temperature: null,
    cacheKey: 'workspace-1-bot-1',
    ...change,
  };
}

async function all(events: AsyncIterable<AnswerEvent>): Promise<AnswerEvent[]> {
  const come: AnswerEvent[] = [];
  for await (const event of events) come.push(event);
  return come;
}

const textOf = (events: AnswerEvent[]) => events.map((event) => (event.type === 'delta' ? event.text : '')).join('');

/** What can go wrong with a call that isn't an answer. */
const ASIDE_FAILURES: [Fault, ProviderErrorKind][] = [
  ['wrong-key', 'wrong-key'],
  ['no-credit', 'no-credit'],
  ['no-model', 'no-model'],
  ['rate', 'rate'],
  ['overloaded', 'overloaded'],
  ['html', 'broken'],
  ['malformed', 'broken'],
  ['cut-socket', 'unreachable'],
  ['no-headers', 'silent'],
];

for (const { provider, model, far, optional, embeddings, blind, hearing } of subjects) {
  describe(`the provider ${provider.id}`, () => {
    let outbound: Outbound;
    let simulator: AiSimulator | null;
    let refused: string[];

    beforeEach(async () => {
      outbound = createOutbound({ allowPrivate: true });
      simulator = far ? await starting() : null;
      refused = [];
    });

    afterEach(async () => {
      await outbound.close();
      await simulator?.close();
    });

    const starting = (options?: AiOptions) => far?.(options) ?? assert.fail('nobody is on the other side');

    const access = (change: Partial<ProviderAccess> = {}): ProviderAccess => ({
      key: simulator?.key ? new Secret(simulator.key) : null,
      baseUrl: simulator?.url ?? null,
      fetch: simulator ? outbound.to(simulator.url) : () => Promise.reject(new Error('quote reaches out')),
      signal: new AbortController().signal,
      refusedFields: refused,
      onRefusedField: (field) => void refused.push(field),
      ...change,
    });

    const ask = (change: Partial<AnswerRequest> = {}, using: Partial<ProviderAccess> = {}) =>
      all(provider.answer(access(using), question(model, change)));

    /** A situation that needs somebody on the other side. */
    const withFar = (title: string, act: (far: AiSimulator) => Promise<void>) => {
      if (!far) return;
      it(title, async () => {
        if (!simulator) throw new Error('no stand-in was started');
        await act(simulator);
      });
    };
    if (!far) it.skip(`everything a far side can do wrong (skipped: ${provider.id} has nobody on the other side)`);

    async function fails(kind: ProviderErrorKind, act: () => Promise<unknown>): Promise<ProviderError> {
      let caught: unknown;
      await assert.rejects(act, (error) => ((caught = error), true));
      assert.ok(caught instanceof ProviderError, inspect(caught));
      assert.equal(caught.kind, kind, caught.message);
      assert.match(caught.says, /\w \w.*[.]$/s, 'says what happened in sentences');
      assert.ok(!simulator?.key || !inspect(caught, { depth: 9 }).includes(simulator.key), 'an error holds the key');
      return caught;
    }

    it('lists its models, telling those that embed and those that hear from those that chat', async () => {
      const models = await provider.check(access());
      assert.ok(models.some((each) => each.id === model && chats(each)));
      assert.deepEqual(
        models.filter(({ embeds }) => embeds).map(({ id }) => id),
        embeddings ? [embeddings] : [],
      );
      assert.deepEqual(
        models.filter(({ hears }) => hears).map(({ id }) => id),
        hearing ? [hearing] : [],
      );
      assert.ok(!models.some(({ id }) => /diarize|pro/.test(id)));
    });

    it('answers in pieces, then tells its tokens, then ends, once', async () => {
      if (simulator) simulator.says = `Yes. ${SUNDAY} Grüße 🥐`;
      const events = await ask();
      assert.ok(textOf(events).includes(SUNDAY));
      assert.deepEqual(
        events.slice(-2).map(({ type }) => type),
        ['usage', 'end'],
      );
      assert.equal(events.filter(({ type }) => type === 'end').length, 1);
      assert.deepEqual(events.at(-1), { type: 'end', reason: 'stop' });
      if (simulator) assert.equal(textOf(events), `Yes. ${SUNDAY} Grüße 🥐`);
    });

    it('takes turns as conversations have them: a greeting first, two in a row, an empty one', async () => {
      const turns = [
        { role: 'assistant' as const, text: 'Welcome to Café Aurora' },
        { role: 'user' as const, text: 'Hello' },
        { role: 'user' as const, text: 'are you there?' },
        { role: 'assistant' as const, text: 'Yes.' },
        { role: 'assistant' as const, text: '' },
        { role: 'user' as const, text: 'Are you open on Sunday?' },
      ];
      assert.notEqual(textOf(await ask({ turns })), '');
      const sent = simulator?.calls[0]?.body['messages'] as { role: string; content: string }[] | undefined;
      if (sent)
        assert.deepEqual(
          sent.filter(({ role }) => role !== 'system').map(({ content }) => content),
          ['Hello\n\nare you there?', 'Yes.', 'Are you open on Sunday?'],
        );
    });

    it('throws the reason of a signal that was aborted before', async () => {
      const reason = new Error('a person took over');
      await assert.rejects(ask({}, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
    });

    withFar('lets go of the connection when aborted in mid-answer, and throws the reason', async (far) => {
      const abort = new AbortController();
      const reason = new Error('a newer message came');
      far.fail('hang');
      const events = provider.answer(access({ signal: abort.signal }), question(model))[Symbol.asyncIterator]();
      assert.equal((await events.next()).value.type, 'delta');
      setImmediate(() => abort.abort(reason));
      await assert.rejects(events.next(), (error) => error === reason);
      await until(() => far.abandoned === 1);
    });

    withFar('lets go of the connection when nobody reads on', async (far) => {
      far.fail('hang');
      for await (const event of provider.answer(access(), question(model))) if (event.type === 'delta') break;
      await until(() => far.abandoned === 1);
    });

    const failures: [Fault, ProviderErrorKind, RegExp][] = [
      ['wrong-key', 'wrong-key', /key/],
      ['forbidden', 'wrong-key', /permissions/],
      ['no-credit', 'no-credit', /credit/],
      ['no-model', 'no-model', /no model/],
      ['rate', 'rate', /moment/],
      ['server-error', 'overloaded', /overloaded or down/],
      ['overloaded', 'overloaded', /overloaded or down/],
      ['html', 'broken', /web page.*base URL/],
      ['cut-socket', 'broken', /broke off/],
      ['cut-clean', 'broken', /broke off/],
      ['hang', 'silent', /middle of an answer/],
      ['no-headers', 'silent', /didn’t answer in time/],
      ['malformed', 'broken', /no answer/],
      ['error-in-stream', 'overloaded', /overloaded or down/],
    ];
    for (const [fault, kind, says] of failures) {
      withFar(`says ${kind} for ${fault}, and asks once`, async (far) => {
        far.fail(fault);
        const error = await fails(kind, () => ask());
        assert.match(error.says, says);
        far.says = 'Asked again.';
        assert.equal(textOf(await ask()), 'Asked again.', 'a second call was made by itself');
      });
    }

    for (const fault of ['wrong-key', 'no-credit', 'server-error', 'html', 'rate'] as const) {
      withFar(`says what is wrong when its key is checked: ${fault}`, async (far) => {
        far.fail(fault);
        await fails(fault === 'html' ? 'broken' : fault === 'server-error' ? 'overloaded' : fault, () => provider.check(access()));
      });
    }

    withFar('tells how long to wait, in seconds or until a date', async (far) => {
      far.retryAfter = '3';
      far.fail('rate');
      assert.equal((await fails('rate', () => ask())).retryAfter, 3000);
      far.retryAfter = new Date(Date.now() + 60_000).toUTCString();
      far.fail('rate');
      const { retryAfter = 0 } = await fails('rate', () => ask());
      assert.ok(retryAfter > 55_000 && retryAfter <= 61_000, String(retryAfter));
    });

    withFar('refuses a key that is not the one', async () => {
      await fails('wrong-key', () => ask({}, { key: new Secret('sk-another-key-that-nobody-knows') }));
    });

    withFar('names a model that the key doesn’t open', async () => {
      const error = await fails('no-model', () => ask({ model: 'gone-model-9' }));
      assert.match(error.says, /gone-model-9/);
    });

    withFar('says that a host is not reachable', async (far) => {
      await far.close();
      const error = await fails('unreachable', () => ask());
      assert.match(error.says, /Nothing answers at 127\.0\.0\.1/);
      await fails('unreachable', () => provider.check(access()));
    });

    withFar('takes an answer whose end was cut off after its stop reason', async (far) => {
      far.fail('cut-after-stop');
      assert.deepEqual((await ask()).at(-1), { type: 'end', reason: 'stop' });
    });

    withFar('tells the model’s own refusal, and an answer that was cut for length', async (far) => {
      far.fail('refusal');
      assert.deepEqual((await ask()).at(-1), { type: 'end', reason: 'refused' });
      far.fail('too-long');
      assert.deepEqual((await ask()).at(-1), { type: 'end', reason: 'length' });
    });

    withFar('takes an answer without a word for none', async (far) => {
      far.says = '';
      await fails('broken', () => ask());
    });

    withFar('counts tokens that came from the cache, the prefix being the same to the byte', async (far) => {
      const system = `You answer for Café Aurora. ${'Be kind. '.repeat(700)}`;
      const first = await ask({ system });
      const second = await ask({ system, context: '[1] Something else', turns: [{ role: 'user', text: 'And on Monday?' }] });
      const usageOf = (events: AnswerEvent[]) => events.find((event) => event.type === 'usage')?.usage;
      assert.equal(usageOf(first)?.cachedTokens, 0);
      assert.ok((usageOf(second)?.cachedTokens ?? 0) >= 1024);
      assert.ok((usageOf(second)?.inputTokens ?? 0) > (usageOf(second)?.cachedTokens ?? 0));
      assert.ok((usageOf(second)?.outputTokens ?? 0) > 0);
      assert.equal(far.calls.length, 2);
    });

    withFar('keeps its connection for the next answer', async (far) => {
      for (let n = 0; n < 6; n++) await ask();
      // The last byte of an answer may come after the next question has gone out by a second one.
      assert.ok(far.connections <= 2, String(far.connections));
    });

    if (embeddings === null) it('embeds nothing, and says so', () => assert.equal(provider.embedder, null));
    else embeds(embeddings);

    function embeds(embeddingModel: string): void {
      const vectorsOf = (texts: string[], using: Partial<ProviderAccess> = {}, model = embeddingModel) =>
        provider.embedder?.embed(access(using), { model, texts, purpose: 'passage' }) ?? assert.fail('it embeds nothing');
      const nearness = (a: Float32Array, b: Float32Array) =>
        a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0) / Math.hypot(...a) / Math.hypot(...b);

      withFar('turns texts into vectors by meaning, in their order, and counts their tokens', async () => {
        const texts = ['Are you open on Sunday?', 'The cake is vegan.', 'Sonntags haben wir geöffnet.'];
        const { vectors, tokens } = await vectorsOf(texts);
        const [sunday, cake, sonntag] = vectors as [Float32Array, Float32Array, Float32Array];
        assert.equal(vectors.length, 3);
        assert.ok(nearness(sunday, sonntag) > nearness(cake, sonntag) + 0.2, 'the order of the answer is not that of the texts');
        assert.equal(
          tokens,
          texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0),
        );
      });

      withFar('takes as many texts at once as it says', async () => {
        const { texts, tokens } = provider.embedder ?? assert.fail();
        const one = 'x'.repeat(Math.floor((4 * tokens) / texts));
        assert.equal((await vectorsOf(Array.from({ length: texts }, () => one))).vectors.length, texts);
      });

      for (const [fault, kind] of ASIDE_FAILURES) {
        withFar(`says ${kind} for ${fault} when it embeds, and asks once`, async (far) => {
          far.fail(fault);
          await fails(kind, () => vectorsOf(['Open on Sunday.']));
          assert.equal((await vectorsOf(['Open on Sunday.'])).vectors.length, 1);
        });
      }

      withFar('names a model that embeds nothing, and a text that is refused', async () => {
        await fails('no-model', () => vectorsOf(['Open.'], {}, 'gone-model-9'));
        await fails('refused', () => vectorsOf([UNTAKEN]));
      });

      withFar('lets go of the call when it is aborted', async (far) => {
        const stop = new AbortController();
        far.embedMs = 300;
        const asked = vectorsOf(['Open.'], { signal: stop.signal });
        setTimeout(() => stop.abort(new Error('not wanted any more')), 20);
        await assert.rejects(asked, /not wanted any more/);
      });

      withFar('embeds without a format that a host refuses', async (far) => {
        far.refuse('encoding_format');
        assert.equal((await vectorsOf(['Open.'])).vectors.length, 1);
        assert.deepEqual(refused, [`encoding_format@${embeddingModel}`]);
      });
    }

    withFar('shows pictures with the words of their turn, whole and in their order, and to nobody else', async (far) => {
      far.says = 'A cake.';
      const turns: Turn[] = [
        {
          role: 'user',
          text: 'What is this?',
          pictures: [PICTURE, { ...PICTURE, id: 2, mime: 'image/jpeg', bytes: Buffer.from('\xff\xd8\xff\xe0', 'latin1') }],
        },
        { role: 'assistant', text: 'A cake.' },
        { role: 'user', text: '', pictures: [PICTURE] },
        { role: 'user', text: 'And this?' },
      ];
      assert.equal(textOf(await ask({ turns })), 'A cake.');
      const sent = JSON.stringify(far.calls.at(-1)?.body);
      const places = [PICTURE.bytes, Buffer.from('\xff\xd8\xff\xe0', 'latin1')].map((bytes) =>
        sent.indexOf(Buffer.from(bytes).toString('base64')),
      );
      assert.ok((places[0] ?? -1) > 0 && (places[1] ?? -1) > (places[0] ?? 0) && (places[1] ?? 0) < sent.indexOf('What is this?'), sent);
      assert.ok(!sent.includes(PICTURE.name), 'the name that its sender gave it goes along');
    });

    withFar('refuses a picture that is none, and says of a model that sees nothing that it does', async (far) => {
      const show = (change: Partial<Picture>) =>
        ask({ turns: [{ role: 'user', text: 'What is this?', pictures: [{ ...PICTURE, ...change }] }] });
      await fails('refused', () => show({ bytes: Buffer.from('<svg>') }));
      await far.close();
      simulator = await starting({ models: [blind] });
      const turns: Turn[] = [{ role: 'user', text: 'What is this?', pictures: [PICTURE] }];
      await fails('no-sight', () => ask({ model: blind, turns }));
    });

    if (hearing === null) it('hears nothing, and says so', () => assert.equal(provider.transcriber, null));
    else hears(hearing);

    function hears(hearingModel: string): void {
      const hear = (change: Partial<Recording> = {}, using: Partial<ProviderAccess> = {}) =>
        provider.transcriber?.transcribe(access(using), { model: hearingModel, mime: 'audio/ogg', bytes: VOICE, ...change }) ??
        assert.fail('it hears nothing');

      withFar('writes down what was spoken, sends nothing of its sender’s but the sound, and tells what it counted', async (far) => {
        far.hears = '  Do you have vegan cake? \n';
        const { text, usage } = await hear();
        assert.equal(text, 'Do you have vegan cake?');
        assert.ok(usage && usage.inputTokens > 0, inspect(usage));
        const [sent, ...more] = far.heard;
        assert.deepEqual([sent?.model, sent?.name, sent?.type, more.length], [hearingModel, 'voice.ogg', 'audio/ogg', 0]);
        assert.deepEqual(sent?.bytes, Buffer.from(VOICE));
      });

      withFar('takes every kind of sound that it says it takes, under the name that tells it', async (far) => {
        for (const mime of provider.transcriber?.takes ?? []) await hear({ mime, bytes: BEGINNINGS[mime] ?? assert.fail(mime) });
        assert.deepEqual(far.heard.length, provider.transcriber?.takes.length);
      });

      it('chooses a model of the key that hears', () => {
        const list = [{ id: 'other' }, { id: hearingModel, hears: true }];
        assert.equal(provider.transcriber?.modelOf(list), hearingModel);
      });

      for (const [fault, kind] of ASIDE_FAILURES) {
        withFar(`says ${kind} for ${fault} when it hears, and asks once`, async (far) => {
          far.fail(fault);
          await fails(kind, () => hear());
          assert.equal((await hear()).text, far.hears);
        });
      }

      withFar('refuses what is no sound, and names a model that isn’t there', async () => {
        await fails('refused', () => hear({ bytes: Buffer.from('<html>not a voice note</html>') }));
        await fails('no-model', () => hear({ model: 'gone-9' }));
      });

      withFar('lets go of a recording when it is aborted', async (far) => {
        const stop = new AbortController();
        far.hearMs = 300;
        const asked = hear({}, { signal: stop.signal });
        setTimeout(() => stop.abort(new Error('not wanted any more')), 20);
        await assert.rejects(asked, /not wanted any more/);
      });
    }

    if (optional !== null) {
      withFar('leaves out an optional field that a host refuses, and remembers it by model', async (far) => {
        far.refuse(optional);
        far.says = 'Without it.';
        assert.equal(textOf(await ask()), 'Without it.');
        assert.deepEqual(refused, [`${optional}@${model}`]);
        assert.deepEqual(
          far.calls.map(({ body }) => optional in body),
          [true, false],
        );
        await ask();
        assert.deepEqual(
          far.calls.map(({ body }) => optional in body),
          [true, false, false],
        );
      });
    }
  });
}

/** Waits for what happens on the other side of a socket. */
async function until(happened: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !happened(); n++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(happened());
}
