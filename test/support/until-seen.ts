import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { eventually } from './eventually.ts';

const SEEN = `(() => {
  const said = document.querySelectorAll('#thread > :is(.is-customer, .is-bot, .is-person)');
  return Number(document.querySelector('#composer [name=seen]')?.value) >= Math.floor(Number(said[said.length - 1]?.dataset.order) / 2);
})()`;

/** Waits as long as somebody takes to read what came: what is sent before is held back, so that they read it first. */
export async function untilSeen(page: Page): Promise<void> {
  await eventually(async () => assert.equal(await page.evaluate(SEEN), true));
}
