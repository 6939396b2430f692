/** At night a workspace's file becomes small again: it is closed for a moment, its visitors wait, and others never notice. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { addChannel } from '../../src/channels/index.ts';
import { DatabaseTender } from '../../src/db/tend-databases.ts';
import { tidyWorkspace } from '../../src/db/tidy-workspace.ts';
import { releaseSearch, search } from '../../src/knowledge/index.ts';
import { startWork, type Work } from '../../src/work.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type TestServer } from '../support/http.ts';
import { cafeAurora } from '../support/installation.ts';
import { request, type Sent } from '../support/request.ts';

interface Business {
  id: string;
  file: string;
  widget: string;
}

describe('a workspace whose file holds much that is free', () => {
  let server: TestServer;
  let work: Work;
  let far: TelegramSimulator;
  let tender: DatabaseTender;
  let large: Business;
  let other: Business;

  beforeEach(async () => {
    far = await new TelegramSimulator().start();
    server = await startServer({ env: { TELEGRAM_API_ROOT: far.url } });
    const { installation } = server;
    large = await business(server.workspace);
    other = await business(cafeAurora(installation, 'Bistro Zeppelin'));
    await installation.workspaces.use(large.id, async (ws) => {
      await addChannel(ws, { kind: 'telegram', settings: { token: far.token }, botId: null, userId: null });
      const insert = ws.sql.prepare(
        'INSERT INTO unrecognised (channel_id, body, received_at) VALUES ((SELECT min(id) FROM channels), ?, 0)',
      );
      ws.write(() => {
        for (let n = 0; n < 8000; n++) insert.run('and so on '.repeat(300));
      });
      ws.write(() => ws.sql.exec('DELETE FROM unrecognised WHERE id % 10 <> 0'));
    });
    work = await startWork(installation);
    tender = new DatabaseTender({
      open: () => installation.workspaces.opened(),
      fault: (id, error) => installation.workspaces.noteFault(id, error),
      log: installation.log,
    });
  });
  afterEach(async () => {
    await tender.stop();
    await work.stop(100);
    await server.end();
    await far.stop();
  });

  async function business(id: string): Promise<Business> {
    return server.installation.workspaces.use(id, async (ws) => {
      const { botId } = createBot(ws, { settings: { name: 'Bot' }, userId: null });
      publishDraft(ws, { botId, userId: null });
      const { publicId } = await addChannel(ws, { kind: 'widget', settings: {}, botId, userId: null });
      return { id, file: ws.sql.name, widget: publicId };
    });
  }

  const say = ({ widget }: Business): Promise<Sent> =>
    request('POST', `${server.url}/widget/${widget}/messages`, {
      body: JSON.stringify({ text: 'Are you open?', clientId: randomUUID() }),
      headers: { 'Content-Type': 'application/json' },
    });
  const tidy = (againMs = 5): Promise<void> =>
    tidyWorkspace(
      { ...server.installation, tender, release: releaseSearch, mustWriteAnew: () => false, writtenAnew: () => undefined, againMs },
      large.id,
    );
  const count = (sql: string): Promise<unknown> => server.installation.workspaces.use(large.id, (ws) => ws.sql.prepare(sql).pluck().get());
  const resting = (): Promise<void> => eventually(() => assert.ok(server.installation.workspaces.isClosed(large.id)));

  it('is closed for a moment and written anew: its visitors wait, its pages come back, its channels and answers go on', async () => {
    const owner = await server.as('owner');
    const live = await fetch(`${server.url}/w/${large.id}/live`, { headers: { Cookie: owner.cookie ?? '' } });
    await server.installation.workspaces.use(large.id, (ws) => search(ws, { query: 'night' }));
    const tidying = tidy();
    await resting();
    const waiting = say(large);
    const page = await owner.get(`/w/${large.id}/inbox`);
    assert.deepEqual([page.status, page.headers.get('Retry-After')], [503, '2']);
    assert.match(page.text, /a few seconds\. Load this page again/);
    const meanwhile = say(other);
    await tidying;
    assert.deepEqual([(await waiting).status, (await meanwhile).status], [200, 200]);
    await live.text(); // it was ended, so that the page opens it anew
    assert.ok(statSync(large.file).size < 6_000_000, `${statSync(large.file).size} bytes are left of 32 MB`);
    assert.equal(await count('SELECT count(*) FROM unrecognised'), 800);
    assert.equal((await owner.get(`/w/${large.id}/inbox`)).status, 200);
    await eventually(async () => assert.equal(await count("SELECT count(*) FROM messages WHERE author = 'bot'"), 1));
    far.say({ chat: 501, name: 'Ayşe' }, 'Hi');
    await far.until(() => far.polling && far.waiting === 0);
    assert.equal(await count("SELECT count(*) FROM messages WHERE text = 'Hi'"), 1);
  });

  it('is left alone while somebody works in it, and goes on at once; it is tried again', async () => {
    const before = statSync(large.file).size;
    const { release } = server.installation.workspaces.hold(large.id);
    const tidying = tidy(20);
    await resting();
    await eventually(() => assert.ok(!server.installation.workspaces.isClosed(large.id)));
    assert.equal((await say(large)).status, 200);
    assert.ok(statSync(large.file).size >= before);
    release();
    await tidying;
    assert.ok(statSync(large.file).size < 6_000_000);
  });

  it('that is hardly free stays open, and its log is cut', async () => {
    large = other;
    const { release, workspace } = server.installation.workspaces.hold(other.id);
    await tidy();
    assert.equal(statSync(`${other.file}-wal`).size, 0);
    assert.equal(workspace.sql.open, true);
    release();
  });
});
