/** What customers do, as each channel tells it. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ChannelEvent } from '../../../src/channels/channel.ts';
import { SAID, type Saying } from '../rigs/rig.ts';
import { textOf, type Suite } from './suite.ts';

const KINDS = { image: 'image', voice: 'audio', video: 'video', document: 'file', sticker: 'sticker' } as const;

export function incoming(suite: Suite): void {
  const bodyOf = (saying: Saying): unknown =>
    suite.rig.bodies?.[saying] ?? assert.fail(`the rig gives no body for ${saying}, and no reason`);
  const eventOf = async (saying: Saying): Promise<ChannelEvent> => {
    const [event, ...others] = await suite.heard(bodyOf(saying));
    assert.deepEqual(others, []);
    return event ?? assert.fail('an event');
  };

  suite.situation('says', 'a text, with who wrote it, where and when', async () => {
    const at = Date.UTC(2026, 10, 24, 8, 30);
    const { parts, saidAt, sender, thread } = await suite.message(suite.says('Are you open on Sunday?', { at }));
    assert.deepEqual([parts, saidAt, thread], [[{ kind: 'text', text: 'Are you open on Sunday?' }], at, suite.rig.thread]);
    assert.match(sender.displayName ?? 'no name is told here', /./);
  });

  suite.situation('any-text', 'emoji, right-to-left and mixed text as they are', async () => {
    for (const text of ['👩‍👩‍👧‍👦🇩🇪 🥐', 'هل أنتم مفتوحون؟ (Café Aurora)', 'שלום, 5 < 6 & 7 > 3', 'line\nline', '\u200e', '{{1}} <b>'])
      assert.deepEqual(textOf(await suite.message(suite.says(text))), [text]);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), async (text) => {
        // A slash begins a command, where a channel has such.
        if (!text.startsWith('/')) assert.deepEqual(textOf(await suite.message(suite.says(text))), [text]);
      }),
      { numRuns: 100 },
    );
  });

  for (const saying of ['image', 'voice', 'video', 'document', 'sticker'] as const) {
    suite.situation(saying, `a file, by the reference to fetch it: ${saying}`, async () => {
      const event = await eventOf(saying);
      assert.ok(event.type === 'message');
      const [part, ...others] = event.parts.filter(({ file }) => file !== undefined);
      assert.deepEqual([part?.kind, others], [KINDS[saying], []]);
      assert.match(part?.file?.reference ?? '', /./);
      if (saying === 'image') assert.deepEqual(textOf(event), [SAID.caption]);
      if (saying === 'document') assert.equal(part?.file?.name, SAID.name);
    });
  }

  suite.situation('location', 'a place, as numbers', async () => {
    const event = await eventOf('location');
    assert.ok(event.type === 'message');
    const [part] = event.parts;
    assert.deepEqual([part?.kind, part?.detail], ['location', { ...SAID.place }]);
  });

  suite.situation('contact', 'somebody’s name and number', async () => {
    const event = await eventOf('contact');
    assert.ok(event.type === 'message');
    const [part] = event.parts;
    assert.deepEqual([part?.kind, part?.detail], ['contact', { ...SAID.contact }]);
  });

  suite.situation('reaction', 'a reaction, to the message it is to', async () => {
    const event = await eventOf('reaction');
    assert.ok(event.type === 'reaction');
    assert.equal(event.emoji, SAID.emoji);
    assert.match(event.to, /./);
  });

  suite.situation('reaction-gone', 'a reaction that is taken back', async () => {
    const [given, gone] = [await eventOf('reaction'), await eventOf('reaction-gone')];
    assert.ok(given.type === 'reaction' && gone.type === 'reaction');
    assert.deepEqual([gone.emoji, gone.to, gone.thread], [null, given.to, given.thread]);
  });

  suite.situation('reply', 'a reply, with the message it is to', async () => {
    const event = await eventOf('reply');
    assert.ok(event.type === 'message');
    assert.match(event.replyTo ?? '', /./);
  });

  suite.situation('edit', 'an edit, as the same message with a higher revision', async () => {
    const event = await eventOf('edit');
    assert.ok(event.type === 'message');
    assert.deepEqual(textOf(event), [SAID.edited]);
    assert.ok((event.revision ?? 0) > 0);
    assert.equal(event.thread, suite.rig.thread);
  });

  suite.situation('revoke', 'a message that is taken back, by its id', async () => {
    const event = await eventOf('revoke');
    assert.ok(event.type === 'revoked');
    assert.match(event.externalId, /./);
    assert.equal(event.thread, suite.rig.thread);
  });

  suite.situation('unknown', 'what it doesn’t know, kept as it came', async () => {
    const events = await suite.heard(bodyOf('unknown'));
    assert.ok(events.some((event) => event.type === 'unrecognised' && event.body !== ''));
    assert.ok(!events.some((event) => event.type === 'message'));
  });

  suite.situation('nameless', 'somebody without a name, by their id alone', async () => {
    const { sender } = await suite.message(bodyOf('nameless'));
    assert.equal(sender.displayName, undefined);
  });

  suite.situation('alias', 'somebody who is known by two ids, the surer one first', async () => {
    const { sender } = await suite.message(bodyOf('alias'));
    assert.match(sender.alias ?? '', /./);
    assert.notEqual(sender.alias, sender.externalId);
  });

  suite.situation('says', 'one person by one id, whatever they do', async () => {
    const whose = (event: ChannelEvent) => ('sender' in event ? event.sender.externalId : null);
    const doings = (['image', 'edit', 'reaction', 'revoke', 'reply'] as const).flatMap((saying) => suite.rig.bodies?.[saying] ?? []);
    const people = new Set<string | null>();
    for (const body of [suite.says('Hi'), suite.says('Hi again'), ...doings])
      for (const event of await suite.heard(body)) people.add(whose(event));
    assert.equal(people.size, 1, [...people].join());
  });

  suite.situation('says', 'a redelivery as the same message, and another message as another', async () => {
    const key = async (body: unknown) => (await suite.message(body)).externalId;
    const [first, again, other] = [suite.says('Hi', { id: 7 }), suite.says('Hi', { id: 7 }), suite.says('Hi', { id: 8 })];
    assert.equal(await key(first), await key(again));
    assert.notEqual(await key(first), await key(other));
    assert.deepEqual(await suite.heard(first), await suite.heard(first));
  });

  suite.situation('batches', 'every message of a body, in order, and what it doesn’t know between them', async () => {
    const events = await suite.heard(suite.rig.batch.body);
    assert.deepEqual(events.flatMap(textOf), suite.rig.batch.texts);
    assert.ok(events.some((event) => event.type === 'unrecognised'));
  });

  suite.situation('choices', 'an answer that was offered and touched, as its title, with its id', async () => {
    const choices = [
      { id: 'two', title: 'For two' },
      { id: 'four', title: 'For four 🪑' },
    ];
    await suite.send('For how many?', { choices });
    for (const { id, title } of choices) {
      const { parts } = await suite.message(suite.rig.touch?.(title) ?? assert.fail('the rig can touch it'));
      assert.deepEqual(parts, [{ kind: 'text', text: title, detail: { choice: id } }]);
    }
  });
}
