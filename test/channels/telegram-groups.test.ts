/** Several people in one chat: who is answered, who is never mixed up with whom, what is not even kept. */
import assert from 'node:assert/strict';
import { channelAccess } from '../../src/channels/index.ts';
import { takeOver } from '../../src/conversations/index.ts';
import { png } from '../support/files.ts';
import { ayse, jonas, neighbours, QUESTION, runningTelegram } from './running-telegram.ts';

describe('in groups on Telegram, with everything that runs', function () {
  this.timeout(20_000);
  const aurora = runningTelegram(beforeEach, afterEach);

  it('in a group it answers who asks, as a reply to them, and hears nothing else', async () => {
    const open = { ...neighbours, privacy: false };
    aurora.far.sayIn(open, jonas, 'Did you see the match?');
    aurora.far.sayIn(open, ayse, `@aurora_cafe_bot ${QUESTION}`);
    await aurora.answered(1);
    assert.deepEqual([aurora.answers()[0]?.chat, aurora.answers()[0]?.replyTo], [-1001, 2]);
    aurora.far.sayIn(open, jonas, 'Great match');
    await aurora.heard();
    assert.equal(aurora.one<number>("SELECT count(*) FROM messages WHERE author = 'customer'"), 1);
    assert.equal(aurora.one<number>('SELECT count(*) FROM contacts'), 1, 'who only talks to others is no contact');
    assert.equal(aurora.one<number>('SELECT count(*) FROM unrecognised'), 0);
  });

  it('several people in a group are never mixed up: each has a conversation, and the same person’s private one is apart', async () => {
    aurora.far.sayIn(neighbours, ayse, `@aurora_cafe_bot ${QUESTION}`);
    aurora.far.sayIn(neighbours, jonas, `@aurora_cafe_bot ${QUESTION}`);
    aurora.far.say(ayse, QUESTION);
    await aurora.answered(3);
    assert.deepEqual(
      aurora
        .answers()
        .map(({ chat, replyTo }) => `${chat} ${replyTo ?? '-'}`)
        .sort(),
      ['-1001 1', '-1001 2', '501 -'],
    );
    assert.deepEqual(aurora.all('SELECT contact_id AS contact, thread FROM conversations ORDER BY contact_id, thread'), [
      { contact: 1, thread: '-1001' },
      { contact: 1, thread: '501' },
      { contact: 2, thread: '-1001' },
    ]);
  });

  it('message 1 of one group is not message 1 of another, nor is its edit', async () => {
    const others = { chat: -1002, title: 'Bakers' };
    aurora.far.sayIn(neighbours, ayse, '@aurora_cafe_bot first');
    aurora.far.sayIn(others, ayse, '@aurora_cafe_bot second');
    await aurora.heard();
    const edited = aurora.far.chats.message(
      ayse,
      1,
      { text: '@aurora_cafe_bot third', entities: [{ type: 'mention', offset: 0, length: 16 }] },
      { group: others },
    );
    aurora.far.push({ edited_message: { ...edited, edit_date: 1_795_510_900 } });
    await aurora.heard();
    assert.deepEqual(
      aurora.all<{ text: string }>("SELECT text FROM messages WHERE author = 'customer' ORDER BY id").map(({ text }) => text),
      ['first', 'third'],
    );
  });

  it('a person’s answer in a group replies to the newest message, and goes out all the same when that was deleted', async () => {
    aurora.far.sayIn(neighbours, ayse, '@aurora_cafe_bot is anybody there?');
    await aurora.heard();
    takeOver(aurora.ws, 1, aurora.mira);
    aurora.say(1, 'Mira here.');
    await aurora.reads('Mira here.');
    assert.equal(aurora.last().replyTo, 1);
    aurora.ws.sql.exec("UPDATE messages SET external_id = '-1001/900' WHERE author = 'customer'");
    aurora.say(1, 'Still here.');
    await aurora.reads('Still here.');
    assert.equal(aurora.last().replyTo, undefined);
  });

  it('a file goes to a group as a reply, with what may be chosen under it', async () => {
    aurora.far.sayIn(neighbours, ayse, '@aurora_cafe_bot the menu, please');
    await aurora.heard();
    const content = png();
    const file = { name: 'menu.png', mime: 'image/png', bytes: content.length, read: async () => content };
    const { kind, access } = channelAccess(aurora.ws, 1, new AbortController().signal);
    const about = { recipient: '501', reference: 'r', attempt: 1, author: 'person' as const, answers: '-1001/1' };
    const sent = await kind.send(access, {
      ...about,
      thread: '-1001',
      kind: 'file',
      text: 'Here',
      file,
      choices: [{ id: 'two', title: 'For two' }],
    });
    assert.match(sent.externalId ?? '', /^-1001\/\d+$/);
    const { replyTo, buttons } = aurora.far.sentFiles[0] ?? assert.fail('it came');
    assert.deepEqual([replyTo, buttons], [1, [{ text: 'For two', callback_data: 'two' }]]);
  });

  it('a group that grew into another one still gets its answer', async () => {
    aurora.far.sayIn(neighbours, ayse, `@aurora_cafe_bot ${QUESTION}`);
    await aurora.answered(1);
    const now = { chat: -100_777, title: 'Neighbours' };
    aurora.far.sayIn(now, jonas, '@aurora_cafe_bot hi');
    await aurora.heard();
    aurora.far.fail('sendMessage', {
      status: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      movedTo: now.chat,
    });
    takeOver(aurora.ws, 1, aurora.mira);
    aurora.say(1, 'Mira here.');
    await aurora.reads('Mira here.');
    assert.equal(aurora.last().chat, now.chat);
  });
});
