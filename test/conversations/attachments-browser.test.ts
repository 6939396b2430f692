import assert from 'node:assert/strict';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { InPart } from '../../src/channels/index.ts';
import { receiveEvents, sayAsPerson, takeOver } from '../../src/conversations/index.ts';
import type { NamedFile } from '../../src/conversations/attachments/attachment.ts';
import { keepFile } from '../../src/conversations/attachments/keep-file.ts';
import { expectAccessible, newWindow } from '../support/browser.ts';
import { untilSeen } from '../support/until-seen.ts';
import { eventually } from '../support/eventually.ts';
import { pdf, png, wav } from '../support/files.ts';
import { widgetChannel } from '../support/stand-in-channel.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

describe('files in the inbox, in a browser', function () {
  this.timeout(60_000);
  let cast: InboxCast;
  let id: number;
  let channelId: number;
  let faults: string[];
  const windows: BrowserContext[] = [];
  beforeEach(async () => {
    faults = [];
    cast = await inboxCast();
    id = await arrives();
    takeOver(cast.ws, id, cast.server.people.owner);
  });
  afterEach(async () => {
    for (const window of windows.splice(0)) await window.close();
    await cast.end();
    assert.deepEqual(faults, [], 'the console stays silent');
  });

  async function kept(name: string, content: Uint8Array): Promise<NamedFile> {
    const file = await keepFile(
      cast.ws,
      (async function* () {
        yield content;
      })(),
    );
    return { name, file };
  }

  /** A visitor sends one of each; returns the conversation. */
  async function arrives(): Promise<number> {
    const files = new Map([
      ['i', await kept('The cake from last year, with candles and a very long name indeed.png', png(640, 400))],
      ['a', await kept('voice.wav', wav())],
      ['d', await kept('<b>order</b>.pdf', pdf())],
      ['s', await kept('sticker.png', png(120, 120))],
    ]);
    const part = (kind: InPart['kind'], reference: string): InPart => ({ kind, file: { reference } });
    const parts: InPart[] = [
      part('image', 'i'),
      part('audio', 'a'),
      part('file', 'd'),
      part('sticker', 's'),
      { kind: 'location', text: 'Café Aurora, Oranienstraße 1, Berlin', detail: { latitude: 52.5, longitude: 13.42 } },
      { kind: 'contact', text: 'Ayşe Demir, +49 151 23456789', detail: { name: 'Ayşe', phone: '1' } },
      ...['wanted', 'failed', 'refused'].map((state) => part('video', state)),
      { kind: 'text', text: 'Like this one, please.' },
    ];
    channelId = widgetChannel(cast.ws, { botId: null }).id;
    const event = { thread: 'v', sender: { externalId: 'v' }, externalId: 'm', saidAt: cast.server.clock.now(), parts };
    const [received] = await receiveEvents(cast.ws, channelId, [{ type: 'message', ...event }], { files });
    cast.ws.durable(() =>
      cast.ws.sql.exec(`
        UPDATE attachments SET state = 'failed', says = 'Telegram is busy or has a fault of its own.' WHERE reference = 'failed';
        UPDATE attachments SET state = 'refused', says = 'This file is larger than 20 MB, and larger ones aren’t kept.' WHERE reference = 'refused'`),
    );
    return received?.conversationId ?? assert.fail('it was stored');
  }

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const mira = await cast.server.as('owner');
    const window = await newWindow(options);
    windows.push(window);
    window.setDefaultTimeout(10_000);
    const [name = '', value = ''] = mira.cookie?.split('=') ?? [];
    await window.addCookies([{ name, value, url: mira.url }]);
    const page = await window.newPage();
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${mira.url}${cast.base}/conversations/${id}`);
    return page;
  }

  /** Not by waitForFunction, which the page's policy forbids. */
  const holds = (page: Page, what: string) => eventually(async () => assert.equal(await page.evaluate(what), true), 8000);
  const thread = (page: Page) => page.locator('#thread');

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [360, 1280]) {
      it(`are looked at, played and saved: ${colorScheme}, ${width} px`, async () => {
        sayAsPerson(cast.ws, {
          conversationId: id,
          userId: cast.server.people.owner,
          text: 'Here is ours',
          files: [await kept('ours.png', png(300, 200)), await kept('prices.pdf', pdf()), await kept('hello.wav', wav())],
        });
        const page = await open({ viewport: { width, height: 900 }, colorScheme });
        const picture = thread(page).getByRole('img', { name: 'The cake from last year' });
        await picture.scrollIntoViewIfNeeded();
        await holds(page, `[...document.querySelectorAll('#thread img')].every((image) => image.complete && image.naturalWidth > 0)`);
        await page.evaluate(`document.querySelector('#thread audio').play()`);
        await holds(page, `document.querySelector('#thread audio').currentTime > 0`);
        assert.equal(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0);
        await expectAccessible(page, `${colorScheme} at ${width}`);
        const saved = page.waitForEvent('download');
        await thread(page).getByRole('link', { name: '<b>order</b>.pdf' }).click();
        assert.equal((await saved).suggestedFilename(), '_b_order__b_.pdf');
      });
    }
  }

  it('that failed are asked for again in place', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Fetch it again' }).press('Enter');
    await page.getByRole('button', { name: 'Fetch it again' }).waitFor({ state: 'detached' });
    assert.equal(await thread(page).getByText('Being fetched').count(), 2);
  });

  it('are chosen, pasted and dropped, listed and taken out again, and sent by keyboard', async () => {
    const page = await open();
    const letter = { name: 'menu.pdf', mimeType: 'application/pdf', buffer: pdf() };
    await page.getByLabel('Attach files').setInputFiles([letter, { ...letter, name: 'old.pdf' }]);
    const list = page.getByRole('list', { name: 'Files to send' });
    await page.evaluate(`(() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array([${[...png(90, 60)].join()}])], 'shot.png', { type: 'image/png' }));
      const way = { bubbles: true, cancelable: true };
      document.getElementById('words').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, ...way }));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, ...way }));
    })()`);
    assert.deepEqual(await list.getByRole('listitem').locator('bdi').allInnerTexts(), ['menu.pdf', 'old.pdf', 'shot.png', 'shot.png']);
    await list.locator('canvas').nth(1).waitFor();
    await expectAccessible(page);
    const more = { thread: 'v', sender: { externalId: 'v' }, externalId: 'n', saidAt: cast.server.clock.now() };
    await receiveEvents(cast.ws, channelId, [{ type: 'message', ...more, parts: [{ kind: 'text', text: 'Are you there?' }] }]);
    await thread(page).getByText('Are you there?').waitFor();
    assert.equal(await list.getByRole('listitem').count(), 4, 'what is chosen stays while the page changes');
    await page.getByRole('button', { name: 'Take out old.pdf' }).press('Enter');
    await page.getByRole('button', { name: 'Take out shot.png' }).first().press('Enter');
    await untilSeen(page);
    await page.getByLabel('Your message').press('Enter');
    await thread(page).getByRole('link', { name: 'menu.pdf' }).waitFor();
    await thread(page).getByRole('img', { name: 'shot.png' }).waitFor();
    assert.equal(await list.getByRole('listitem').count(), 0);
    assert.equal(
      await page.getByLabel('Attach files').evaluate((input) => (input as unknown as { files: { length: number } }).files.length),
      0,
    );
  });

  it('that can’t go say why before they are sent, and what is written stays', async () => {
    const page = await open();
    await page.getByLabel('Your message').fill('See this');
    await page
      .getByLabel('Attach files')
      .setInputFiles({ name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(20 * 1024 * 1024 + 1) });
    await page.getByText('too large, 20 MB at most').waitFor();
    await page.getByRole('button', { name: 'Send' }).click();
    assert.equal(await thread(page).locator('.is-person').count(), 0);
    assert.equal(await page.getByLabel('Your message').inputValue(), 'See this');
    await page.getByRole('button', { name: 'Take out film.mp4' }).click();
    await page.getByRole('button', { name: 'Send' }).click();
    await thread(page).locator('.is-person', { hasText: 'See this' }).waitFor();
  });
});
