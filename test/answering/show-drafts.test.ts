import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { showDrafts } from '../../src/answering/show-drafts.ts';
import { addChannel, channelKinds, disconnectChannel } from '../../src/channels/index.ts';
import { conversationById, receiveEvents, type Conversation } from '../../src/conversations/index.ts';
import type { Update } from '../simulators/telegram-updates.ts';
import { onTelegram } from '../channels/on-telegram.ts';
import { addCast } from '../support/http.ts';

const ayse = { chat: 501, name: 'Ayşe Demir' };
const EVERY_MS = 10;

describe('an answer that is being written', () => {
  let mira: number;
  let channelId: number;
  let stop: () => void = () => undefined;
  afterEach(() => stop());
  const aurora = onTelegram(beforeEach, afterEach);

  beforeEach(async () => {
    mira = (await addCast(aurora.test.installation, aurora.ws.id)).owner;
    channelId = (await addChannel(aurora.ws, { kind: 'telegram', settings: { token: aurora.far.token }, botId: null, userId: mira })).id;
  });

  const told = ({ identityId }: Conversation) =>
    aurora.ws.sql
      .prepare("INSERT INTO notices_shown (identity_id, channel_id, kind, version, language, at) VALUES (?, ?, 'ai', '1', 'en', 0)")
      .run(identityId, channelId);
  /** The conversation that an update begins; the customer knows already that a bot answers. */
  const conversationOf = async (update: Update): Promise<Conversation> => {
    const [received] = await receiveEvents(aurora.ws, channelId, channelKinds['telegram']?.parse([update]) ?? []);
    const conversation = conversationById(aurora.ws, received?.conversationId ?? 0) ?? assert.fail('there is a conversation');
    told(conversation);
    return conversation;
  };
  const asked = () => conversationOf(aurora.far.say(ayse, 'Are you open on Sunday?'));
  const write = ({ id }: Conversation, text: string, runId = 7) =>
    aurora.ws.bus.publish({ type: 'draft', conversationId: id, runId, text });
  const begin = (conversation: Conversation) => (stop = showDrafts(aurora.ws, conversation, EVERY_MS));
  const shown = () => aurora.far.drafts.map(({ visible }) => visible);
  const until = (words: string) => aurora.far.until(() => shown().at(-1) === words);
  /** Long enough for several drafts. */
  const aWhile = () => pause(5 * EVERY_MS);

  it('is shown as it grows, under one id, as the customer will read it', async () => {
    const conversation = await asked();
    begin(conversation);
    write(conversation, 'We open at **nine** [1] and');
    await until('We open at nine and');
    write(conversation, ' close at six [1');
    await until('We open at nine and close at six');
    assert.deepEqual(new Set(aurora.far.drafts.map(({ id, chat }) => `${id} ${chat}`)), new Set(['7 501']));
  });

  it('is shown plainly where its marks are refused', async () => {
    const conversation = await asked();
    begin(conversation);
    aurora.far.fail('sendMessageDraft', { status: 400, description: "Bad Request: can't parse entities: Unsupported start tag" });
    write(conversation, '**nine**');
    await until('**nine**');
  });

  it('has one draft on its way at most, and the next one shows all that came meanwhile', async () => {
    const conversation = await asked();
    begin(conversation);
    const held = aurora.far.hold('sendMessageDraft');
    write(conversation, 'We');
    await held;
    write(conversation, ' open');
    await aWhile();
    assert.deepEqual(shown(), []);
    stop();
    begin(conversation);
    write(conversation, ' at nine');
    await until('We open at nine');
  });

  it('is shown no longer once it is there, or was dropped', async () => {
    const conversation = await asked();
    begin(conversation);
    write(conversation, 'We open');
    await until('We open');
    aurora.ws.bus.publish({ type: 'draft-ended', conversationId: conversation.id, runId: 7, messageId: null });
    await aWhile();
    write(conversation, 'At nine', 8);
    await until('At nine');
    stop();
    write(conversation, ' sharp', 8);
    await aWhile();
    assert.deepEqual(shown(), ['We open', 'At nine']);
  });

  it('waits as long as Telegram asks', async () => {
    const conversation = await asked();
    begin(conversation);
    aurora.far.fail('sendMessageDraft', { status: 429, retryAfter: 0.1 });
    write(conversation, 'We');
    const began = performance.now();
    await until('We');
    assert.ok(performance.now() - began > 100, 'a tenth of a second passed');
  });

  it('is given up where Telegram refuses it, and fails nothing', async () => {
    const conversation = await asked();
    begin(conversation);
    aurora.far.fail('sendMessageDraft', { status: 404, description: 'Not Found: method not found' });
    write(conversation, 'We');
    await aWhile();
    write(conversation, ' open');
    await aWhile();
    assert.deepEqual(shown(), []);
  });

  it('is never shown in a group or for a business account', async () => {
    const group = { chat: -1001, title: 'Neighbours' };
    const inGroup = aurora.far.sayIn(group, ayse, '@aurora_cafe_bot are you open?') ?? assert.fail('it was heard');
    const self = { account: { id: String(aurora.far.account.id), name: '@aurora_cafe_bot' }, at: 0 };
    const [received] = await receiveEvents(aurora.ws, channelId, channelKinds['telegram']?.parse(inGroup, self) ?? []);
    const groups = conversationById(aurora.ws, received?.conversationId ?? 0) ?? assert.fail('there is a conversation');
    told(groups);
    aurora.far.connectBusiness('bc_1', { chat: 601, name: 'Mira' });
    const business = await conversationOf(aurora.far.sayToBusiness('bc_1', { chat: 502, name: 'Jonas' }, 'Are you open?'));
    for (const conversation of [groups, business]) {
      begin(conversation);
      write(conversation, 'We open at nine');
      await aWhile();
      stop();
    }
    assert.equal(aurora.far.calls.get('sendMessageDraft'), undefined, 'Telegram isn’t even asked');
  });

  it('isn’t shown before the customer was told that a bot answers', async () => {
    const conversation = await asked();
    aurora.ws.sql.exec('DELETE FROM notices_shown');
    begin(conversation);
    write(conversation, 'We open at nine');
    await aWhile();
    assert.deepEqual(shown(), []);
  });

  it('isn’t shown where it is longer than a message, of which a preview would be a part', async () => {
    const conversation = await asked();
    begin(conversation);
    write(conversation, 'x'.repeat(5000));
    await aWhile();
    assert.deepEqual(shown(), []);
  });

  it('fails nothing when the channel was disconnected', async () => {
    const conversation = await asked();
    begin(conversation);
    await disconnectChannel(aurora.ws, { channelId, userId: mira });
    write(conversation, 'We open at nine');
    await aWhile();
    assert.deepEqual(shown(), []);
  });
});
