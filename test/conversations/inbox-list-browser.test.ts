import assert from 'node:assert/strict';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { wantPerson } from '../../src/conversations/index.ts';
import { addLabel, hues, labelsOf } from '../../src/conversations/list/labels.ts';
import { setPresence } from '../../src/conversations/list/presence.ts';
import { saveView } from '../../src/conversations/list/saved-views.ts';
import { changeMany } from '../../src/conversations/list/change.ts';
import { newWindow } from '../support/browser.ts';
import { lookAt } from '../support/look-at.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

describe('the inbox’s list in a browser', function () {
  this.timeout(60_000);
  let cast: InboxCast;
  let ids: number[];
  let faults: string[];
  const windows: BrowserContext[] = [];
  beforeEach(async () => {
    faults = [];
    cast = await inboxCast();
    ids = [];
    for (const who of ['Hana Sato', 'Olu Adeyemi', 'Ida Lund']) ids.push(await cast.write(who, 'Do you have a table for six on Sunday?'));
    const names = ['Regular', 'Cakes', 'Complaint', 'Table', 'Delivery', 'Press', 'Wedding', 'Allergy'];
    hues.forEach((hue, index) => addLabel(cast.ws, 1, { name: names[index] ?? hue, hue }));
  });
  afterEach(async () => {
    for (const window of windows.splice(0)) await window.close();
    await cast.end();
    assert.deepEqual(faults, [], 'the console stays silent');
  });

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const mira = await cast.server.as('owner');
    const window = await newWindow(options);
    windows.push(window);
    window.setDefaultTimeout(10_000);
    const [name = '', value = ''] = mira.cookie?.split('=') ?? [];
    await window.addCookies([{ name, value, url: mira.url }]);
    const page = await window.newPage();
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(mira.url + cast.base + path);
    return page;
  }

  const label = (name: string): number => labelsOf(cast.ws).find((one) => one.name === name)?.id ?? 0;
  const named = async (page: Page): Promise<string[]> => page.locator('#list .name').allTextContents();

  it('looks right in both colours, wide and narrow, with all its marks', async () => {
    const { owner, agent } = cast.server.people;
    for (const { id } of labelsOf(cast.ws)) changeMany(cast.ws, [ids[0] ?? 0], { do: 'label', value: id }, owner);
    changeMany(cast.ws, ids.slice(0, 2), { do: 'assign', value: agent }, owner);
    changeMany(cast.ws, [ids[1] ?? 0], { do: 'label', value: label('Table') }, owner);
    for (const name of ['Tables of the week', 'Nobody’s yet', 'Complaints'])
      saveView(cast.ws, owner, { name, filter: `unread=1&q=${name}`, shared: false });
    const page = await open(`/inbox?label=${label('Table')}&assignee=${agent}`);
    await lookAt(page, 'inbox narrowed');
    await page.locator('#narrow > summary').click();
    await lookAt(page, 'inbox filter');
    await page.goto(page.url().replace(/inbox.*/, `conversations/${ids[0]}`));
    await page.locator('[popovertarget="panel-one"]').click();
    await lookAt(page, 'inbox panel');
    for (const path of ['lists?filter=label%3D1%26unread%3D1', 'presence', 'settings/inbox']) {
      await page.goto(page.url().replace(/(w\/[^/]+)\/.*/, `$1/${path}`));
      await lookAt(page, path.replace(/\W.*/, '') === 'settings' ? 'inbox settings' : `inbox ${path.replace(/\W.*/, '')}`);
    }
  });

  it('is worked by keyboard: moved through, done, assigned, labelled, put off, with undo', async () => {
    const page = await open('/inbox');
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await page.locator('.toast', { hasText: 'Marked as done.' }).waitFor();
    await page.waitForFunction("document.querySelectorAll('#list .row').length === 2");
    await page.locator('.toast button').click();
    await page.waitForFunction("document.querySelectorAll('#list .row').length === 3");
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('2 selected').waitFor();
    await page.keyboard.press('l');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.toast', { hasText: '2 conversations labelled.' }).waitFor();
    await page.waitForFunction(
      "document.querySelectorAll('#list .label').length === 2 && !document.querySelector('.pick:checked, :popover-open')",
    );
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    await page.locator('#list .marks', { hasText: 'You' }).waitFor();
    await page.keyboard.press('z');
    await page.keyboard.press('Enter');
    await page.waitForFunction("document.querySelectorAll('#list .row').length === 2");
  });

  it('shows its keys under ?, and takes no letter for one while one types or holds another key', async () => {
    const page = await open(`/conversations/${ids[0]}`);
    await page.locator('#search').fill('x');
    await page.locator('#search').press('?');
    assert.equal(await page.locator('#keys').count(), 0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+e');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    assert.ok((await page.locator('#keys dt').count()) >= 20);
    await lookAt(page, 'inbox keys');
    await page.keyboard.press('e');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#talk-head', { hasText: 'Open again' }).count(), 0);
    await page.locator('#keys[open]').waitFor({ state: 'hidden' });
    await page.keyboard.press('t');
    await page.locator('.holder', { hasText: 'You have this' }).waitFor();
    await page.keyboard.press('n');
    assert.equal(await page.evaluate('document.activeElement.id'), 'words');
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await page.locator('#talk-head', { hasText: 'Open again' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('k');
    await page.waitForURL(/\/knowledge$/);
  });

  it('works without JavaScript: filters, selecting, undo', async () => {
    const page = await open('/inbox', { javaScriptEnabled: false });
    await page.getByLabel('Select Hana Sato').check();
    await page.getByLabel('Select Ida Lund').check();
    await page.locator('#bulk').getByRole('button', { name: 'Done' }).click();
    assert.deepEqual(await named(page), ['Olu Adeyemi']);
    await page.locator('.toast button').click();
    assert.equal((await named(page)).length, 3);
    await page.locator('#narrow > summary').click();
    await page.getByLabel('Show').selectOption('done');
    await page.getByLabel('Unread').check();
    await page.locator('#narrow').getByRole('button', { name: 'Show' }).click();
    assert.match(page.url(), /\/inbox\?tab=done&unread=1$/);
    await page.getByRole('link', { name: 'Clear' }).click();
    assert.match(page.url(), /\/inbox\?tab=done$/);
  });

  it('rings softly for who asked for it, when a person is wanted', async () => {
    setPresence(cast.ws, cast.server.people.owner, { away: false, sound: true });
    const page = await open('/inbox');
    await page.keyboard.press('j');
    cast.ws.durable(() => wantPerson(cast.ws, { id: ids[0] ?? 0 }, 'They asked.'));
    await page.locator('.list[data-rang="1"]').waitFor();
  });

  it('keeps its place, and what is selected, while a thousand rows change', async () => {
    cast.ws.durable(() => {
      cast.ws.sql.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        INSERT INTO conversations (public_id, channel_id, identity_id, contact_id, thread, bot_id, status, turn, last_words, last_at, created_at, revision)
        SELECT 'cv_bulk' || i, channel_id, identity_id, contact_id, 'bulk' || i, bot_id, 'open', 'bot', 'Words ' || i, last_at - i * 1000, created_at, 1 FROM n, (SELECT * FROM conversations WHERE id = ${ids[0]})`);
    });
    const page = await open('/inbox?rows=1500');
    assert.equal(await page.locator('#list .row').count(), 1003);
    await page.evaluate("document.getElementById('list').scrollTop = 20000");
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    const at =
      "(() => { const box = document.getElementById('list').getBoundingClientRect(); return document.elementFromPoint(box.x + 100, box.y + 200).closest('li').id; })()";
    const before = await page.evaluate(at);
    await page.evaluate(`document.querySelector('#${String(before)} .pick').checked = true`);
    await cast.write('Olu Adeyemi', 'And one more chair');
    await page.locator('#list', { hasText: 'And one more chair' }).waitFor();
    assert.equal(await page.evaluate(at), before, 'what one looks at stays where it is');
    assert.equal(await page.locator(`#${String(before)} .pick`).isChecked(), true);
    const slowest = await page.evaluate(`new Promise((done) => {
      const list = document.getElementById('list'); let last = performance.now(), slowest = 0, left = 40;
      requestAnimationFrame(function frame(now) { slowest = Math.max(slowest, now - last); last = now; list.scrollTop -= 400; if (left-- > 0) requestAnimationFrame(frame); else done(slowest); });
    })`);
    assert.ok(Number(slowest) < 250, `a frame took ${String(slowest)} ms`);
  });
});
