/** One business's database is ill: its file was overwritten, or it is gone. The others are served as if nothing were. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createApp } from '../../src/app.ts';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { addChannel } from '../../src/channels/index.ts';
import { closeInstallation, openInstallation } from '../../src/installation.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { startWork } from '../../src/work.ts';
import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.ts';
import { cafeAurora, testInstallation } from '../support/installation.ts';
import { request, type Sent } from '../support/request.ts';

describe('an ill database', () => {
  for (const [what, spoil] of [
    ['overwritten with noise', (file: string) => writeFileSync(file, Buffer.alloc(40_000, 'noise'))],
    ['cut to nothing', (file: string) => writeFileSync(file, '')],
    ['away with its folder', (file: string) => rmSync(join(file, '..'), { recursive: true })],
  ] as const)
    it(`that is ${what} keeps no other business from being answered, and is said in words`, async () => {
      const test = await testInstallation();
      const made: { id: string; folder: string; widget: string }[] = [];
      for (const name of ['Café Aurora', 'Bistro Zeppelin']) {
        const id = cafeAurora(test.installation, name);
        const { workspace, release } = test.installation.workspaces.hold(id);
        const { botId } = createBot(workspace, { settings: { name: 'Bot' }, userId: null });
        publishDraft(workspace, { botId, userId: null });
        const { publicId } = await addChannel(workspace, { kind: 'widget', settings: {}, botId, userId: null });
        made.push({ id, folder: workspace.folder, widget: publicId });
        release();
      }
      const [ill, well] = made;
      assert.ok(ill && well);
      await closeInstallation(test.installation);
      for (const ending of ['-wal', '-shm']) rmSync(join(ill.folder, `workspace.db${ending}`), { force: true });
      spoil(join(ill.folder, 'workspace.db'));

      test.installation = await openInstallation(test.settings, systemClock);
      const work = await startWork(test.installation);
      const server = createApp(test.installation).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const say = (widget: string): Promise<Sent> =>
        request('POST', `${url}/widget/${widget}/messages`, {
          body: JSON.stringify({ text: 'Are you open?', clientId: randomUUID() }),
          headers: { 'Content-Type': 'application/json' },
        });
      const refused = await say(ill.widget);
      assert.equal(refused.status, 503);
      assert.throws(() => test.installation.workspaces.hold(ill.id), 'it does not begin anew as an empty one');
      assert.doesNotMatch(refused.text, /SQLITE|malformed|no such table|\.ts|stack/i);
      assert.equal((await say(well.widget)).status, 200);
      const { workspace, release } = test.installation.workspaces.hold(well.id);
      await eventually(() => assert.equal(workspace.sql.prepare("SELECT count(*) FROM messages WHERE author = 'bot'").pluck().get(), 1));
      release();
      assert.equal((await request('GET', `${url}/readyz`)).status, 200);
      await work.stop(500);
      server.closeAllConnections();
      server.close();
      await test.end();
    });
});
