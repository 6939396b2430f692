/** The disk fills up: nothing new is imported, then bots are silent; what customers write is stored to the end, and all goes on by itself. */
import assert from 'node:assert/strict';
import { withRoom } from '../../src/jobs/with-room.ts';
import { addText, readSource } from '../../src/knowledge/index.ts';
import { castOf } from '../answering/cast.ts';
import { Disk, MB } from '../support/disk.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type Answer, type TestServer } from '../support/http.ts';
import { request } from '../support/request.ts';

describe('a disk that fills up', () => {
  describe('on the pages', () => {
    let server: TestServer;
    let disk: Disk;
    let base: string;

    beforeEach(async () => {
      server = await startServer();
      disk = new Disk();
      disk.under(server.installation);
      base = `/w/${server.workspace}`;
    });
    afterEach(() => server.end());

    const left = (mb: number): Promise<void> => {
      disk.free = mb * MB;
      return server.installation.space.look();
    };
    const sources = (): unknown =>
      server.installation.workspaces.use(server.workspace, (ws) => ws.sql.prepare('SELECT count(*) FROM sources').pluck().get());
    const upload = async (): Promise<Answer> => {
      const owner = await server.as('owner');
      const body = [
        '--b',
        'Content-Disposition: form-data; name="csrf"',
        '',
        owner.csrf ?? '',
        '--b',
        'Content-Disposition: form-data; name="files"; filename="a.txt"',
        '',
        'We bake at night.',
        '--b--',
        '',
      ].join('\r\n');
      return owner.send('POST', `${base}/knowledge/new/files`, {
        body,
        headers: {
          Accept: 'text/html',
          Origin: server.url,
          'Content-Type': 'multipart/form-data; boundary=b',
          'X-CSRF-Token': owner.csrf ?? '',
        },
      });
    };

    it('files, texts and questions are refused in a plain sentence, what was typed comes back, and once there is room they are taken', async () => {
      const owner = await server.as('owner');
      await left(200);
      const text = await owner.post(`${base}/knowledge/new/text`, { title: 'Hours', text: 'We bake at night.' });
      const pair = await owner.post(`${base}/knowledge/new/questions`, {
        title: 'Hours',
        question: 'When do you bake?',
        answer: 'At night.',
      });
      const file = await upload();
      for (const answer of [text, pair, file]) {
        assert.equal(answer.status, 507);
        assert.match(answer.text, /disk is nearly full, so nothing new is read in/);
      }
      assert.match(text.text, /We bake at night\./);
      assert.match(pair.text, /When do you bake\?/);
      assert.equal(await sources(), 0);
      await left(400);
      assert.equal((await owner.post(`${base}/knowledge/new/text`, { title: 'Hours', text: 'We bake at night.' })).status, 303);
      assert.equal((await upload()).status, 303);
      assert.equal(await sources(), 2);
    });

    it('owners and admins are told what happened and what to do, on every page, until there is room', async () => {
      const seen = async (person: 'owner' | 'admin' | 'agent'): Promise<string> =>
        (await (await server.as(person)).get(`${base}/inbox`)).text;
      assert.doesNotMatch(await seen('owner'), /disk/);
      await left(200);
      assert.match(
        await seen('owner'),
        /disk is nearly full\.<\/b> 209\.7 MB are left, 335\.5 MB are needed\. Nothing new is read .* bots go on\. Free some room on the server/,
      );
      assert.match(await seen('admin'), /disk is nearly full/);
      assert.doesNotMatch(await seen('agent'), /disk/);
      await left(50);
      assert.match(await seen('owner'), /almost full\.<\/b> .* Bots are silent/);
      await left(1000);
      assert.doesNotMatch(await seen('owner'), /disk/);
    });

    it('/readyz is well while messages can be stored, and not when they may not be', async () => {
      const ready = async (): Promise<number> => (await request('GET', `${server.url}/readyz`)).status;
      await left(10);
      assert.equal(await ready(), 200);
      await left(1);
      assert.equal(await ready(), 503);
      await left(1000);
      assert.equal(await ready(), 200);
    });
  });

  it('bots are silent: what customers write is stored, they get the fallback sentence, a person is called; later the bot answers', async () => {
    const cast = await castOf();
    const disk = new Disk();
    disk.under(cast.test.installation);
    cast.ai.says = 'From nine to seven.';
    disk.free = 50 * MB;
    await cast.test.installation.space.look();
    await cast.write('Are you open on Sunday?');
    await cast.quiet();
    assert.deepEqual(
      cast.said().map(({ author }) => author),
      ['customer', 'bot'],
    );
    assert.match(cast.said()[1]?.text ?? '', /asked a person/);
    assert.equal(cast.runs().length, 0, 'no provider was asked');
    assert.match(String(cast.ws.sql.prepare('SELECT wanted_why FROM conversations').pluck().get()), /disk is almost full/);
    disk.free = 90 * MB;
    await cast.test.installation.space.look();
    await cast.write('And on Monday?');
    await cast.quiet();
    assert.equal(cast.said().at(-1)?.text, 'From nine to seven.');
    await cast.end();
  });

  it('a source that waits to be read is read by itself once there is room', async () => {
    const cast = await castOf();
    const { installation } = cast.test;
    const disk = new Disk();
    disk.under(installation);
    installation.jobs.begin({ 'read-source': withRoom(readSource) });
    const id = addText(cast.ws, { title: 'Night', text: 'We bake at night.', by: null });
    disk.free = 100 * MB;
    await installation.space.look();
    const job = (): unknown =>
      cast.ws.sql.prepare("SELECT attempts, lease, due_at > created_at AS later FROM jobs WHERE kind = 'read-source'").get();
    await eventually(() => assert.deepEqual(job(), { attempts: 0, lease: null, later: 1 }));
    disk.free = 1000 * MB;
    await installation.space.look();
    cast.ws.durable(() => cast.ws.sql.exec('UPDATE jobs SET due_at = 0'));
    installation.jobs.recover(cast.ws);
    await eventually(() => assert.equal(cast.ws.sql.prepare('SELECT state FROM sources WHERE id = ?').pluck().get(id), 'ready'));
    await cast.end();
  });
});
