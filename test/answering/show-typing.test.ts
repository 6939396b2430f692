import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { showTyping } from '../../src/answering/show-typing.ts';
import { addChannel, channelKinds, disconnectChannel } from '../../src/channels/index.ts';
import { conversationById, receiveEvents, type Conversation } from '../../src/conversations/index.ts';
import { onTelegram } from '../channels/on-telegram.ts';
import { addCast } from '../support/http.ts';

const ayse = { chat: 501, name: 'Ayşe Demir' };

describe('that an answer is on its way', () => {
  let mira: number;
  let channelId: number;
  let conversation: Conversation;
  let stop: () => void;
  afterEach(() => {
    stop();
    mock.timers.reset();
  });
  const aurora = onTelegram(beforeEach, afterEach);

  beforeEach(async () => {
    mira = (await addCast(aurora.test.installation, aurora.ws.id)).owner;
    channelId = (await addChannel(aurora.ws, { kind: 'telegram', settings: { token: aurora.far.token }, botId: null, userId: mira })).id;
    const [received] = await receiveEvents(aurora.ws, channelId, telegramSays('Are you open on Sunday?'));
    conversation = conversationById(aurora.ws, received?.conversationId ?? 0) ?? assert.fail('there is a conversation');
    mock.timers.enable({ apis: ['setInterval'] });
  });

  const telegramSays = (text: string) => channelKinds['telegram']?.parse([aurora.far.say(ayse, text)]) ?? [];
  const begin = () => (stop = showTyping(aurora.ws, conversation));
  const shown = (times: number) => aurora.far.until(() => aurora.far.typing.length === times);

  it('is shown at once and every four seconds, until the answer is there', async () => {
    begin();
    await shown(1);
    mock.timers.tick(4000);
    await shown(2);
    mock.timers.tick(4000);
    await shown(3);
    stop();
    mock.timers.tick(40_000);
    begin();
    await shown(4);
  });

  it('is not waited for: a call that isn’t answered ends with the answer', async () => {
    const left = new Promise<void>((resolve) => {
      void aurora.far.hold('sendChatAction', resolve).then(() => stop());
    });
    begin();
    await left;
  });

  it('fails nothing, whether Telegram refuses it or the channel is gone', async () => {
    aurora.far.fail('sendChatAction', { status: 403, description: 'Forbidden: bot was blocked by the user' });
    begin();
    mock.timers.tick(4000);
    await shown(1);
    stop();
    await disconnectChannel(aurora.ws, { channelId, userId: mira });
    begin();
    mock.timers.tick(4000);
  });
});
