/** The same words on every channel, as its own far side hands them over and shows what is asked back. */
import assert from 'node:assert/strict';
import type { ChannelEvent } from '../../src/channels/channel.ts';
import { deliverMessages, receiveEvents } from '../../src/conversations/index.ts';
import { doRight } from '../../src/privacy/index.ts';
import { kinds } from '../channels/rigs/index.ts';
import type { Kind, Rig } from '../channels/rigs/rig.ts';
import { castOf, type Cast } from '../conversations/cast.ts';
import { eventually } from '../support/eventually.ts';

const WORDS = ['Delete me', 'Lösch mich', 'احذفني'];

describe('“delete me” on every channel', function () {
  this.timeout(20_000);
  for (const kind of kinds) it(`[P10.1-c] ${kind.kind}: is heard, asked back in the channel’s own form, and done`, () => through(kind));
});

async function through(kind: Kind): Promise<void> {
  const [rig, cast] = await Promise.all([kind.start(), castOf()]);
  try {
    await cast.test.installation.jobs.start({ 'do-right': { run: doRight }, deliver: { run: deliverMessages } });
    for (const [n, word] of WORDS.entries()) {
      await hear(cast, rig, rig.says?.(word));
      await said(cast, 2 * n + 1);
      await show(kind, rig, cast);
      const yes = { 'Delete me': 'Yes', 'Lösch mich': 'Ja', احذفني: 'نعم' }[word] ?? '';
      await hear(cast, rig, kind.skips.choices === undefined && rig.touch ? rig.touch(yes) : rig.says?.(yes));
      await said(cast, 2 * n + 2);
      const asked = cast.all<{ askedBy: string }>("SELECT asked_by AS askedBy FROM privacy_requests WHERE state = 'grace'");
      assert.deepEqual(asked, [{ askedBy: 'contact' }], word);
      assert.equal(cast.all("SELECT 1 FROM rights_asked WHERE state = 'confirmed'").length, n + 1, word);
      assert.equal(cast.all("SELECT 1 FROM jobs WHERE kind = 'answer'").length, 0, 'no bot is asked');
    }
  } finally {
    await Promise.all([rig.end(), cast.test.end()]);
  }
}

async function hear(cast: Cast, rig: Rig, body: unknown): Promise<void> {
  const events: ChannelEvent[] = (await rig.hear?.(body)) ?? rig.channel.parse(JSON.parse(JSON.stringify(body)));
  await receiveEvents(cast.ws, cast.channelId, events);
}

const said = (cast: Cast, count: number): Promise<void> =>
  eventually(() => {
    cast.clock.move(2000);
    cast.test.installation.jobs.tick();
    assert.equal(cast.far.sent.length, count);
  });

/** The question, as this channel shows it. */
async function show(kind: Kind, rig: Rig, cast: Cast): Promise<void> {
  const { text, choices = [] } = cast.far.sent.at(-1) ?? assert.fail('nothing was said');
  assert.equal(choices.length, 2);
  if (kind.skips.sends !== undefined) return;
  const { thread } = rig;
  const before = rig.read().length;
  const outbound = { thread, recipient: rig.recipient ?? thread, reference: `r${before}`, attempt: 1, author: 'bot' as const };
  await rig.channel.send(rig.access(), { ...outbound, kind: 'text', text, choices });
  assert.ok(rig.read().length > before, 'the customer reads it');
}
