/** A business's database falls ill while the server runs: it alone is closed, at once and in words; the others never notice. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mock } from 'node:test';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { addChannel } from '../../src/channels/index.ts';
import { IllWorkspace } from '../../src/db/closed-workspaces.ts';
import { enqueue } from '../../src/jobs/enqueue.ts';
import { startWork, type Work } from '../../src/work.ts';
import type { Workspace } from '../../src/workspace.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type TestServer } from '../support/http.ts';
import { cafeAurora } from '../support/installation.ts';
import { request, type Sent } from '../support/request.ts';

interface Business {
  id: string;
  ws: Workspace;
  widget: string;
}

/** What waits for a time alone isn't under way. */
const LEFT = "SELECT count(*) FROM jobs WHERE kind <> 'nobody-came'";
const NOISE = Buffer.alloc(4096, 'noise');

describe('a database that falls ill while the server runs', () => {
  let server: TestServer;
  let work: Work;
  let far: TelegramSimulator;
  let ill: Business;
  let well: Business;
  let logged: Record<string, unknown>[];
  let ahead: number;

  beforeEach(async () => {
    far = await new TelegramSimulator().start();
    server = await startServer({ env: { TELEGRAM_API_ROOT: far.url } });
    const { installation, clock } = server;
    ahead = 0;
    clock.steady = () => performance.now() + ahead;
    logged = [];
    mock.method(installation.log, 'error', (about: Record<string, unknown>) => void logged.push(about));
    ill = await business(server.workspace);
    well = await business(cafeAurora(installation, 'Bistro Zeppelin'));
    await addChannel(ill.ws, { kind: 'telegram', settings: { token: far.token }, botId: null, userId: null });
    work = await startWork(installation);
    assert.equal((await say(ill)).status, 200);
    await answered(ill, 1);
  });
  afterEach(async () => {
    await work.stop(100);
    await server.end();
    await far.stop();
  });

  async function business(id: string): Promise<Business> {
    const { workspace: ws, release } = server.installation.workspaces.hold(id);
    const { botId } = createBot(ws, { settings: { name: 'Bot' }, userId: null });
    publishDraft(ws, { botId, userId: null });
    const { publicId } = await addChannel(ws, { kind: 'widget', settings: {}, botId, userId: null });
    release();
    return { id, ws, widget: publicId };
  }

  const say = ({ widget }: Business, clientId = randomUUID() as string): Promise<Sent> =>
    request('POST', `${server.url}/widget/${widget}/messages`, {
      body: JSON.stringify({ text: 'Are you open?', clientId }),
      headers: { 'Content-Type': 'application/json' },
    });
  const use = <T>(one: Business, act: (ws: Workspace) => T): Promise<T> => server.installation.workspaces.use(one.id, act);
  const answered = (one: Business, times: number): Promise<void> =>
    eventually(async () =>
      assert.equal(await use(one, (ws) => ws.sql.prepare("SELECT count(*) FROM messages WHERE author = 'bot'").pluck().get()), times),
    );

  /** Every page of the file is noise, as after a fault of the disk; what the connection remembers is forgotten. */
  function spoil({ ws }: Business): void {
    ws.sql.pragma('wal_checkpoint(TRUNCATE)');
    const pages = Number(ws.sql.pragma('page_count', { simple: true }));
    writeFileSync(join(ws.folder, 'workspace.db'), Buffer.concat(Array<Buffer>(pages).fill(NOISE)), { flag: 'r+' });
    ws.sql.pragma('cache_size = 0');
    ws.sql.pragma('shrink_memory');
  }

  /** The disk fails under the next message, until the database is opened anew. */
  function failDisk({ ws }: Business): void {
    ws.sql.function('disk_fails', () => {
      throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_WRITE');
    });
    ws.sql.exec('CREATE TEMP TRIGGER failing BEFORE INSERT ON messages BEGIN SELECT disk_fails(); END');
  }

  it('is closed: its requests get a plain page and what to do, its jobs stop, the log names it, and others are served', async () => {
    const owner = await server.as('owner');
    const live = await fetch(`${server.url}/w/${ill.id}/live`, { headers: { Cookie: owner.cookie ?? '' } });
    await use(ill, (ws) => ws.write(() => enqueue(ws, { kind: 'answer', key: '999', dueAt: server.clock.now() + 1000 })));
    spoil(ill);
    const first = await say(ill);
    assert.deepEqual(
      [first.status, JSON.parse(first.text)],
      [503, { error: 'This can’t be answered just now. Try again later.', reference: JSON.parse(first.text).reference }],
    );
    const page = await owner.get(`/w/${ill.id}/inbox`);
    assert.equal(page.status, 503);
    assert.match(page.text, /database of this business is damaged.*closed before more is lost.*backup of its folder/s);
    assert.doesNotMatch(page.text, /SQLITE|malformed|\.ts:/);
    assert.throws(() => server.installation.workspaces.hold(ill.id), IllWorkspace);
    await eventually(() => assert.equal(ill.ws.sql.open, false));
    const [line] = logged.filter(({ folder }) => folder !== undefined);
    assert.deepEqual([line?.['workspace'], line?.['folder']], [ill.id, ill.ws.folder]);
    assert.match(String(line?.['code']), /CORRUPT|NOTADB/);
    server.clock.move(2000);
    server.installation.jobs.tick();
    assert.equal((await say(well)).status, 200);
    await answered(well, 1);
    assert.equal((await request('GET', `${server.url}/readyz`)).status, 200);
    // An open page hears nothing of it: its next event ends the stream, not the process.
    server.installation.workspaces.bus(ill.id).publish({ type: 'conversation', conversationId: 1, revision: 99 });
    await live.text();
    ahead = 3_600_000;
    server.installation.workspaces.tryIll();
    assert.throws(
      () => server.installation.workspaces.hold(ill.id),
      IllWorkspace,
      'a damaged file is not tried again before the next start',
    );
  });

  it('by the disk, it is opened again after a minute: its jobs, its channels and its customers go on', async () => {
    const { workspaces } = server.installation;
    failDisk(ill);
    const clientId = randomUUID();
    assert.equal((await say(ill, clientId)).status, 503);
    assert.match((await (await server.as('owner')).get(`/w/${ill.id}/inbox`)).text, /disk failed.*tried again every minute/s);
    workspaces.tryIll();
    assert.equal((await say(ill, clientId)).status, 503, 'it is not tried at once');
    assert.equal((await say(well)).status, 200);
    far.say({ chat: 501, name: 'Ayşe' }, 'Hi');
    ahead = 61_000;
    workspaces.tryIll();
    assert.equal((await say(ill, clientId)).status, 200);
    await answered(ill, 2);
    await far.until(() => far.polling && far.waiting === 0);
    const said = await use(ill, (ws) => ws.sql.prepare("SELECT text FROM messages WHERE author = 'customer' ORDER BY id").pluck().all());
    assert.deepEqual(said.toSorted(), ['Are you open?', 'Are you open?', 'Hi']);
  });

  it('is noticed by what a channel brings, too, and that is fetched again', async () => {
    failDisk(ill);
    far.say({ chat: 501, name: 'Ayşe' }, 'Hi');
    await eventually(() => assert.ok(server.installation.workspaces.illness(ill.id)));
    ahead = 61_000;
    server.installation.workspaces.tryIll();
    await far.until(() => far.polling && far.waiting === 0);
    const said = await use(ill, (ws) => ws.sql.prepare("SELECT count(*) FROM messages WHERE text = 'Hi'").pluck().get());
    assert.equal(said, 1);
  });

  it('in the middle of an answer, the answer is made once it is open again', async () => {
    const { workspaces } = server.installation;
    ill.ws.sql.function('disk_fails', () => {
      throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_WRITE');
    });
    ill.ws.sql.exec("CREATE TEMP TRIGGER failing BEFORE INSERT ON messages WHEN new.author = 'bot' BEGIN SELECT disk_fails(); END");
    assert.equal((await say(ill)).status, 200);
    await eventually(() => assert.ok(workspaces.illness(ill.id)));
    ahead = 61_000;
    workspaces.tryIll();
    await answered(ill, 2);
    await eventually(async () => assert.equal(await use(ill, (ws) => ws.sql.prepare(LEFT).pluck().get()), 0));
  });
});
