import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { expectAccessible } from './browser.ts';

type Look = readonly [scheme: 'light' | 'dark', width: number];
const TWO: Look[] = [
  ['light', 1280],
  ['dark', 360],
];
const ALL: Look[] = [...TWO, ['dark', 1280], ['light', 360]];

/** A page in both colours, on a desk and on a phone. `SHOTS` names a folder for what somebody wants to see. */
export async function lookAt(page: Page, where: string): Promise<void> {
  const folder = process.env['SHOTS'];
  for (const [colorScheme, width] of folder ? ALL : TWO) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await expectAccessible(page, `${where}, ${colorScheme} at ${width}`);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false, `${where} is wider than ${width}`);
    const path = `${folder}/${where.replaceAll(' ', '-')}-${colorScheme}-${width}.png`;
    if (folder) await page.screenshot({ path, fullPage: width === 1280 });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}
