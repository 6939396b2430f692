import assert from 'node:assert/strict';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { receiveEvents, sayAsPerson, takeOver } from '../../src/conversations/index.ts';
import { addText, closeSearch, readSource } from '../../src/knowledge/index.ts';
import { suggestAnswer } from '../../src/answering/suggest-answer.ts';
import { expectAccessible, newWindow } from '../support/browser.ts';
import { pageOf } from '../support/dom.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type TestServer } from '../support/http.ts';
import { standInChannel } from '../support/stand-in-channel.ts';
import type { Workspace } from '../../src/workspace.ts';
import { castOf, type Cast } from './cast.ts';

describe('a suggested answer', () => {
  let cast: Cast;
  beforeEach(async () => {
    cast = await castOf();
  });
  afterEach(() => cast.end());

  it('is made from the thread and the knowledge while a person has it, told as it comes, with its cost, and said to nobody', async () => {
    const { conversationId = 0 } = await cast.write('Hello?');
    await cast.quiet();
    takeOver(cast.ws, conversationId, 1);
    await cast.write('Are you open on Sunday?');
    cast.ai.says = 'We are open from nine to seven.[1]';
    const [before, runs] = [cast.said(), cast.runs().length];
    const suggesting = suggestAnswer(cast.ws, conversationId, new AbortController().signal);
    assert.ok(typeof suggesting !== 'string');
    let text = '';
    let done;
    for await (const event of suggesting) {
      if (event.type === 'delta') text += event.text;
      else done = event;
    }
    assert.equal(text, 'We are open from nine to seven.', 'as a customer would read it');
    assert.equal(done?.says, null);
    assert.deepEqual([done?.run?.kind, done?.run?.state, done?.run?.conversationId], ['suggestion', 'answered', conversationId]);
    assert.ok((done?.run?.costMicros ?? 0) > 0);
    const prompt = JSON.stringify(done?.run?.prompt);
    for (const words of ['Hello?', 'nine to seven', 'Are you open on Sunday?']) assert.ok(prompt.includes(words), words);
    assert.deepEqual(cast.said(), before);
    assert.equal(cast.runs().length, runs + 1);
    await cast.quiet();
    assert.deepEqual(cast.said(), before);
  });

  it('isn’t made where the customer has an answer already', async () => {
    const { conversationId = 0 } = await cast.write('Are you open on Sunday?');
    sayAsPerson(cast.ws, { conversationId, userId: 1, text: 'Yes' });
    assert.match(String(suggestAnswer(cast.ws, conversationId, new AbortController().signal)), /has an answer already/);
  });

  it('isn’t made of what a contact wrote who is blocked, or stopped it all', async () => {
    const { conversationId = 0 } = await cast.write('Hello?');
    await cast.quiet();
    takeOver(cast.ws, conversationId, 1);
    await cast.write('Are you open on Sunday?');
    for (const column of ['blocked_at', 'stopped_at']) {
      cast.ws.sql.exec(`UPDATE contacts SET blocked_at = NULL; UPDATE contacts SET ${column} = 1`);
      assert.match(String(suggestAnswer(cast.ws, conversationId, new AbortController().signal)), /goes to no model/, column);
    }
  });
});

describe('the button that asks for a suggestion', function () {
  this.timeout(30_000);
  let server: TestServer;
  let ws: Workspace;
  let path: string;
  let id: number;
  let release: () => void;

  beforeEach(async () => {
    server = await startServer();
    const held = server.installation.workspaces.hold(server.workspace);
    ({ workspace: ws, release } = held);
    await server.installation.jobs.start({ 'read-source': readSource });
    const { botId } = createBot(ws, { userId: null, settings: { name: 'Aurora' } });
    publishDraft(ws, { botId, userId: null });
    addText(ws, { title: 'Hours', text: 'We are open on Sunday from nine to seven.', by: null });
    await eventually(() => assert.equal(ws.sql.prepare("SELECT count(*) FROM sources WHERE state = 'ready'").pluck().get(), 1), 5000);
    const { id: channelId } = standInChannel(ws, { botId });
    const [received] = await receiveEvents(ws, channelId, [
      {
        type: 'message',
        thread: 'i',
        sender: { externalId: 'i', displayName: 'Ida' },
        externalId: '1',
        saidAt: server.clock.now(),
        parts: [{ kind: 'text', text: 'Are you open on Sunday?' }],
      },
    ]);
    id = received?.conversationId ?? 0;
    takeOver(ws, id, server.people.owner);
    path = `/w/${ws.id}/conversations/${id}`;
  });
  afterEach(async () => {
    release();
    await server.end();
    await closeSearch();
  });

  it('puts it behind what was written, as a draft, without a script', async () => {
    const mira = await server.as('owner');
    const page = pageOf(await mira.get(path));
    assert.equal(page.querySelector('#suggest')?.getAttribute('formaction'), `${path}/suggestion`);
    assert.equal((await mira.post(`${path}/suggestion`, { text: 'Hi Ida!', seen: '1', draft: 'x' })).location, path);
    const after = pageOf(await mira.get(path));
    assert.match(after.querySelector('#words')?.textContent ?? '', /^Hi Ida!\n.*nine to seven/s);
    assert.match(after.querySelector('.toast')?.textContent ?? '', /Suggested by the bot: read it before you send it\./);
    assert.equal(ws.sql.prepare("SELECT count(*) FROM messages WHERE author IN ('bot', 'person')").pluck().get(), 0);
    assert.equal((await (await server.as('viewer')).post(`${path}/suggestion`)).status, 403);
  });

  it('writes it into the composer, to be changed and sent', async () => {
    const mira = await server.as('owner');
    const window = await newWindow({ viewport: { width: 360, height: 740 } });
    try {
      window.setDefaultTimeout(10_000);
      const [name = '', value = ''] = mira.cookie?.split('=') ?? [];
      await window.addCookies([{ name, value, url: mira.url }]);
      const page = await window.newPage();
      await page.goto(mira.url + path);
      await page.getByLabel('Your message').fill('Hi Ida!');
      await page.getByRole('button', { name: 'Suggest an answer' }).press('Enter');
      await page.locator('#suggested', { hasText: 'Suggested by the bot: read it before you send it.' }).waitFor();
      assert.match(await page.getByLabel('Your message').inputValue(), /^Hi Ida!\n.*nine to seven/s);
      await expectAccessible(page);
      const shots = process.env['SHOTS'];
      if (shots) await page.screenshot({ path: `${shots}/suggested-360.png` });
      assert.equal(ws.sql.prepare("SELECT count(*) FROM messages WHERE author IN ('bot', 'person')").pluck().get(), 0);
      await page.getByRole('link', { name: 'How it was made' }).click();
      await page.getByText('The bot suggested an answer to your team.').waitFor();
    } finally {
      await window.close();
    }
  });
});
