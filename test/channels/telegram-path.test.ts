import assert from 'node:assert/strict';
import { disconnectChannel, editChannelSettings, pauseChannel, resumeChannel } from '../../src/channels/index.ts';
import { sayAsPerson, takeOver } from '../../src/conversations/index.ts';
import { eq } from '../../src/db/drizzle.ts';
import { channels, conversations, deliveries } from '../../src/db/schema/workspace.ts';
import { eventually } from '../support/eventually.ts';
import { ayse, runningTelegram } from './running-telegram.ts';

describe('a conversation by Telegram, with everything that runs', function () {
  this.timeout(20_000);
  const aurora = runningTelegram(beforeEach, afterEach);

  const read = () => aurora.far.sent.map(({ visible }) => visible).join('\n');
  const states = () =>
    aurora.ws.db
      .select({ state: deliveries.state })
      .from(deliveries)
      .all()
      .map(({ state }) => state);
  const conversation = () => aurora.ws.db.select().from(conversations).get() ?? assert.fail('there is a conversation');

  it('a customer asks, the bot answers from the knowledge, a person steps in', async () => {
    aurora.far.say(ayse, 'Are you open on Sunday?');
    await aurora.far.until(() => /open at ten/.test(read()));
    takeOver(aurora.ws, conversation().id, aurora.mira);
    sayAsPerson(aurora.ws, { conversationId: conversation().id, userId: aurora.mira, text: 'Shall I keep you a **table**?' });
    await aurora.far.until(() => /keep you a table/.test(read()));
    aurora.far.say(ayse, 'Yes please, are you open on Sunday?');
    await aurora.heard();
    assert.equal(aurora.far.sent.filter(({ visible }) => /open at ten/.test(visible)).length, 1, 'the bot is silent now');
    assert.ok(aurora.ws.db.select().from(channels).where(eq(channels.id, aurora.channelId)).get()?.lastOutAt);
  });

  it('a rate limit is waited out, and the answer goes out once', async () => {
    aurora.far.fail('sendMessage', { status: 429, retryAfter: 0.05 });
    aurora.far.say(ayse, 'Are you open on Sunday?');
    await aurora.far.until(() => /open at ten/.test(read()));
    assert.equal(aurora.far.sent.filter(({ visible }) => /open at ten/.test(visible)).length, 1);
  });

  it('what may have arrived is marked uncertain and not sent again', async () => {
    aurora.far.fail('sendMessage', { cut: 'after' }, { cut: 'after' });
    aurora.far.say(ayse, 'Are you open on Sunday?');
    await eventually(() => assert.deepEqual(new Set(states()), new Set(['uncertain'])));
    const texts = aurora.far.sent.map(({ text }) => text);
    assert.equal(new Set(texts).size, texts.length, 'nothing went out twice');
    assert.ok(conversation().wantedSince, 'a person looks at it');
  });

  it('an answer waits while the token is revoked, and goes out once it is mended', async () => {
    aurora.far.say(ayse, 'Hello');
    await aurora.heard();
    takeOver(aurora.ws, conversation().id, aurora.mira);
    aurora.far.revoke();
    sayAsPerson(aurora.ws, { conversationId: conversation().id, userId: aurora.mira, text: 'We are here.' });
    await eventually(() => assert.equal(aurora.ws.db.select().from(channels).get()?.status, 'broken'));
    assert.ok(!/We are here/.test(read()));
    aurora.far.newToken();
    await editChannelSettings(aurora.ws, { channelId: aurora.channelId, settings: { token: aurora.far.token }, userId: aurora.mira });
    await aurora.far.until(() => /We are here/.test(read()));
    assert.equal(aurora.far.sent.filter(({ visible }) => /We are here/.test(visible)).length, 1);
  });

  it('what was said while the channel was paused goes out at once when it is resumed', async () => {
    aurora.far.say(ayse, 'Hello');
    await aurora.heard();
    takeOver(aurora.ws, conversation().id, aurora.mira);
    pauseChannel(aurora.ws, { channelId: aurora.channelId, userId: aurora.mira });
    sayAsPerson(aurora.ws, { conversationId: conversation().id, userId: aurora.mira, text: 'We are here.' });
    const wait = () =>
      aurora.ws.sql.prepare("SELECT due_at - ? FROM jobs WHERE kind = 'deliver' AND lease IS NULL").pluck().get(aurora.ws.clock.now());
    await eventually(() => assert.ok(Number(wait()) > 20_000, 'by itself it looks again in half a minute'));
    await resumeChannel(aurora.ws, { channelId: aurora.channelId, userId: aurora.mira });
    await aurora.far.until(() => /We are here/.test(read()));
  });

  it('what waits for a channel that is disconnected is given up, and a person is told', async () => {
    aurora.far.say(ayse, 'Hello');
    await aurora.heard();
    takeOver(aurora.ws, conversation().id, aurora.mira);
    pauseChannel(aurora.ws, { channelId: aurora.channelId, userId: aurora.mira });
    sayAsPerson(aurora.ws, { conversationId: conversation().id, userId: aurora.mira, text: 'We are here.' });
    await disconnectChannel(aurora.ws, { channelId: aurora.channelId, userId: aurora.mira });
    await eventually(() => assert.equal(states().at(-1), 'failed'));
    assert.ok(!/We are here/.test(read()));
  });
});
