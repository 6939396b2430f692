/** Every channel in the same situations. One that can't come into a situation says why. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { DeliveryError, type Channel, type ChannelAccess, type ChannelEvent } from '../../src/channels/channel.ts';
import { telegram } from '../../src/channels/telegram/index.ts';
import { widget } from '../../src/channels/widget/index.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createOutbound, type Outbound } from '../../src/lib/outbound.ts';
import { splitText } from '../../src/lib/text.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';

type Situation = 'sends' | 'blocked' | 'rate' | 'cut' | 'absent' | 'revoked' | 'broken-markup' | 'batches';

/** One channel with its far side. */
interface Rig {
  channel: Channel;
  secret: string;
  thread: string;
  /** A body with three messages and something unknown between them, and the texts of the messages. */
  batch: { body: unknown; texts: string[] };
  access(more?: Partial<ChannelAccess>): ChannelAccess;
  /** Makes the next send fail like this. */
  cause(situation: 'blocked' | 'rate' | 'cut' | 'revoked'): void;
  /** What the customer has read, in order. */
  read(): string[];
  /** Resolves once the far side has a send in hand that it doesn't answer. */
  holdNextSend(): Promise<void>;
  /** The far side is gone: nothing answers at its address. */
  leave(): Promise<void>;
  end(): Promise<void>;
}

interface Kind {
  kind: string;
  skips: Partial<Record<Situation, string>>;
  start(): Promise<Rig>;
}

const unsent = 'nothing is sent to a visitor: their page reads what is stored';

const kinds: Kind[] = [
  { kind: 'telegram', skips: {}, start: startTelegram },
  {
    kind: 'widget',
    skips: {
      ...{ sends: unsent, blocked: unsent, rate: unsent, cut: unsent, absent: unsent, revoked: unsent, 'broken-markup': unsent },
      batches: 'a visitor’s message comes in by its own route, one at a time',
    },
    start: startWidget,
  },
];

for (const { kind, skips, start } of kinds) {
  describe(`the contract of a channel: ${kind}`, () => {
    let rig: Rig;
    beforeEach(async () => void (rig = await start()));
    afterEach(() => rig.end());

    const situation = (name: Situation, title: string, test: () => Promise<void> | void) => {
      const reason = skips[name];
      if (reason === undefined) it(title, test);
      else it.skip(`${title} (skipped: ${reason})`);
    };
    const send = (text: string, more: Partial<ChannelAccess> = {}) => rig.channel.send(rig.access(more), { thread: rig.thread, recipient: rig.thread, reference: 'ref-1', kind: 'text', text });
    const refusal = async (act: Promise<unknown>): Promise<DeliveryError> => {
      const error = await act.then(() => assert.fail('it went through'), (thrown: unknown) => thrown);
      assert.ok(error instanceof DeliveryError, inspect(error));
      assert.match(error.says, /^[A-Z][^!{<]*\.$/, 'it is said in a plain sentence');
      assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), new RegExp(rig.secret), 'no secret is in the error');
      return error;
    };

    situation('batches', 'reads every message of a body, in order, and keeps what it doesn’t know', () => {
      const events = rig.channel.parse(rig.batch.body);
      assert.deepEqual(events.flatMap(textOf), rig.batch.texts);
      assert.ok(events.some((event) => event.type === 'unrecognised'));
    });

    it('never throws at a shape it doesn’t know', () => {
      fc.assert(
        fc.property(fc.option(fc.jsonValue(), { nil: undefined }), (body) => {
          for (const event of rig.channel.parse(body)) if (event.type === 'unrecognised') assert.equal(typeof event.body, 'string');
        }),
        { numRuns: 300 },
      );
    });

    situation('batches', 'never throws at a body whose parts were swapped for anything', () => {
      fc.assert(
        fc.property(fc.jsonValue(), fc.nat(), (value, at) => {
          const spoiled = spoil(structuredClone(rig.batch.body), value, at);
          assert.ok(Array.isArray(rig.channel.parse(spoiled)));
        }),
        { numRuns: 300 },
      );
    });

    situation('sends', 'sends a text and gives the far side’s own id of it', async () => {
      const sent = await send('We open at nine.');
      assert.equal(sent.state, 'sent');
      assert.match(sent.externalId ?? '', /./);
      assert.deepEqual(rig.read(), ['We open at nine.']);
    });

    situation('sends', 'sends emoji, right-to-left and mixed text as they are', async () => {
      const texts = ['👩‍👩‍👧‍👦🇩🇪 🥐', 'نفتح الساعة ٩ صباحًا (Café Aurora)', 'שלום, 5 < 6 & 7 > 3', 'a_b*c [d](e) `f', '\\ {} # + - = | .'];
      for (const text of texts) await send(text);
      assert.equal(rig.read().join('\n').replace(/[*_`\\]/g, ''), texts.join('\n').replace(/[*_`\\]/g, '').replace('[d](e)', 'd'));
    });

    situation('sends', 'takes every part of a long text that was split by its limits, and loses nothing', async () => {
      const { textLength, textUnit } = rig.channel.limits;
      const text = 'Wir backen jeden Morgen frisch, auch am Sonntag 🥐. '.repeat(300);
      const parts = splitText(text, { length: textLength, unit: textUnit });
      assert.ok(parts.length > 1);
      for (const part of parts) await send(part);
      assert.equal(rig.read().join('').replace(/\s/g, ''), text.replace(/\s/g, ''));
    });

    situation('broken-markup', 'sends any text, whatever marks it holds', async () => {
      const marks = fc.array(fc.constantFrom('**', '*', '_', '`', '```\n', '[', '](', ')', '<b>', '</b>', '&', '~~', '> ', '- ', '1. ', '# ', '\n', 'word', ' '), { minLength: 1, maxLength: 25 });
      await fc.assert(
        fc.asyncProperty(marks, async (pieces) => {
          const text = `x${pieces.join('')}`;
          assert.equal((await send(text)).state, 'sent');
        }),
        { numRuns: 60 },
      );
    });

    situation('blocked', 'a customer who can’t be reached is a permanent failure', async () => {
      rig.cause('blocked');
      const error = await refusal(send('Hello'));
      assert.deepEqual([error.outcome, error.permanent, error.account], ['not-sent', true, false]);
    });

    situation('rate', 'a rate limit says how long to wait, and nothing was sent', async () => {
      rig.cause('rate');
      const error = await refusal(send('Hello'));
      assert.deepEqual([error.outcome, error.permanent, error.retryAfter], ['not-sent', false, 7000]);
      assert.deepEqual(rig.read(), []);
    });

    situation('cut', 'a connection that was cut after the text went out leaves the outcome unknown', async () => {
      rig.cause('cut');
      const error = await refusal(send('Hello'));
      assert.deepEqual([error.outcome, error.permanent], ['unknown', false]);
      assert.deepEqual(rig.read(), ['Hello'], 'it did arrive, which nobody here can know');
    });

    situation('absent', 'where nothing answers it is certain that nothing was sent', async () => {
      await rig.leave();
      const error = await refusal(send('Hello'));
      assert.deepEqual([error.outcome, error.permanent, error.account], ['not-sent', false, false]);
    });

    situation('revoked', 'an account that was revoked is said of the account, by each call', async () => {
      rig.cause('revoked');
      assert.equal((await refusal(send('Hello'))).account, true);
      assert.equal((await refusal(rig.channel.health(rig.access()))).account, true);
      assert.equal((await refusal(rig.channel.connect(rig.access()))).account, true);
      await rig.channel.disconnect(rig.access());
      await rig.channel.typing?.(rig.access(), rig.thread);
    });

    situation('sends', 'an abort before the send sends nothing; during it the outcome is unknown', async () => {
      const early = await refusal(send('Hello', { signal: AbortSignal.abort() }));
      assert.equal(early.outcome, 'not-sent');
      const abort = new AbortController();
      const held = rig.holdNextSend();
      const sending = refusal(send('Hello', { signal: abort.signal }));
      await held;
      abort.abort();
      assert.equal((await sending).outcome, 'unknown');
    });

    it('connects to its account, and is well', async () => {
      assert.match((await rig.channel.connect(rig.access())).name, /./);
      await rig.channel.health(rig.access());
      await rig.channel.disconnect(rig.access());
    });

    it('marks which settings are secret, and refuses a setting it doesn’t know', () => {
      assert.equal(rig.channel.settings.safeParse({ ...rig.access().settings, other: 1 }).success, false);
      for (const [name, field] of Object.entries(rig.channel.settings.shape)) {
        if (/token|secret|key|password/i.test(name)) assert.equal((field as { meta(): { secret?: boolean } | undefined }).meta()?.secret, true);
      }
    });
  });
}

function textOf(event: ChannelEvent): string[] {
  return event.type === 'message' ? event.parts.flatMap((part) => part.text ?? []) : [];
}

/** Puts `value` somewhere into a body. */
function spoil(body: unknown, value: unknown, at: number): unknown {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, child] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk(child);
    }
  };
  walk(body);
  const place = places[at % Math.max(places.length, 1)];
  if (place) place[0][place[1]] = value;
  return body;
}

async function startTelegram(): Promise<Rig> {
  const far = await new TelegramSimulator().start();
  const outbound: Outbound = createOutbound({ allowPrivate: true });
  const ayse = { chat: 501, name: 'Ayşe Demir' };
  const texts = ['Hi', 'Are you open on Sunday?', 'And on Monday?'];
  const messages = texts.map((text) => far.say(ayse, text));
  const body = [messages[0], { update_id: 900, poll_answer: { poll_id: '1' } }, messages[1], messages[2]];
  return {
    channel: telegram,
    secret: far.token.slice(-20),
    thread: String(ayse.chat),
    batch: { body, texts },
    access: (more = {}) => ({ channelId: 1, settings: { token: far.token }, state: null, apiRoot: far.url, fetch: outbound.to(far.url), clock: systemClock, signal: new AbortController().signal, ...more }),
    cause(situation) {
      if (situation === 'blocked') far.block(ayse);
      if (situation === 'rate') far.fail('sendMessage', { status: 429, retryAfter: 7 });
      if (situation === 'cut') far.fail('sendMessage', { cut: 'after' });
      if (situation === 'revoked') far.revoke();
    },
    read: () => far.sent.map((message) => message.visible),
    holdNextSend: () => far.hold('sendMessage'),
    leave: () => far.stop(),
    async end() {
      await far.stop();
      await outbound.close();
    },
  };
}

async function startWidget(): Promise<Rig> {
  const never = () => Promise.reject(new Error('the widget has no far side'));
  return {
    channel: widget,
    secret: 'a widget has none',
    thread: 'visitor-1',
    batch: { body: null, texts: [] },
    access: (more = {}) => ({ channelId: 1, settings: widget.settings.parse({}), state: null, apiRoot: '', fetch: never, clock: systemClock, signal: new AbortController().signal, ...more }),
    cause: () => undefined,
    read: () => [],
    holdNextSend: never,
    leave: async () => undefined,
    end: async () => undefined,
  };
}
