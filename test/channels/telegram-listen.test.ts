import assert from 'node:assert/strict';
import { ListenError, type ChannelAccess, type ChannelEvent } from '../../src/channels/channel.ts';
import { telegram } from '../../src/channels/telegram/index.ts';
import type { TelegramSettings } from '../../src/channels/telegram/settings.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createOutbound } from '../../src/lib/outbound.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';

describe('listening to Telegram', () => {
  const ayse = { chat: 501, name: 'Ayşe Demir' };
  const outbound = createOutbound({ allowPrivate: true });
  let far: TelegramSimulator;
  let end: AbortController;
  beforeEach(async () => {
    far = await new TelegramSimulator().start();
    end = new AbortController();
  });
  afterEach(() => far.stop());
  after(() => outbound.close());

  const access = (state: unknown): ChannelAccess<TelegramSettings> => ({
    channelId: 1,
    settings: { token: far.token, mode: 'polling' },
    state,
    apiRoot: far.url,
    fetch: outbound.to(far.url),
    agent: () => outbound.agent(far.url),
    clock: systemClock,
    signal: end.signal,
  });
  const listen = (state: unknown, onEvents: (events: ChannelEvent[], state: unknown) => Promise<void>) =>
    telegram.listen?.(access(state), onEvents) ?? assert.fail('it listens');
  const words = (events: ChannelEvent[]) =>
    events.flatMap((event) => (event.type === 'message' ? event.parts.map((part) => part.text) : []));

  it('confirms an update only after it is stored, and gets it again when storing failed', async () => {
    for (const text of ['a', 'b', 'c']) far.say(ayse, text);
    await assert.rejects(
      listen(null, () => Promise.reject(new Error('the disk is full'))),
      /the disk is full/,
    );
    assert.equal(far.waiting, 3);
    const stored: (string | undefined)[] = [];
    let kept: unknown;
    const listening = listen(null, async (events, state) => {
      assert.equal(far.waiting > 0 || events.length === 0, true, 'nothing is confirmed while it is being stored');
      stored.push(...words(events));
      kept = state;
    });
    await far.until(() => far.polling);
    assert.deepEqual(stored, ['a', 'b', 'c']);
    assert.equal(far.waiting, 0);
    far.say(ayse, 'd');
    await far.until(() => far.polling && far.waiting === 0);
    assert.deepEqual([stored.at(-1), kept], ['d', { offset: 104 }]);
    end.abort();
    await listening;
  });

  it('goes on where it stopped, and says at once that it heard Telegram', async () => {
    far.say(ayse, 'old');
    const heard = new Promise<ChannelEvent[]>((resolve) => void listen({ offset: 101 }, async (events) => resolve(events)));
    assert.deepEqual(await heard, []);
    assert.deepEqual(far.updates.offsets, [101]);
    end.abort();
  });

  it('takes numbers that begin anew at a lower place after a silent week', async () => {
    far.updates.restartIds(50);
    for (const text of ['after', 'a week']) far.say(ayse, text);
    const stored: (string | undefined)[] = [];
    const listening = listen({ offset: 900_000 }, async (events) => void stored.push(...words(events)));
    await far.until(() => far.polling);
    assert.deepEqual(stored, ['after', 'a week']);
    assert.deepEqual(far.updates.offsets, [900_000, 52]);
    assert.equal(far.waiting, 0, 'they are confirmed, not fetched for ever');
    end.abort();
    await listening;
  });

  it('asks for more than a hundred in several polls', async () => {
    for (let n = 0; n < 230; n++) far.say(ayse, String(n));
    const sizes: number[] = [];
    const listening = listen(null, async (events) => void sizes.push(events.length));
    await far.until(() => far.polling);
    assert.deepEqual(sizes, [100, 100, 30]);
    end.abort();
    await listening;
  });

  for (const [what, spoil, fatal, says] of [
    ['a revoked token', () => far.revoke(), true, /BotFather/],
    ['a webhook of another program', () => void (far.updates.webhook = 'https://other.example'), true, /webhook/],
    [
      'another program that polls',
      () => far.fail('getUpdates', { status: 409, description: 'Conflict: terminated by other getUpdates request' }),
      false,
      /same token/,
    ],
    ['a rate limit', () => far.fail('getUpdates', { status: 429, retryAfter: 3 }), false, /pause/],
    ['a fault of Telegram’s own', () => far.fail('getUpdates', { status: 502 }), false, /tries again by itself/],
    ['a proxy’s page', () => far.fail('getUpdates', { page: 200 }), false, /tries again by itself/],
    ['a connection that is cut', () => far.fail('getUpdates', { cut: 'after' }), false, /24 hours/],
  ] as const) {
    it(`says ${what} in plain words, and ${fatal ? 'stops' : 'may be tried again'}`, async () => {
      spoil();
      await assert.rejects(
        listen(null, async () => undefined),
        (error) => {
          assert.ok(error instanceof ListenError, String(error));
          assert.equal(error.fatal, fatal);
          assert.match(error.says, says);
          return true;
        },
      );
    });
  }
});
