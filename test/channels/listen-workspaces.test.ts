import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from '../../src/db/drizzle.ts';
import { messages } from '../../src/db/schema/workspace.ts';
import { addChannel, findByPublicId, rebuildRoutes, startListening, type Listening } from '../../src/channels/index.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import { closeInstallation, openInstallation } from '../../src/installation.ts';
import { cafeAurora } from '../support/installation.ts';
import { onTelegram } from './on-telegram.ts';

const ayse = { chat: 501, name: 'Ayşe Demir' };

describe('the listeners of many workspaces', () => {
  let listening: Listening | null = null;
  afterEach(() => listening?.stop());
  const aurora = onTelegram(beforeEach, afterEach);

  const listen = () => {
    const started = startListening(aurora.test.installation, (workspace, channelId, events, state) =>
      receiveEvents(workspace, channelId, events, { state }),
    );
    listening = started;
    return aurora.test.installation.workspaces.each((each) => started.begin(each));
  };
  const connect = () => addChannel(aurora.ws, { kind: 'telegram', settings: { token: aurora.far.token }, botId: null, userId: null });
  const texts = () =>
    aurora.ws.db
      .select({ text: messages.text })
      .from(messages)
      .where(eq(messages.author, 'customer'))
      .all()
      .map(({ text }) => text);

  it('a workspace whose database is ill doesn’t keep the others from being heard', async () => {
    const ill = cafeAurora(aurora.test.installation, 'Bistro Nord');
    const { publicId } = await connect();
    await aurora.test.installation.jobs.stop(0);
    await closeInstallation(aurora.test.installation);
    writeFileSync(join(aurora.test.settings.dataDir, 'workspaces', ill, 'workspace.db'), 'this was a database once '.repeat(400));
    aurora.test.installation = await openInstallation(aurora.test.settings);
    await aurora.test.installation.workspaces.each(rebuildRoutes);
    aurora.ws = aurora.test.installation.workspaces.hold(aurora.ws.id).workspace;
    assert.equal(findByPublicId(aurora.test.installation, publicId)?.workspaceId, aurora.ws.id);
    await listen();
    aurora.far.say(ayse, 'Hi');
    await aurora.far.until(() => aurora.far.polling && aurora.far.waiting === 0);
    assert.deepEqual(texts(), ['Hi']);
  });

  it('a workspace that is made after the start is listened to as well', async () => {
    await listen();
    const later = cafeAurora(aurora.test.installation, 'Bistro Nord');
    aurora.ws = aurora.test.installation.workspaces.hold(later).workspace;
    await connect();
    aurora.far.say(ayse, 'Moin');
    await aurora.far.until(() => aurora.far.polling && aurora.far.waiting === 0);
    assert.deepEqual(texts(), ['Moin']);
  });
});
