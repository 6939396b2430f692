/** Everything that isn't one customer's words in one chat: groups, business accounts, buttons, albums, drafts, commands. */
import assert from 'node:assert/strict';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { addChannel, channelAccess } from '../../src/channels/index.ts';
import { sayAsPerson, takeOver } from '../../src/conversations/index.ts';
import { channels, sources } from '../../src/db/schema/workspace.ts';
import { addQuestions } from '../../src/knowledge/index.ts';
import { addKey } from '../../src/providers/index.ts';
import { startWork, type Work } from '../../src/work.ts';
import { languages } from '../../src/lib/catalogue.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { png } from '../support/files.ts';
import { addCast } from '../support/http.ts';
import { eventually } from '../support/eventually.ts';
import { onTelegram } from './on-telegram.ts';

const ayse = { chat: 501, name: 'Ayşe Demir', language: 'en' };
const jonas = { chat: 502, name: 'Jonas Weber', language: 'en' };
const mirasAccount = { chat: 601, name: 'Mira Aydın' };
const neighbours = { chat: -1001, title: 'Neighbours' };
const QUESTION = 'Are you open on Sunday?';

describe('chats of every kind on Telegram, with everything that runs', function () {
  this.timeout(20_000);
  let work: Work;
  let mira: number;
  let botId: number;
  afterEach(() => work.stop(1000));
  const aurora = onTelegram(beforeEach, afterEach);

  beforeEach(async () => {
    mira = (await addCast(aurora.test.installation, aurora.ws.id)).owner;
    botId = createBot(aurora.ws, { settings: { name: 'Aurora' }, userId: mira }).botId;
    publishDraft(aurora.ws, { botId, userId: mira });
    work = await startWork(aurora.test.installation);
    addQuestions(aurora.ws, { title: 'Hours', by: mira, pairs: [{ question: QUESTION, answer: 'On Sunday we open at ten.' }] });
    await eventually(() => assert.equal(aurora.ws.db.select().from(sources).get()?.state, 'ready'));
    await addChannel(aurora.ws, { kind: 'telegram', settings: { token: aurora.far.token }, botId, userId: mira });
    aurora.ws.db.update(channels).set({ quietMs: 0 }).run();
    await aurora.far.until(() => aurora.far.polling);
  });

  const all = <Row>(sql: string) => aurora.ws.sql.prepare(sql).all() as Row[];
  const one = <Value>(sql: string) => aurora.ws.sql.prepare(sql).pluck().get() as Value;
  const answers = () => aurora.far.sent.filter(({ visible }) => /open at ten/.test(visible));
  const answered = (times: number) => aurora.far.until(() => answers().length === times);
  const heard = () => aurora.far.until(() => aurora.far.polling && aurora.far.waiting === 0);
  const last = () => aurora.far.sent.at(-1) ?? assert.fail('something was sent');
  const reads = (text: string) => aurora.far.until(() => aurora.far.sent.at(-1)?.visible === text);
  const say = (conversationId: number, text: string, more: { choices?: { id: string; title: string }[] } = {}) =>
    sayAsPerson(aurora.ws, { conversationId, userId: mira, text, ...more });

  it('in a group it answers who asks, as a reply to them, and hears nothing else', async () => {
    const open = { ...neighbours, privacy: false };
    aurora.far.sayIn(open, jonas, 'Did you see the match?');
    aurora.far.sayIn(open, ayse, `@aurora_cafe_bot ${QUESTION}`);
    await answered(1);
    assert.deepEqual([answers()[0]?.chat, answers()[0]?.replyTo], [-1001, 2]);
    aurora.far.sayIn(open, jonas, 'Great match');
    await heard();
    assert.equal(one<number>("SELECT count(*) FROM messages WHERE author = 'customer'"), 1);
    assert.equal(one<number>('SELECT count(*) FROM contacts'), 1, 'who only talks to others is no contact');
    assert.equal(one<number>('SELECT count(*) FROM unrecognised'), 0);
  });

  it('several people in a group are never mixed up: each has a conversation, and the same person’s private one is apart', async () => {
    aurora.far.sayIn(neighbours, ayse, `@aurora_cafe_bot ${QUESTION}`);
    aurora.far.sayIn(neighbours, jonas, `@aurora_cafe_bot ${QUESTION}`);
    aurora.far.say(ayse, QUESTION);
    await answered(3);
    assert.deepEqual(
      answers()
        .map(({ chat, replyTo }) => `${chat} ${replyTo ?? '-'}`)
        .sort(),
      ['-1001 1', '-1001 2', '501 -'],
    );
    assert.deepEqual(all('SELECT contact_id AS contact, thread FROM conversations ORDER BY contact_id, thread'), [
      { contact: 1, thread: '-1001' },
      { contact: 1, thread: '501' },
      { contact: 2, thread: '-1001' },
    ]);
  });

  it('message 1 of one group is not message 1 of another, nor is its edit', async () => {
    const others = { chat: -1002, title: 'Bakers' };
    aurora.far.sayIn(neighbours, ayse, '@aurora_cafe_bot first');
    aurora.far.sayIn(others, ayse, '@aurora_cafe_bot second');
    await heard();
    const edited = aurora.far.chats.message(
      ayse,
      1,
      { text: '@aurora_cafe_bot third', entities: [{ type: 'mention', offset: 0, length: 16 }] },
      { group: others },
    );
    aurora.far.push({ edited_message: { ...edited, edit_date: 1_795_510_900 } });
    await heard();
    assert.deepEqual(
      all<{ text: string }>("SELECT text FROM messages WHERE author = 'customer' ORDER BY id").map(({ text }) => text),
      ['first', 'third'],
    );
  });

  it('a person’s answer in a group replies to the newest message, and goes out all the same when that was deleted', async () => {
    aurora.far.sayIn(neighbours, ayse, '@aurora_cafe_bot is anybody there?');
    await heard();
    takeOver(aurora.ws, 1, mira);
    say(1, 'Mira here.');
    await reads('Mira here.');
    assert.equal(last().replyTo, 1);
    aurora.ws.sql.exec("UPDATE messages SET external_id = '-1001/900' WHERE author = 'customer'");
    say(1, 'Still here.');
    await reads('Still here.');
    assert.equal(last().replyTo, undefined);
  });

  it('a file goes to a group as a reply, with what may be chosen under it', async () => {
    aurora.far.sayIn(neighbours, ayse, '@aurora_cafe_bot the menu, please');
    await heard();
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
    await answered(1);
    const now = { chat: -100_777, title: 'Neighbours' };
    aurora.far.sayIn(now, jonas, '@aurora_cafe_bot hi');
    await heard();
    aurora.far.fail('sendMessage', {
      status: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      movedTo: now.chat,
    });
    takeOver(aurora.ws, 1, mira);
    say(1, 'Mira here.');
    await reads('Mira here.');
    assert.equal(last().chat, now.chat);
  });

  it('for a business account it answers in the account’s own chat, and is quiet once the owner answers there', async () => {
    aurora.far.connectBusiness('bc_1', mirasAccount);
    aurora.far.sayToBusiness('bc_1', ayse, QUESTION);
    await answered(1);
    assert.deepEqual([answers()[0]?.chat, answers()[0]?.business], [501, 'bc_1']);
    aurora.far.ownerSays('bc_1', ayse, 'Mira here, come at eleven.');
    await heard();
    assert.deepEqual(all('SELECT turn FROM conversations'), [{ turn: 'person' }]);
    assert.equal(one<string>("SELECT text FROM messages WHERE author = 'person'"), 'Mira here, come at eleven.');
    aurora.far.sayToBusiness('bc_1', ayse, QUESTION);
    await heard();
    assert.equal(answers().length, 1, 'the bot is silent now');
  });

  for (const [what, rights, says] of [
    ['was let go', { enabled: false }, /no longer lets this bot answer/],
    ['may read only', { canReply: false }, /no longer lets this bot answer/],
  ] as const) {
    it(`a business account that ${what}: the answer isn’t sent, it says why, and a person is called`, async () => {
      aurora.far.connectBusiness('bc_1', mirasAccount);
      aurora.far.connectBusiness('bc_1', mirasAccount, rights);
      aurora.far.sayToBusiness('bc_1', ayse, QUESTION);
      await eventually(() => assert.match(one<string>("SELECT says FROM deliveries WHERE state = 'failed' ORDER BY id DESC") ?? '', says));
      assert.ok(one<number>('SELECT wanted_since FROM conversations'));
    });
  }

  it('what a customer deletes in a business chat is taken back, and nothing of the same number elsewhere', async () => {
    aurora.far.say(ayse, 'private');
    aurora.far.connectBusiness('bc_1', mirasAccount);
    aurora.far.sayToBusiness('bc_1', ayse, 'oops');
    await heard();
    const chat = { id: 501, type: 'private', first_name: 'Ayşe' };
    aurora.far.push({ deleted_business_messages: { business_connection_id: 'bc_1', chat, message_ids: [1] } });
    await heard();
    assert.deepEqual(
      all<{ text: string }>('SELECT text FROM messages WHERE revoked_at IS NOT NULL').map(({ text }) => text),
      ['oops'],
    );
  });

  it('answers are offered as buttons; a touch is the customer’s message, and comes to rest', async () => {
    aurora.far.say(ayse, 'Hello');
    await heard();
    takeOver(aurora.ws, 1, mira);
    say(1, 'For how many?', {
      choices: [
        { id: 'two', title: 'For two' },
        { id: 'four', title: 'For four' },
      ],
    });
    await reads('For how many?');
    assert.deepEqual(last().buttons, [
      { text: 'For two', callback_data: 'two' },
      { text: 'For four', callback_data: 'four' },
    ]);
    aurora.far.touch(ayse, last(), 'For four');
    await aurora.far.until(() => aurora.far.touches.size === 0);
    assert.deepEqual(
      one("SELECT text || ' ' || detail FROM message_parts WHERE detail LIKE '%choice\"%' ORDER BY id DESC"),
      'For four {"choice":"four"}',
    );
  });

  it('a reaction stands at what it is for, and a reply names what it answers', async () => {
    aurora.far.say(ayse, QUESTION);
    await answered(1);
    const { messageId } = answers()[0] ?? assert.fail('it was answered');
    aurora.far.react(ayse, messageId, '👍');
    await heard();
    assert.equal(one("SELECT reaction FROM messages WHERE author = 'bot' AND text LIKE '%ten%'"), '👍');
    aurora.far.react(ayse, messageId, null);
    await heard();
    assert.equal(one("SELECT reaction FROM messages WHERE author = 'bot' AND text LIKE '%ten%'"), null);
    aurora.far.say(ayse, { text: 'Thanks', reply_to_message: { message_id: messageId, from: { id: aurora.far.account.id } } });
    await heard();
    assert.match(one<string>('SELECT o.text FROM messages m JOIN messages o ON o.id = m.reply_to') ?? '', /open at ten/);
  });

  it('an album comes as several messages and gets one answer', async () => {
    aurora.ws.db.update(channels).set({ quietMs: 100 }).run();
    for (let n = 0; n < 3; n++) {
      const photo = [{ ...aurora.far.files.add(png()), width: 1, height: 1 }];
      aurora.far.say(ayse, { media_group_id: '77', photo, ...(n === 0 ? { caption: QUESTION } : {}) });
    }
    await aurora.far.until(() => aurora.far.sent.length >= 2);
    await heard();
    assert.equal(one<number>("SELECT count(*) FROM messages WHERE author = 'customer'"), 3);
    assert.equal(one<number>("SELECT count(*) FROM messages WHERE author = 'bot'"), 1);
    assert.equal(
      one<number>("SELECT answers_through FROM messages WHERE author = 'bot'"),
      one("SELECT max(id) FROM messages WHERE author = 'customer'"),
    );
  });

  it('blocking and unblocking stand in the conversation', async () => {
    aurora.far.say(ayse, 'Hello');
    await heard();
    aurora.far.block(ayse);
    aurora.far.unblock(ayse);
    await heard();
    const events = all<{ event: string }>("SELECT event FROM messages WHERE author = 'event' AND event LIKE '%reachable'");
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
    assert.match(last().visible, /Mensch|jemand|Person/i);
    assert.match(one<string>("SELECT text FROM messages WHERE event = 'came-by'") ?? '', /“shop-window”/);
  });

  it('an answer of an AI is shown as it is written, and then sent', async () => {
    const ai = await openaiSimulator({ tokenMs: 60 });
    try {
      ai.says = 'Yes, on **Sunday** we open at ten and close at four, and we bake until noon, as on any other day of the week.';
      const key = await addKey(aurora.ws, { provider: 'openai', name: '', key: ai.key ?? '', baseUrl: ai.url }, mira);
      assert.ok(key.ok);
      const { botId: clever } = createBot(aurora.ws, {
        settings: { name: 'Clever', providerKeyId: key.keyId, model: 'gpt-5-mini' },
        userId: mira,
      });
      publishDraft(aurora.ws, { botId: clever, userId: mira });
      aurora.far.say(ayse, QUESTION);
      await answered(1);
      assert.deepEqual(aurora.far.drafts, [], 'nothing of a bot before the notice that it is one');
      aurora.ws.sql.prepare('UPDATE channels SET bot_id = ?').run(clever);
      aurora.ws.sql.prepare('UPDATE conversations SET bot_id = ?').run(clever);
      aurora.far.say(ayse, QUESTION);
      await aurora.far.until(() => /any other day/.test(last().visible));
      assert.ok(aurora.far.drafts.length >= 1);
      for (const { visible, chat } of aurora.far.drafts) assert.ok(last().visible.startsWith(visible) && chat === ayse.chat, visible);
      assert.equal(aurora.far.sent.filter(({ visible }) => /any other day/.test(visible)).length, 1);
    } finally {
      await ai.close();
    }
  });

  it('what was shown of an answer that was dropped isn’t kept as said, but stands at its run', async () => {
    const ai = await openaiSimulator({ tokenMs: 5 });
    try {
      ai.says = 'Yes, on Sunday we open at ten and close at four, and we bake until noon.';
      const goOn = ai.holdHalfway();
      const key = await addKey(aurora.ws, { provider: 'openai', name: '', key: ai.key ?? '', baseUrl: ai.url }, mira);
      assert.ok(key.ok);
      const { botId: clever } = createBot(aurora.ws, {
        settings: { name: 'Clever', providerKeyId: key.keyId, model: 'gpt-5-mini' },
        userId: mira,
      });
      publishDraft(aurora.ws, { botId: clever, userId: mira });
      aurora.far.say(ayse, 'Hello');
      await aurora.far.until(() => aurora.far.sent.length > 1);
      aurora.ws.sql.prepare('UPDATE conversations SET bot_id = ?').run(clever);
      aurora.far.say(ayse, QUESTION);
      await aurora.far.until(() => aurora.far.drafts.length > 0);
      takeOver(aurora.ws, 1, mira);
      await eventually(() => assert.equal(one('SELECT state FROM runs WHERE shown IS NOT NULL ORDER BY id DESC'), 'dropped'));
      goOn();
      assert.match(one<string>('SELECT shown FROM runs ORDER BY id DESC') ?? '', /^Yes, on Sunday/);
      assert.equal(one<number>('SELECT count(*) FROM messages WHERE cut_off = 1'), 0);
    } finally {
      await ai.close();
    }
  });
});
