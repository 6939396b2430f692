import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from '../../src/db/drizzle.ts';
import { messages } from '../../src/db/schema/workspace.ts';
import { addChannel, findByPublicId, rebuildRoutes, startListening, type Listening } from '../../src/channels/index.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import { closeInstallation, openInstallation } from '../../src/installation.ts';
import type { Workspace } from '../../src/workspace.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';

const ayse = { chat: 501, name: 'Ayşe Demir' };

describe('the listeners of many workspaces', () => {
  let far: TelegramSimulator;
  let test: TestInstallation;
  let ws: Workspace;
  let listening: Listening | null = null;

  beforeEach(async () => {
    far = await new TelegramSimulator().start();
    test = await testInstallation({ env: { TELEGRAM_API_ROOT: far.url } });
    ws = test.installation.workspaces.hold(cafeAurora(test.installation)).workspace;
  });
  afterEach(async () => {
    await listening?.stop();
    await test.end();
    await far.stop();
  });

  const listen = () => {
    const started = startListening(test.installation, (workspace, channelId, events, state) =>
      receiveEvents(workspace, channelId, events, { state }),
    );
    listening = started;
    return test.installation.workspaces.each((each) => started.begin(each));
  };
  const connect = () => addChannel(ws, { kind: 'telegram', settings: { token: far.token }, botId: null, userId: null });
  const texts = () =>
    ws.db
      .select({ text: messages.text })
      .from(messages)
      .where(eq(messages.author, 'customer'))
      .all()
      .map(({ text }) => text);

  it('a workspace whose database is ill doesn’t keep the others from being heard', async () => {
    const ill = cafeAurora(test.installation, 'Bistro Nord');
    const { publicId } = await connect();
    await test.installation.jobs.stop(0);
    await closeInstallation(test.installation);
    writeFileSync(join(test.settings.dataDir, 'workspaces', ill, 'workspace.db'), 'this was a database once '.repeat(400));
    test.installation = await openInstallation(test.settings);
    await test.installation.workspaces.each(rebuildRoutes);
    ws = test.installation.workspaces.hold(ws.id).workspace;
    assert.equal(findByPublicId(test.installation, publicId)?.workspaceId, ws.id);
    await listen();
    far.say(ayse, 'Hi');
    await far.until(() => far.polling && far.waiting === 0);
    assert.deepEqual(texts(), ['Hi']);
  });

  it('a workspace that is made after the start is listened to as well', async () => {
    await listen();
    const later = cafeAurora(test.installation, 'Bistro Nord');
    ws = test.installation.workspaces.hold(later).workspace;
    await connect();
    far.say(ayse, 'Moin');
    await far.until(() => far.polling && far.waiting === 0);
    assert.deepEqual(texts(), ['Moin']);
  });
});
