import assert from 'node:assert/strict';
import { addChannel, identitySecretOf } from '../../src/channels/index.ts';
import { channels, auditEvents } from '../../src/db/schema/workspace.ts';
import type { Workspace } from '../../src/workspace.ts';
import { newWindow, signIn } from '../support/browser.ts';
import { startServer, type Client, type TestServer } from '../support/http.ts';

describe('the page of a website’s chat', function () {
  this.timeout(20_000);
  let server: TestServer;
  let ws: Workspace;
  let owner: Client;
  let base: string;
  let id: number;
  const form = { colour: '#aa3311', scheme: 'visitor', side: 'end', lift: '0', origins: '', language: 'visitor' };
  const settings = (): Record<string, unknown> => ws.db.select().from(channels).get()?.settings ?? {};

  before(async () => {
    server = await startServer();
    ws = server.installation.workspaces.hold(server.workspace).workspace;
    owner = await server.as('owner');
    ({ id } = await addChannel(ws, { kind: 'widget', settings: {}, botId: null, userId: null }));
    base = `/w/${server.workspace}/channels/${id}`;
  });
  after(() => server.end());

  it('asks in three parts, and keeps what is switched on, chosen and left as it was', async () => {
    const saved = await owner.post(`${base}/settings`, { ...form, scheme: 'dark', side: 'start', lift: '64', language: 'ar', sound: 'on' });
    assert.equal(saved.status, 303);
    assert.deepEqual(settings(), { ...form, scheme: 'dark', side: 'start', lift: '64', language: 'ar', sound: true, onlySignedIn: false });
    const { text } = await owner.get(base);
    for (const part of ['How it looks', 'Where and how', 'Signed-in visitors']) assert.ok(text.includes(`>${part}</h2>`), part);
    assert.match(text, /data-colour&#x3D;&quot;#aa3311&quot; data-side&#x3D;&quot;start&quot; data-lift&#x3D;&quot;64&quot; async/);
    assert.match(text, /name="sound" checked/);
    assert.equal((await owner.post(`${base}/settings`, form)).status, 303);
    assert.equal(settings()['sound'], false);
    assert.doesNotMatch((await owner.get(base)).text, /data-side|data-lift/);
  });

  it('refuses what can’t be chosen, at its field', async () => {
    const { status, text } = await owner.post(`${base}/settings`, { ...form, side: 'top', sound: 'on' });
    assert.equal(status, 422);
    assert.match(text, /id="f-side" name="side" aria-invalid="true"/);
    assert.match(text, /name="sound" checked/, 'what was switched on stands as it was');
    assert.equal((await owner.post(`${base}/settings`, { ...form, identitySecret: 'mine' })).status, 400);
  });

  it('can’t be only for signed-in visitors before there is a way to sign them in', async () => {
    const refused = await owner.post(`${base}/settings`, { ...form, onlySignedIn: 'on' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /Nobody could write: this chat has no secret yet/);
    assert.equal(settings()['onlySignedIn'], false);
  });

  it('makes the secret, shows it once and seals it; another one takes its place', async () => {
    assert.match((await owner.get(`${base}/identity`)).text, /doesn’t know who is signed in/);
    const made = await owner.post(`${base}/identity`);
    assert.equal(made.status, 200);
    assert.equal(made.headers.get('Cache-Control'), 'no-store');
    const secret = identitySecretOf(ws, id)?.reveal() ?? '';
    assert.equal(secret.length, 43);
    assert.ok(made.text.includes(secret));
    for (const path of ['', '/identity']) assert.ok(!(await owner.get(base + path)).text.includes(secret), path);
    assert.ok(!ws.sql.serialize().includes(secret), 'nothing in the database shows it');
    assert.ok(!JSON.stringify(ws.db.select().from(auditEvents).all()).includes(secret));
    const other = await owner.post(`${base}/identity`);
    assert.ok(!other.text.includes(secret));
    assert.notEqual(identitySecretOf(ws, id)?.reveal(), secret);
    assert.equal((await owner.post(`${base}/settings`, { ...form, onlySignedIn: 'on' })).status, 303);
    assert.equal(settings()['onlySignedIn'], true);
  });

  it('has the code that leads to its full page, as a picture to download', async () => {
    const { status, headers, text } = await owner.get(`${base}/qr.svg`);
    assert.equal(status, 200);
    assert.match(headers.get('Content-Type') ?? '', /^image\/svg\+xml/);
    assert.match(text, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.match((await owner.get(base)).text, new RegExp(`href="${base}/qr.svg" download="chat-code.svg"`));
  });

  it('is nobody’s who may not set up channels, and no other kind of channel has its pages', async () => {
    const agent = await server.as('agent');
    assert.equal((await agent.get(`${base}/identity`)).status, 403);
    assert.equal((await agent.post(`${base}/identity`)).status, 403);
    const outsider = await server.as('outsider');
    assert.equal((await outsider.get(`${base}/qr.svg`)).status, 404);
    ws.db.update(channels).set({ kind: 'telegram' }).run();
    for (const path of ['/identity', '/qr.svg']) assert.equal((await owner.get(base + path)).status, 404, path);
    ws.db.update(channels).set({ kind: 'widget' }).run();
  });

  it('shows the bubble as it would be, before it is saved', async () => {
    const window = await newWindow();
    const page = await window.newPage();
    await signIn(page, server, 'owner');
    await page.goto(server.url + base);
    const look = page.locator('[data-look]');
    await look.waitFor();
    const colour = (): Promise<string> =>
      look.locator('.is-mine').evaluate((said) => said.ownerDocument.defaultView?.getComputedStyle(said).backgroundColor ?? '');
    const before = [await colour(), (await look.locator('.look-bubble').boundingBox())?.x ?? 0] as const;
    await page.getByLabel('Colour').fill('#0044cc');
    await page.getByLabel('Side of the page').selectOption('start');
    assert.notEqual(await colour(), before[0]);
    assert.ok(((await look.locator('.look-bubble').boundingBox())?.x ?? 0) < before[1] - 100);
    await window.close();
  });
});
