/** Another website with the bubble on it, and a visitor who comes by in a real browser. */
import { equal } from 'node:assert/strict';
import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { newWindow } from '../../support/browser.ts';
import { hostSite, type HostSite } from './host.ts';
import { count, newestConversation, type House } from './house.ts';

export interface Website extends HostSite {
  /** The line that embeds the bubble. */
  tag: string;
  /** A window of its own, closed by `leave`. */
  window(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Opens a page of it and waits for the bubble. */
  visit(path?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Closes every window. */
  leave(): Promise<void>;
}

/** A website that the house's widget may stand on. */
export async function websiteFor(house: House): Promise<Website> {
  const site = await hostSite();
  await house.allow(site.url);
  const windows: BrowserContext[] = [];
  const tag = `<script src="${house.url}/widget.js" data-deskbell="${house.channel.publicId}" data-colour="#b8371a" async></script>`;
  site.page('/', `<main><h1>Bread at dawn, cake till five.</h1><p>A small café with its own bakery.</p></main>${tag}`);
  const website: Website = {
    ...site,
    tag,
    async window(options = {}) {
      const window = await newWindow(options);
      window.setDefaultTimeout(5000);
      windows.push(window);
      return window;
    },
    async visit(path = '/', options = {}) {
      const page = await (await website.window(options)).newPage();
      await page.goto(`${site.url}${path}`);
      await page.locator('.launcher').waitFor();
      return page;
    },
    async leave() {
      await Promise.all(windows.splice(0).map((window) => window.close()));
    },
  };
  return website;
}

export const launcher = (page: Page): Locator => page.getByRole('button', { name: 'Chat' });
export const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Your message' });
export const log = (page: Page): Locator => page.getByRole('log', { name: 'Conversation' });

export async function openChat(page: Page): Promise<void> {
  await launcher(page).click();
  await field(page).waitFor();
}

/** Says something and waits until it is stored; returns the conversation. */
export async function say(house: House, page: Page, text: string): Promise<number> {
  const before = count(house, 'messages');
  await field(page).fill(text);
  const stored = page.waitForResponse((response) => response.url().endsWith('/messages') && response.request().method() === 'POST');
  await field(page).press('Enter');
  equal((await stored).status(), 200);
  equal(count(house, 'messages'), before + 1);
  return newestConversation(house);
}

/** Resolves once the page listens. */
export async function listening(page: Page): Promise<void> {
  await page.waitForResponse((response) => response.url().endsWith('/stream') && response.status() === 200);
}
