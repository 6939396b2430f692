import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { showTyping } from '../../src/answering/show-typing.ts';
import { addChannel, channelKinds, disconnectChannel } from '../../src/channels/index.ts';
import { conversationById, receiveEvents, type Conversation } from '../../src/conversations/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { addCast } from '../support/http.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

const ayse = { chat: 501, name: 'Ayşe Demir' };

describe('that an answer is on its way', () => {
  let far: TelegramSimulator;
  let test: TestInstallation;
  let ws: Workspace;
  let mira: number;
  let channelId: number;
  let conversation: Conversation;
  let stop: () => void;

  beforeEach(async () => {
    far = await new TelegramSimulator().start();
    test = await testInstallation({ env: { TELEGRAM_API_ROOT: far.url } });
    const id = cafeAurora(test.installation);
    ws = test.installation.workspaces.hold(id).workspace;
    mira = (await addCast(test.installation, id)).owner;
    channelId = (await addChannel(ws, { kind: 'telegram', settings: { token: far.token }, botId: null, userId: mira })).id;
    const [received] = await receiveEvents(ws, channelId, telegramSays('Are you open on Sunday?'));
    conversation = conversationById(ws, received?.conversationId ?? 0) ?? assert.fail('there is a conversation');
    mock.timers.enable({ apis: ['setInterval'] });
  });
  afterEach(async () => {
    stop();
    mock.timers.reset();
    await test.end();
    await far.stop();
  });

  const telegramSays = (text: string) => channelKinds['telegram']?.parse([far.say(ayse, text)]) ?? [];
  const begin = () => (stop = showTyping(ws, conversation));
  const shown = (times: number) => far.until(() => far.typing.length === times);

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
      void far.hold('sendChatAction', resolve).then(() => stop());
    });
    begin();
    await left;
  });

  it('fails nothing, whether Telegram refuses it or the channel is gone', async () => {
    far.fail('sendChatAction', { status: 403, description: 'Forbidden: bot was blocked by the user' });
    begin();
    mock.timers.tick(4000);
    await shown(1);
    stop();
    await disconnectChannel(ws, { channelId, userId: mira });
    begin();
    mock.timers.tick(4000);
  });
});
