import assert from 'node:assert/strict';
import { addChannel, disconnectChannel } from '../../src/channels/index.ts';
import { startWork, type Work } from '../../src/work.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { openCafe } from '../support/cafe.ts';
import { pageOf, words } from '../support/dom.ts';
import { eventually } from '../support/eventually.ts';
import type { Client } from '../support/http.ts';

const ana = { chat: 601, name: 'Ana Costa', language: 'en' };
const jonas = { chat: 502, name: 'Jonas *Weber*', language: 'en' };

describe('a member is told in Telegram, by the business’s own bot', () => {
  let far: TelegramSimulator;
  let work: Work;
  let agent: Client;
  let channelId: number;
  before(async () => void (far = await new TelegramSimulator().start()));
  const cafe = openCafe(before, after, () => ({ env: { TELEGRAM_API_ROOT: far.url, ALLOW_PRIVATE_ADDRESSES: '1' } }));
  before(async () => {
    work = await startWork(cafe.server.installation);
    const added = await addChannel(cafe.ws, {
      kind: 'telegram',
      settings: { token: far.token },
      botId: null,
      userId: cafe.server.people.owner,
    });
    channelId = added.id;
    await far.until(() => far.polling);
    agent = await cafe.server.as('agent');
  });
  after(async () => {
    await work.stop(1000);
    await far.stop();
  });

  const one = <T>(sql: string): T => cafe.ws.sql.prepare(sql).pluck().get() as T;
  const alerts = `/alerts`;
  const page = async (who = agent) => pageOf(await who.get(cafe.base + alerts));
  const heard = (): Promise<void> => far.until(() => far.polling && far.waiting === 0);
  const toAna = (): string[] => far.sent.filter(({ chat }) => chat === ana.chat).map(({ visible }) => visible);
  const settled = (): Promise<void> =>
    eventually(() => assert.equal(one("SELECT count(*) FROM jobs WHERE kind IN ('tell-team', 'tell-chat')"), 0));
  const link = async (): Promise<string> => {
    const document = pageOf(await agent.post(`${cafe.base}${alerts}/chats`, { channel: String(channelId) }));
    const address = document.querySelector('#chat-url')?.textContent ?? '';
    return /^https:\/\/t\.me\/aurora_cafe_bot\?start=(team_[\w-]{43})$/.exec(address)?.[1] ?? assert.fail(address);
  };
  /** A customer asks for a person; returns the conversation. */
  const ask = async (said = 'My cake fell [down](https://evil.example)'): Promise<number> => {
    cafe.ws.sql.exec("UPDATE conversations SET status = 'resolved'");
    far.say(jonas, said);
    await heard();
    return one('SELECT max(id) FROM conversations');
  };

  it('once they open a link that works once, and no conversation comes of it', async () => {
    const code = await link();
    far.say(ana, `/start ${code}`);
    await eventually(() => assert.match(toAna().join(), /^Here you are told when a customer of Café Aurora waits/));
    far.say(jonas, `/start ${code}`);
    await eventually(() => assert.match(far.sent.at(-1)?.visible ?? '', /^This link has run out\./));
    assert.equal(far.sent.at(-1)?.chat, jonas.chat);
    assert.deepEqual([one('SELECT count(*) FROM conversations'), one('SELECT count(*) FROM contacts')], [0, 0]);
    const document = await page();
    assert.match(words(document, 'h1, .line').join(), /You are told in Telegram/);
    assert.match(words(document, '#chats ~ *, .sheet').join(), /Ana Costa/);
    assert.doesNotMatch(words(await page(cafe.owner), '.sheet').join(), /Ana Costa/, 'it is nobody else’s');
  });

  it('at once, with the way to the conversation, and nothing of the customer', async () => {
    const id = await ask();
    await eventually(() => assert.match(toAna().at(-1) ?? '', new RegExp(`/conversations/${id}$`)));
    assert.match(toAna().at(-1) ?? '', /^A customer waits for a person on @aurora_cafe_bot, since /);
    assert.doesNotMatch(toAna().join(), /Weber|cake/);
  });

  it('with name and last words where they chose that, as they were written and without links of the customer’s making', async () => {
    const chat = one('SELECT id FROM member_chats');
    assert.equal((await agent.post(`${cafe.base}${alerts}/chats/${chat}`, { withWords: 'on' })).status, 303);
    await ask();
    await eventually(() => assert.match(toAna().at(-1) ?? '', /^Jonas \*Weber\* waits/));
    assert.match(toAna().at(-1) ?? '', /“My cake fell \[down\]\(https:\/\/evil\.example\)”/);
    const html = far.sent.findLast(({ chat: to }) => to === ana.chat)?.text ?? '';
    assert.doesNotMatch(html, /<a href="https:\/\/evil/);
  });

  it('and what they write there is no customer’s: no conversation, no call, a word of what the chat is for', async () => {
    const before = one('SELECT count(*) FROM conversations');
    far.say(ana, 'I want to talk to a person');
    far.say(ana, '/human');
    await eventually(() => assert.match(toAna().at(-1) ?? '', /^This chat only tells you that customers wait\./));
    await heard();
    assert.equal(one('SELECT count(*) FROM conversations'), before);
    assert.equal(one("SELECT count(*) FROM contacts WHERE name = 'Ana Costa'"), 0);
  });

  it('no more once they shut the bot out, with what to do, and again when they let it in', async () => {
    await settled();
    far.block(ana);
    await eventually(async () =>
      assert.match(words(await page(), '.sheet').join(), /The bot can’t write there any more\. Open its chat, touch “Start”/),
    );
    const told = toAna().length;
    await ask();
    await settled();
    assert.equal(toAna().length, told);
    far.unblock(ana);
    await eventually(() => assert.equal(one('SELECT says FROM member_chats'), null));
    await ask();
    await eventually(() => assert.equal(toAna().length, told + 1));
  });

  it('says the same where only the send shows that the bot was shut out', async () => {
    far.chats.blocked.add(ana.chat);
    await ask();
    await eventually(() => assert.match(one('SELECT says FROM member_chats'), /can’t write there/));
    far.chats.blocked.delete(ana.chat);
    far.say(ana, '/start');
    await eventually(() => assert.equal(one('SELECT says FROM member_chats'), null));
  });

  it('again after a message that Telegram refuses, which shuts nobody out', async () => {
    await settled();
    far.fail('sendMessage', { status: 400, description: 'Bad Request: message is too long' });
    await ask();
    await eventually(() => assert.match(one("SELECT says FROM jobs WHERE kind = 'tell-chat'") ?? '', /refused this message/));
    assert.equal(one('SELECT says FROM member_chats'), null);
    const told = toAna().length;
    await ask();
    await eventually(() => assert.equal(toAna().length, told + 1));
    cafe.ws.sql.exec("DELETE FROM jobs WHERE kind = 'tell-chat' AND parked_at IS NOT NULL");
  });

  it('not by a link that is older than a quarter of an hour, nor in a group', async () => {
    const group = { chat: -1009, title: 'The team' };
    const code = await link();
    far.sayIn(group, ana, `/start@aurora_cafe_bot ${code}`);
    await eventually(() => assert.match(far.sent.at(-1)?.visible ?? '', /^This link has run out\./));
    cafe.server.clock.move(15 * 60_000 + 1);
    far.say({ ...jonas, chat: 777 }, `/start ${code}`);
    await eventually(() => assert.equal(far.sent.at(-1)?.chat, 777));
    assert.equal(one('SELECT count(*) FROM member_chats'), 1);
  });

  it('no more once they may not answer: their chat is forgotten, and what they write is a customer’s again', async () => {
    const told = toAna().length;
    const role = (to: string) => cafe.owner.post(`${cafe.base}/settings/members/${cafe.server.people.agent}/role`, { role: to });
    await role('viewer');
    await ask();
    far.say(ana, 'Hello?');
    await eventually(() => assert.equal(one('SELECT count(*) FROM member_chats'), 0));
    assert.equal(toAna().length, told);
    await role('agent');
    far.say(ana, 'Are you open?');
    await eventually(() => assert.equal(one("SELECT count(*) FROM identities WHERE display_name = 'Ana Costa'"), 1));
  });

  it('until they end it themselves, or the bot is disconnected: then the page says what to do', async () => {
    far.say(ana, `/start ${await link()}`);
    await eventually(() => assert.equal(one('SELECT count(*) FROM member_chats'), 1));
    const chat = one('SELECT id FROM member_chats');
    assert.equal((await cafe.owner.post(`${cafe.base}${alerts}/chats/${chat}/remove`, {})).status, 404);
    assert.equal((await (await cafe.server.as('viewer')).post(`${cafe.base}${alerts}/chats`, { channel: String(channelId) })).status, 403);
    await disconnectChannel(cafe.ws, { channelId, userId: cafe.server.people.owner });
    assert.match(words(await page(), '.sheet').join(), /@aurora_cafe_bot is no longer connected\. End this, and link a chat/);
    assert.equal((await agent.post(`${cafe.base}${alerts}/chats/${chat}/remove`, {})).status, 303);
    assert.equal(one('SELECT count(*) FROM member_chats'), 0);
  });
});
