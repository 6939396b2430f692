import assert from 'node:assert/strict';
import { addSite, closeReading, removeSource, search } from '../../src/knowledge/index.ts';
import { listSources } from '../../src/knowledge/knowledge.queries.ts';
import { readSite } from '../../src/knowledge/web/change-site.ts';
import { pageWith } from '../../src/knowledge/web/page-rows.ts';
import type { Workspace } from '../../src/workspace.ts';
import { html, linksTo, sitemap, website, type Website } from '../simulators/website.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type Client, type TestServer } from '../support/http.ts';
import { cameTo, heldUp, pagesOf, webKinds } from './web-desk.ts';

const RULES = { only: '', not: '', depth: '5', most: '500', keepGoneDays: '14' };

describe('the pages of a website', () => {
  let server: TestServer;
  let ws: Workspace;
  let release: () => void;
  let owner: Client;
  let site: Website;
  let base: string;
  beforeEach(async () => {
    server = await startServer();
    ({ workspace: ws, release } = server.installation.workspaces.hold(server.workspace));
    await server.installation.jobs.start(webKinds());
    site = await website();
    owner = await server.as('owner');
    base = `/w/${server.workspace}/knowledge`;
    site.pages.set('/', html('Home', linksTo('/menu/cake', '/menu/tea', '/blog/one', '/broken')));
    for (const path of ['/menu/cake', '/menu/tea', '/blog/one'])
      site.pages.set(path, html(`Page ${path}`, `<p>The zeppelin stands on ${path} and nowhere else.</p>`));
    site.pages.set('/broken', { status: 403 });
  });
  afterEach(async () => {
    await server.installation.jobs.stop(0);
    release();
    await server.end();
    await site.close();
  });
  after(() => closeReading());

  async function given(): Promise<number> {
    const sent = await owner.post(`${base}/new/web`, { address: site.url, reach: 'site' });
    assert.equal(sent.status, 303);
    const id = Number(sent.location?.split('/').at(-1));
    await cameTo(ws, id, 'found');
    return id;
  }

  it('without JavaScript: given, shown by its folders with an estimate, narrowed, read', async () => {
    const id = await given();
    const { text } = await owner.get(`${base}/${id}`);
    assert.match(text, /5 pages found\. Say which to read: nothing is used before\./);
    assert.match(text, /\/menu\/<\/th><td class="is-num">2<[^]*Passages<\/dt><dd>about 4</);
    assert.match(text, /403/);
    const read = await owner.post(`${base}/${id}/rules`, { ...RULES, not: '/blog/', act: 'read' });
    assert.deepEqual([read.status, read.location], [303, `${base}/${id}`]);
    await cameTo(ws, id, 'ready');
    assert.match((await owner.get(`${base}/${id}`)).text, /Bots can look things up in 3 passages of 4 pages\./);
    assert.ok(!pagesOf(ws, id).some((line) => line.includes('/blog/')));
    assert.match((await owner.get(base)).text, /In use/);
  });

  it('every failure stands beside its page with a way to try again, alone or all together', async () => {
    const id = await given();
    readSite(ws, id);
    await cameTo(ws, id, 'ready');
    const { text } = await owner.get(`${base}/${id}?show=failed`);
    const broken = pageWith(ws, id, '/broken')?.id ?? 0;
    assert.match(text, /The site refuses to show this page \(403\)\./);
    assert.ok(text.includes(`action="${base}/${id}/pages/${broken}/retry"`));
    assert.equal(text.match(/id="web-page-/g)?.length, 1, 'the others are not among the failed');
    site.pages.set('/broken', html('Mended', '<p>The lemonade is mended.</p>'));
    for (const path of [`pages/${broken}/retry`, 'pages/retry']) {
      assert.equal((await owner.post(`${base}/${id}/${path}`)).status, 303);
      await cameTo(ws, id, 'ready');
    }
    assert.ok(pagesOf(ws, id).includes('ready /broken'));
    assert.equal((await owner.post(`${base}/${id}/pages/99999/retry`)).status, 404);
  });

  it('long lists are paged and filtered', async () => {
    const paths = Array.from({ length: 120 }, (_, at) => `/p${'x'.repeat(at + 1)}`);
    site.pages.set('/sitemap.xml', sitemap(site.url, ...paths));
    const id = await given();
    const first = (await owner.get(`${base}/${id}`)).text;
    assert.equal(first.match(/id="web-page-/g)?.length, 50);
    assert.match(first, /list&#x3D;2#pages/);
    const last = (await owner.get(`${base}/${id}?show=all&list=3`)).text;
    assert.equal(last.match(/id="web-page-/g)?.length, 21);
    assert.doesNotMatch(last, /list&#x3D;4#pages/);
    for (const odd of ['show=nothing', 'list=-1', 'list=99999', 'show=gone&list=2'])
      assert.equal((await owner.get(`${base}/${id}?${odd}`)).status, 200, odd);
  });

  it('the rules are checked, and what was typed stays', async () => {
    const id = await given();
    const wrong = { most: '0', depth: 'deep', keepGoneDays: '400', only: 'menu' };
    for (const [field, value] of Object.entries(wrong)) {
      const { status, text } = await owner.post(`${base}/${id}/rules`, { ...RULES, [field]: value, act: 'read' });
      assert.equal(status, 422, field);
      assert.match(text, /aria-invalid="true"/, field);
      assert.ok(text.includes(value), field);
    }
    assert.equal((await owner.post(`${base}/${id}/rules`, { ...RULES, act: 'burn' })).status, 422);
    assert.equal((await owner.post(`${base}/new/web`, { address: 'nothing', reach: 'site' })).status, 422);
  });

  /** What a stream has said so far, and when it ends. */
  async function listen(path: string): Promise<{ said: string; ended: Promise<void> }> {
    const { body } = await fetch(server.url + path, { headers: { Cookie: owner.cookie ?? '', Accept: 'text/event-stream' } });
    const heard = { said: '', ended: Promise.resolve() };
    heard.ended = (async () => {
      for await (const part of (body ?? assert.fail()).pipeThrough(new TextDecoderStream())) heard.said += part;
    })();
    return heard;
  }

  it('is told live how the reading goes', async () => {
    const id = await given();
    const stream = await listen(`${base}/${id}/live`);
    await eventually(() => assert.match(stream.said, /Say which to read/));
    readSite(ws, id);
    await eventually(() => assert.match(stream.said, /Bots can look things up in 4 passages of 5 pages\.[^]*web-pages/), 5000);
    removeSource(ws, id);
    await stream.ended;
    assert.equal((await owner.get(`${base}/${id}/live`)).status, 404);
  });

  it('who may only look sees how it stands, and no button', async () => {
    const id = await given();
    const viewer = await server.as('viewer');
    const { text } = await viewer.get(`${base}/${id}`);
    assert.match(text, /5 pages found/);
    assert.ok(!text.includes('<form'), 'nothing to press');
    for (const path of ['rules', 'pause', 'resume', 'refresh', 'schedule', 'pages/retry', 'pages/1/retry'])
      assert.equal((await viewer.post(`${base}/${id}/${path}`, {})).status, 403, path);
  });

  it('while a site of large pages is read the main thread is never held up for long', async () => {
    const rows = (word: string): string =>
      Array.from(
        { length: 1500 },
        (_, at) => `<h2>${word} ${at}</h2><p>The ${word} number ${at} is told of here at some length, so that it stands alone.</p>`,
      ).join('');
    const links = Array.from({ length: 2500 }, (_, at) => `<a href="/deep/x${'y'.repeat(at % 40)}${at}">${at}</a>`).join('');
    for (const path of ['/menu/cake', '/menu/tea']) site.pages.set(path, html(path, `<main>${rows(path)}</main>${links}`));
    const id = addSite(ws, { address: site.url, by: null });
    const held = heldUp();
    await cameTo(ws, id, 'found');
    readSite(ws, id);
    await cameTo(ws, id, 'ready');
    const longest = held();
    assert.ok(longest < 60, `it was held up for ${longest} ms`);
    assert.equal((await search(ws, { query: 'menu cake number 1499' })).length > 0, true);
    assert.equal(listSources(ws)[0]?.state, 'ready');
  }).timeout(30_000);
});
