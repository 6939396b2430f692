/** Telegram calls Deskbell: posts are proved, stored, answered; the two ways take turns without losing anything. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { disconnectChannel, pauseChannel, resumeChannel } from '../../src/channels/index.ts';
import { verifyToken } from '../../src/channels/webhook-address.ts';
import { unrecognised } from '../../src/db/schema/workspace.ts';
import { eventually } from '../support/eventually.ts';
import { onWebhook, PUBLIC } from './on-webhook.ts';

const ayse = { chat: 501, name: 'Ayşe Demir' };
const mallory = { id: 7, first_name: 'Mallory' };
const forged = { update_id: 1, message: { message_id: 99, date: 1, chat: { id: 7, type: 'private' }, from: mallory, text: 'forged' } };

describe('Telegram by webhook', () => {
  const on = onWebhook(beforeEach, afterEach);

  it('is set with its secret and without dropping anything; what waited and what comes is stored, and nobody polls', async () => {
    on.far.say(ayse, 'before');
    await on.connect('webhook');
    assert.equal(on.far.updates.webhook, `${PUBLIC}/webhooks/${on.row().publicId}`);
    on.far.say(ayse, 'after');
    await on.far.until(() => on.far.waiting === 0);
    assert.deepEqual([on.texts(), on.far.polling, on.far.updates.offsets], [['before', 'after'], false, []]);
    assert.equal(on.row().status, 'connected');
    assert.deepEqual(new Set(on.far.webhook.answers), new Set([200]));
  });

  it('is “open” only once something came by it', async () => {
    await on.connect('webhook');
    await on.far.until(() => on.far.calls.get('getWebhookInfo') === 2);
    await pause(20);
    assert.equal(on.row().status, 'connecting', 'that it is set doesn’t show that it arrives');
    on.far.say(ayse, 'Hi');
    await eventually(() => assert.equal(on.row().status, 'connected'));
  });

  it('takes nothing from anybody who doesn’t show its secret', async () => {
    await on.connect('webhook');
    const other = verifyToken(on.ws, 'ch_another_channel');
    for (const headers of [
      {},
      { 'x-telegram-bot-api-secret-token': '' },
      { 'x-telegram-bot-api-secret-token': other },
      { 'x-hub-signature-256': 'sha256=00' },
    ])
      assert.equal(await on.post(headers as Record<string, string>, forged), 401, JSON.stringify(headers));
    assert.deepEqual(on.texts(), []);
    assert.equal(await on.post(on.secret(), forged), 200);
    assert.deepEqual(on.texts(), ['forged']);
  });

  it('a post that can’t be stored is answered with an error and comes again; it is stored once', async () => {
    await on.connect('webhook');
    on.ws.sql.exec("CREATE TRIGGER ill BEFORE INSERT ON messages BEGIN SELECT raise(ABORT, 'ill'); END");
    on.far.say(ayse, 'Hi');
    await eventually(() => assert.ok(on.far.webhook.answers.includes(500)));
    on.ws.sql.exec('DROP TRIGGER ill');
    await on.far.until(() => on.far.waiting === 0);
    assert.deepEqual(on.texts(), ['Hi']);
  });

  it('the same post twice is one message', async () => {
    await on.connect('webhook');
    const update = on.far.say(ayse, 'Hi');
    await on.far.until(() => on.far.waiting === 0);
    assert.equal(await on.post(on.secret(), update), 200);
    assert.deepEqual(on.texts(), ['Hi']);
  });

  it('what is no update is kept, and answered, so that it doesn’t come for ever', async () => {
    await on.connect('webhook');
    for (const body of [null, 'text', [], { update_id: 'x' }]) assert.equal(await on.post(on.secret(), body), 200);
    assert.equal(on.ws.db.select().from(unrecognised).all().length, 3, 'an empty list says nothing');
  });

  it('a touched button comes to rest by the answer to its post', async () => {
    await on.connect('webhook');
    on.far.say(ayse, 'Hi');
    const sent = {
      chat: 501,
      text: '',
      visible: 'Which?',
      parseMode: undefined,
      messageId: 2,
      buttons: [{ text: 'Two', callback_data: 'two' }],
    };
    on.far.touch(ayse, sent, 'Two');
    await on.far.until(() => on.far.touches.size === 0);
    assert.deepEqual(on.texts(), ['Hi', 'Two']);
  });

  it('changing the way and back loses nothing and repeats nothing', async () => {
    await on.connect('polling');
    on.far.say(ayse, '1');
    await on.far.until(() => on.far.waiting === 0);
    await on.change('webhook');
    assert.equal(on.row().status, 'connecting', 'what was heard by asking doesn’t show that calls arrive');
    on.far.say(ayse, '2');
    await on.far.until(() => on.far.waiting === 0 && on.far.updates.webhook !== '');
    on.far.webhook.leadsTo = '';
    on.far.say(ayse, '3');
    await on.change('polling');
    await on.far.until(() => on.far.polling && on.far.waiting === 0);
    on.far.say(ayse, '4');
    await on.far.until(() => on.far.polling && on.far.waiting === 0);
    assert.deepEqual(on.texts(), ['1', '2', '3', '4']);
    assert.equal(on.far.updates.webhook, '');
  });

  it('while it is paused Telegram keeps what comes, and hands it over afterwards', async () => {
    await on.connect('webhook');
    pauseChannel(on.ws, { channelId: on.row().id, userId: on.server.people.owner });
    on.far.say(ayse, 'Hi');
    await eventually(() => assert.ok(on.far.webhook.answers.includes(503)));
    assert.deepEqual(on.texts(), []);
    await resumeChannel(on.ws, { channelId: on.row().id, userId: on.server.people.owner });
    await on.far.until(() => on.far.waiting === 0);
    assert.deepEqual(on.texts(), ['Hi']);
  });

  it('a disconnected channel leaves no webhook behind', async () => {
    await on.connect('webhook');
    await disconnectChannel(on.ws, { channelId: on.row().id, userId: on.server.people.owner });
    assert.equal(on.far.updates.webhook, '');
    assert.equal(await on.post(on.secret(), forged), 404);
  });
});
