/** Every channel in the same situations. One that can't come into a situation says why. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { AttachmentError, DeliveryError, type ChannelAccess, type ChannelEvent, type OutFile } from '../../src/channels/channel.ts';
import { splitText } from '../../src/lib/text.ts';
import { pdf, png } from '../support/files.ts';
import { kinds } from './rigs/index.ts';
import type { Rig, Situation } from './rigs/rig.ts';

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
    const send = (text: string, more: Partial<ChannelAccess> = {}) =>
      rig.channel.send(rig.access(more), {
        thread: rig.thread,
        recipient: rig.thread,
        reference: 'ref-1',
        attempt: 1,
        author: 'bot',
        kind: 'text',
        text,
      });
    const refusal = async (act: Promise<unknown>): Promise<DeliveryError> => {
      const error = await act.then(
        () => assert.fail('it went through'),
        (thrown: unknown) => thrown,
      );
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

    situation('sends', 'shows that an answer is on its way', async () => {
      assert.ok(rig.channel.typing);
      await rig.channel.typing(rig.access(), rig.thread, 'the newest message');
      assert.equal(rig.shownTyping(), 1);
    });

    situation('sends', 'sends emoji, right-to-left and mixed text as they are', async () => {
      const texts = ['👩‍👩‍👧‍👦🇩🇪 🥐', 'نفتح الساعة ٩ صباحًا (Café Aurora)', 'שלום, 5 < 6 & 7 > 3', 'a_b*c [d](e) `f', '\\ {} # + - = | .'];
      for (const text of texts) await send(text);
      assert.equal(
        rig
          .read()
          .join('\n')
          .replace(/[*_`\\]/g, ''),
        texts
          .join('\n')
          .replace(/[*_`\\]/g, '')
          .replace('[d](e)', rig.link),
      );
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
      const marks = fc.array(
        fc.constantFrom('**', '*', '_', '`', '```\n', '[', '](', ')', '<b>', '</b>', '&', '~~', '> ', '- ', '1. ', '# ', '\n', 'word', ' '),
        { minLength: 1, maxLength: 25 },
      );
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
      assert.deepEqual([error.outcome, error.permanent, error.retryAfter], ['not-sent', false, rig.pauseMs]);
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

    situation('files-out', 'sends a file whole, by its name, with what stands under it', async () => {
      const sendFile = (file: OutFile, text: string) =>
        rig.channel.send(rig.access(), {
          thread: rig.thread,
          recipient: rig.thread,
          reference: file.name,
          attempt: 1,
          author: 'bot',
          kind: 'file',
          text,
          file,
        });
      for (const [name, mime, content, caption] of [
        ['menu für Ayşe.pdf', 'application/pdf', pdf(), 'The menu'],
        ['cake.png', 'image/png', png(), ''],
      ] as const) {
        const sent = await sendFile({ name, mime, bytes: content.length, read: async () => content }, caption);
        assert.match(sent.externalId ?? '', /./);
      }
      assert.deepEqual(
        rig.readFiles().map(({ name, content, caption }) => [name, content.length, caption]),
        [
          ['menu für Ayşe.pdf', pdf().length, 'The menu'],
          ['cake.png', png().length, ''],
        ],
      );
    });

    const fetched = async (reference: string, more: Partial<ChannelAccess> = {}): Promise<Buffer> => {
      const pieces: Uint8Array[] = [];
      for await (const piece of (await rig.channel.fetchAttachment?.(rig.access(more), reference)) ?? []) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    const held = (content: Uint8Array) => rig.hold?.(content) ?? assert.fail('the stand-in holds it');
    const notFetched = async (reference: string): Promise<AttachmentError> => {
      const error = await fetched(reference).then(
        () => assert.fail('it came'),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof AttachmentError, inspect(error));
      assert.match(error.says, /^[A-Z][^!{<]*\.$/, 'it is said in a plain sentence');
      assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), new RegExp(rig.secret), 'no secret is in the error');
      return error;
    };

    situation('files-in', 'fetches a customer’s file as it is', async () => {
      const content = png(300, 200);
      assert.deepEqual(await fetched(held(content)), content);
      assert.deepEqual(await fetched(held(Buffer.alloc(0))), Buffer.alloc(0));
    });

    for (const [how, kind] of [
      ['gone', 'gone'],
      ['too-large', 'too-large'],
      ['not-now', 'later'],
    ] as const) {
      situation('files-in', `says of a file that doesn’t come whether that passes: ${how}`, async () => {
        const reference = held(png());
        rig.spoil?.(reference, how);
        assert.equal((await notFetched(reference)).kind, kind);
      });
    }

    situation('files-in', 'tells an account that was revoked from a far side that is away', async () => {
      const reference = held(png());
      rig.cause('revoked');
      assert.equal((await notFetched(reference)).kind, 'account');
      await rig.leave();
      assert.equal((await notFetched(reference)).kind, 'later');
    });

    situation('files-in', 'ends with the signal’s own reason, so that a stop is no failure', async () => {
      const reason = new Error('the server stops');
      await assert.rejects(fetched(held(png()), { signal: AbortSignal.abort(reason) }), reason);
    });

    it('connects to its account, and is well', async () => {
      assert.match((await rig.channel.connect(rig.access())).name, /./);
      await rig.channel.health(rig.access());
      await rig.channel.disconnect(rig.access());
    });

    it('marks which settings are secret, and refuses a setting it doesn’t know', () => {
      assert.equal(rig.channel.settings.safeParse({ ...rig.access().settings, other: 1 }).success, false);
      for (const [name, field] of Object.entries(rig.channel.settings.shape)) {
        if (/token|secret|key|password/i.test(name))
          assert.equal((field as { meta(): { secret?: boolean } | undefined }).meta()?.secret, true);
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
