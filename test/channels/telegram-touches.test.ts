/** Buttons, reactions, albums, blocks, commands. */
import assert from 'node:assert/strict';
import { takeOver } from '../../src/conversations/index.ts';
import { channels } from '../../src/db/schema/workspace.ts';
import { languages } from '../../src/lib/catalogue.ts';
import { png } from '../support/files.ts';
import { ayse, QUESTION, runningTelegram } from './running-telegram.ts';

describe('what customers do beside writing on Telegram, with everything that runs', function () {
  this.timeout(20_000);
  const aurora = runningTelegram(beforeEach, afterEach);

  it('answers are offered as buttons; a touch is the customer’s message, and comes to rest', async () => {
    aurora.far.say(ayse, 'Hello');
    await aurora.heard();
    takeOver(aurora.ws, 1, aurora.mira);
    aurora.say(1, 'For how many?', {
      choices: [
        { id: 'two', title: 'For two' },
        { id: 'four', title: 'For four' },
      ],
    });
    await aurora.reads('For how many?');
    assert.deepEqual(aurora.last().buttons, [
      { text: 'For two', callback_data: 'two' },
      { text: 'For four', callback_data: 'four' },
    ]);
    aurora.far.touch(ayse, aurora.last(), 'For four');
    await aurora.far.until(() => aurora.far.touches.size === 0);
    assert.deepEqual(
      aurora.one("SELECT text || ' ' || detail FROM message_parts WHERE detail LIKE '%choice\"%' ORDER BY id DESC"),
      'For four {"choice":"four"}',
    );
  });

  it('a reaction stands at what it is for, and a reply names what it answers', async () => {
    aurora.far.say(ayse, QUESTION);
    await aurora.answered(1);
    const { messageId } = aurora.answers()[0] ?? assert.fail('it was answered');
    aurora.far.react(ayse, messageId, '👍');
    await aurora.heard();
    assert.equal(aurora.one("SELECT reaction FROM messages WHERE author = 'bot' AND text LIKE '%ten%'"), '👍');
    aurora.far.react(ayse, messageId, null);
    await aurora.heard();
    assert.equal(aurora.one("SELECT reaction FROM messages WHERE author = 'bot' AND text LIKE '%ten%'"), null);
    aurora.far.say(ayse, { text: 'Thanks', reply_to_message: { message_id: messageId, from: { id: aurora.far.account.id } } });
    await aurora.heard();
    assert.match(aurora.one<string>('SELECT o.text FROM messages m JOIN messages o ON o.id = m.reply_to') ?? '', /open at ten/);
  });

  it('an album comes as several messages and gets one answer', async () => {
    aurora.ws.db.update(channels).set({ quietMs: 100 }).run();
    for (let n = 0; n < 3; n++) {
      const photo = [{ ...aurora.far.files.add(png()), width: 1, height: 1 }];
      aurora.far.say(ayse, { media_group_id: '77', photo, ...(n === 0 ? { caption: QUESTION } : {}) });
    }
    await aurora.far.until(() => aurora.far.sent.length >= 2);
    await aurora.heard();
    assert.equal(aurora.one<number>("SELECT count(*) FROM messages WHERE author = 'customer'"), 3);
    assert.equal(aurora.one<number>("SELECT count(*) FROM messages WHERE author = 'bot'"), 1);
    assert.equal(
      aurora.one<number>("SELECT answers_through FROM messages WHERE author = 'bot'"),
      aurora.one("SELECT max(id) FROM messages WHERE author = 'customer'"),
    );
  });

  it('blocking and unblocking stand in the conversation', async () => {
    aurora.far.say(ayse, 'Hello');
    await aurora.heard();
    aurora.far.block(ayse);
    aurora.far.unblock(ayse);
    await aurora.heard();
    const events = aurora.all<{ event: string }>("SELECT event FROM messages WHERE author = 'event' AND event LIKE '%reachable'");
    assert.deepEqual(
      events.map(({ event }) => event),
      ['unreachable', 'reachable'],
    );
  });

  it('commands are offered in every language of the catalogue, and answered in the customer’s own', async () => {
    assert.equal(aurora.far.commands.size, languages.length + 1);
    assert.deepEqual(
      aurora.far.commands.get('de')?.map(({ command }) => command),
      ['start', 'human', 'delete'],
    );
    assert.match(aurora.far.commands.get('de')?.[1]?.description ?? '', /Menschen/);
    aurora.far.say({ ...ayse, language: 'de' }, '/start shop-window');
    await aurora.far.until(() => /^Guten Tag/.test(aurora.far.sent[0]?.visible ?? ''));
    aurora.far.say({ ...ayse, language: 'de' }, '/human');
    await aurora.far.until(() => aurora.far.sent.length === 2);
    assert.match(aurora.last().visible, /Mensch|jemand|Person/i);
    assert.match(aurora.one<string>("SELECT text FROM messages WHERE event = 'came-by'") ?? '', /“shop-window”/);
  });
});
