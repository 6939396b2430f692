import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { startServer, type TestServer } from '../support/http.ts';

describe('the page of backups', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.end());

  /** Two days pass, on which somebody looks in, so that they stay signed in. */
  async function twoDays(): Promise<void> {
    for (let n = 0; n < 5; n++) {
      server.clock.move(10 * 3_600_000);
      await (await server.as('owner')).get('/account');
    }
  }

  it('makes one, shows it with its size, and hands it out sealed', async () => {
    const owner = await server.as('owner');
    assert.match((await owner.get('/backups')).text, /Nothing is backed up yet\.[^]*The first one comes tonight/);
    assert.equal((await owner.post('/backups')).status, 303);
    await eventually(async () => assert.match((await owner.get('/backups')).text, /Everything is backed up\.[^]*Whole[^]* MB/));
    const [, href = ''] = /href="(\/backups\/deskbell-[^"]*)"/.exec((await owner.get('/backups')).text) ?? [];
    const archive = await owner.get(href);
    assert.match(archive.headers.get('Content-Disposition') ?? '', /attachment; filename="?deskbell-.*\.backup/);
    assert.match(archive.text, /^deskbell-backup 001 [0-9a-f]{32}\n/);
    assert.match((await owner.get('/account')).text, /href="\/backups"/);
  });

  it('says what failed, and that the last one is old', async () => {
    const folder = join(server.installation.settings.dataDir, 'backups');
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    await twoDays();
    const owner = await server.as('owner');
    await owner.post('/backups');
    await eventually(async () => assert.match((await owner.get('/backups')).text, /Failed[^]*It could not be written[^]*Gone/));
    rmSync(folder);
    await owner.post('/backups');
    await eventually(async () => assert.match((await owner.get('/backups')).text, /Everything is backed up\./));
    await twoDays();
    assert.match((await owner.get('/backups')).text, /The last backup is old\./);
  });

  it('is the operator’s alone, and hands out nothing but archives', async () => {
    const admin = await server.as('admin');
    assert.notEqual((await admin.get('/backups')).status, 200);
    const owner = await server.as('owner');
    for (const name of ['..%2fcontrol.db', 'deskbell-2026-01-01T00-00-00.backup', 'master.key'])
      assert.equal((await owner.get(`/backups/${name}`)).status, 404);
  });
});
