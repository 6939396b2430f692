import { deepEqual, equal, match } from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { sayAsPerson } from '../../src/conversations/index.ts';
import { keepFile } from '../../src/conversations/attachments/keep-file.ts';
import { expectAccessible } from '../support/browser.ts';
import { pdf, png } from '../support/files.ts';
import { houseFor, newestConversation } from './support/house.ts';
import { field, listening, log, openChat, say, websiteFor, type Website } from './support/website.ts';

const photo = { name: 'cake <b>.png', mimeType: 'image/png', buffer: png(300, 200) };
const long = `${'order-'.repeat(12)}.pdf`;
const letter = { name: 'order.pdf', mimeType: 'application/pdf', buffer: pdf() };

describe('files in the chat bubble', function () {
  this.timeout(20_000);
  let website: Website;
  after(() => website.end());
  const house = houseFor(before, after);
  before(async () => void (website = await websiteFor(house)));
  afterEach(() => website.leave());

  const clip = (page: Page) => page.getByRole('button', { name: 'Add a file' });
  const tray = (page: Page) => page.getByRole('list', { name: 'Files to send' });
  const parts = () =>
    house.ws.sql
      .prepare(
        `SELECT p.kind, p.text, a.name, a.mime, a.state FROM message_parts p LEFT JOIN attachments a ON a.id = p.attachment_id
         WHERE p.message_id = (SELECT max(id) FROM messages WHERE author = 'customer') ORDER BY p.position`,
      )
      .all();
  async function choose(page: Page, files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
    const chooser = page.waitForEvent('filechooser');
    await clip(page).press('Enter');
    // 20 MB on their way to a browser take a while on a busy machine.
    await (await chooser).setFiles(files, { timeout: 15_000 });
  }

  it('are chosen by keyboard, listed, sent with words as one message, and still there after a reload', async () => {
    const page = await website.visit();
    await openChat(page);
    await choose(page, [photo, letter]);
    deepEqual(await tray(page).getByRole('listitem').locator('span').allInnerTexts(), ['cake <b>.png', 'order.pdf']);
    await tray(page).locator('canvas').waitFor();
    await expectAccessible(page);
    await field(page).fill('For Sunday');
    const stored = page.waitForResponse((response) => response.url().endsWith('/files'));
    await field(page).press('Enter');
    equal((await stored).status(), 200);
    await log(page).getByRole('img', { name: 'Picture: cake <b>.png' }).waitFor();
    deepEqual(parts(), [
      { kind: 'image', text: null, name: 'cake <b>.png', mime: 'image/png', state: 'kept' },
      { kind: 'file', text: null, name: 'order.pdf', mime: 'application/pdf', state: 'kept' },
      { kind: 'text', text: 'For Sunday', name: null, mime: null, state: null },
    ]);
    await page.locator('.me .mark').waitFor({ state: 'detached' });
    await page.reload();
    await log(page).getByRole('button', { name: 'Picture: cake <b>.png. Save cake <b>.png' }).waitFor();
    const saved = page.waitForEvent('download');
    await log(page).getByRole('button', { name: 'Save order.pdf' }).click();
    equal((await saved).suggestedFilename(), 'order.pdf');
    equal(await page.locator('.me').count(), 1);
    await expectAccessible(page);
  });

  it('are refused in words before they are sent: empty, too large, too many; one is taken out again', async () => {
    const page = await website.visit();
    await openChat(page);
    await choose(page, [{ ...letter, name: 'empty.pdf', buffer: Buffer.alloc(0) }]);
    await page.getByText('“empty.pdf” is empty.').waitFor();
    await choose(page, [{ ...letter, name: 'film.mp4', buffer: Buffer.alloc(20 * 1024 * 1024 + 1) }]);
    await page.getByText('“film.mp4” is larger than 20 MB.').waitFor();
    await choose(
      page,
      Array.from({ length: 6 }, (_, n) => ({ ...letter, name: `${n}.pdf` })),
    );
    await page.getByText('Up to 5 files go at once.').waitFor();
    equal(await tray(page).getByRole('listitem').count(), 5);
    await page.getByRole('button', { name: 'Remove: 4.pdf' }).press('Enter');
    equal(await tray(page).getByRole('listitem').count(), 4);
    equal(await page.locator('textarea:focus').count(), 1, 'the focus isn’t lost with the last button');
  });

  it('are pasted and dropped', async () => {
    const page = await website.visit();
    await openChat(page);
    await page.evaluate(`(() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array([${[...photo.buffer].join()}])], 'shot.png', { type: 'image/png' }));
      const field = document.querySelector('deskbell-chat').shadowRoot.querySelector('textarea');
      const way = { bubbles: true, composed: true, cancelable: true };
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, ...way }));
      field.dispatchEvent(new DragEvent('drop', { dataTransfer: data, ...way }));
    })()`);
    await tray(page).getByRole('listitem').nth(1).waitFor();
    await page.getByRole('button', { name: 'Send' }).click();
    await log(page).getByRole('img', { name: 'Picture: shot.png' }).nth(1).waitFor();
  });

  it('stand from the right where one reads from there', async () => {
    const page = await website.visit('/', { locale: 'ar' });
    await page.locator('.launcher').click();
    await page.locator('textarea').waitFor();
    await page.locator('input[type=file]').setInputFiles([letter]);
    equal(await page.locator('.tray').evaluate((list) => list.ownerDocument.defaultView?.getComputedStyle(list).direction), 'rtl');
    await page.getByRole('button', { name: 'إزالة: order.pdf' }).waitFor();
  });

  it('tell how far they are, and are called off', async () => {
    const page = await website.visit();
    await openChat(page);
    const before = newestConversation(house);
    await page.route('**/files', () => undefined);
    await choose(page, [letter]);
    await page.getByRole('button', { name: 'Send' }).click();
    match(await page.getByRole('progressbar').innerText(), /Sending, \d+ %/);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.me').waitFor({ state: 'detached' });
    await say(house, page, 'Never mind');
    equal(newestConversation(house), before + 1);
  });

  it('that the server doesn’t take say why, and can be taken away', async () => {
    const page = await website.visit();
    await openChat(page);
    await choose(page, [{ ...letter, name: 'bill.pdf', buffer: Buffer.concat([Buffer.from('MZ'), Buffer.alloc(300)]) }]);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alert').getByText('“bill.pdf” is a program').waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    equal(await page.locator('.me').count(), 0);
  });

  it('of a person are shown as they come', async () => {
    const page = await website.visit();
    await openChat(page);
    const streaming = listening(page);
    const conversationId = await say(house, page, 'Can you show me the cake?');
    await streaming;
    const file = await keepFile(
      house.ws,
      (async function* () {
        yield photo.buffer;
      })(),
    );
    sayAsPerson(house.ws, { conversationId, userId: house.ownerId, text: 'This one', files: [{ name: 'lemon.png', file }] });
    await log(page).getByRole('button', { name: 'Picture: lemon.png. Save lemon.png' }).waitFor();
    await log(page).getByText('This one').waitFor();
    await choose(page, [photo, { ...letter, name: long }]);
    await page.getByRole('button', { name: 'Send' }).click();
    await log(page).getByText(long).waitFor();
    await log(page).getByRole('img', { name: 'Picture: cake <b>.png' }).waitFor();
    const beyond = (box: { scrollWidth: number; clientWidth: number; scrollHeight: number; clientHeight: number; scrollTop: number }) => [
      box.scrollWidth - box.clientWidth,
      Math.round(box.scrollHeight - box.clientHeight - box.scrollTop),
    ];
    deepEqual(await log(page).evaluate(beyond), [0, 0], 'nothing reaches beyond the panel, and the end is in view');
  });
});
