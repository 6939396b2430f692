import type { Page } from 'playwright-core';

/** More stops than any page has. */
const STOPS_AT_MOST = 250;

interface Stop {
  /** What has the focus, in words; null when nothing of the page has. */
  name: string | null;
  /** It comes after the one before it. */
  inOrder: boolean;
  shown: boolean;
  marked: boolean;
}

/**
 * What has the focus now, and whether one can see it and that. What a control hides (the radios of a segment) shows its
 * mark on its label; a composer shows it on the box around its field.
 */
const LOOK = `(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const before = window.focusedBefore;
  window.focusedBefore = at;
  if (!at || at === document.body) return { name: null, inOrder: true, shown: true, marked: true };
  const seen = at.matches('.seg input') ? at.closest('label') : at;
  const { x, y, width, height, bottom, right } = seen.getBoundingClientRect();
  const column = Math.min(Math.max(x + Math.min(width / 2, 60), 1), innerWidth - 1);
  const middles = [y + height / 2, y + Math.min(height / 2, 12), bottom - Math.min(height / 2, 12)].filter((row) => row > 0 && row < innerHeight);
  const shown = bottom > 0 && right > 0 && y < innerHeight && x < innerWidth && middles.some((row) => {
    const top = seen.getRootNode().elementFromPoint(column, row);
    return top !== null && (seen.contains(top) || top.contains(seen));
  });
  const outlined = (element) => getComputedStyle(element).outlineStyle !== 'none' && parseFloat(getComputedStyle(element).outlineWidth) > 0;
  const box = at.closest('.box, form');
  const boxed = at.matches('textarea') && box && getComputedStyle(box).boxShadow !== 'none';
  return {
    name: at.tagName.toLowerCase() + ' "' + (at.getAttribute('aria-label') || at.labels?.[0]?.textContent || at.textContent || at.id).trim().slice(0, 40) + '"',
    inOrder: !before || before === document.body || Boolean(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING),
    shown,
    marked: outlined(at) || outlined(seen) || Boolean(boxed),
  };
})()`;

/**
 * Walks through the page by Tab, to its end, and returns what is wrong with it: a stop that can't be seen or has no mark,
 * one out of order, a walk that never ends, a page that begins without a way past its frame. With `wholeFrame` the walk
 * leads through the frame, which all pages share; else it takes the way past it.
 */
export async function faultsOfTabbing(page: Page, wholeFrame: boolean): Promise<string[]> {
  const faults: string[] = [];
  const hasSkip: boolean = await page.evaluate(
    "window.focusedBefore = null, document.activeElement?.blur?.(), getSelection()?.collapse(document.body, 0), document.querySelector('.skip') !== null && document.querySelector('[autofocus]') === null",
  );
  for (let stops = 0; stops < STOPS_AT_MOST; stops++) {
    await page.keyboard.press('Tab');
    const { name, inOrder, shown, marked }: Stop = await page.evaluate(LOOK);
    if (stops === 0 && hasSkip && !name?.includes('Skip to content')) faults.push(`begins with ${name} instead of the way to its content`);
    if (name === null) return stops === 0 ? ['can’t be reached by Tab'] : faults;
    if (!inOrder) return faults.length > 0 || stops > 1 ? faults : [`${name} is out of order`];
    if (!shown) faults.push(`${name} has the focus and can’t be seen`);
    if (!marked) faults.push(`${name} has the focus and no mark`);
    if (stops === 0 && hasSkip && !wholeFrame) await page.keyboard.press('Enter');
  }
  return [...faults, 'has no end by Tab'];
}

/** Opens the page's first dialog by its button, and closes it again, by keys alone. Returns what is wrong. */
export async function faultsOfDialog(page: Page): Promise<string[]> {
  const button = page.locator('[command=show-modal]:visible').first();
  if ((await button.count()) === 0) return [];
  const inside = "document.activeElement?.closest('dialog[open]') !== null";
  await button.focus();
  await page.keyboard.press('Enter');
  if (!(await page.evaluate(inside))) return ['a dialog opens without taking the focus'];
  const faults: string[] = [];
  for (let stops = 0; stops < 6; stops++) {
    await page.keyboard.press('Tab');
    // Between the last and the first stop the browser's own controls have the focus.
    if (!(await page.evaluate(`${inside} || document.activeElement === document.body`))) faults.push('the focus leaves an open dialog');
  }
  await page.keyboard.press('Escape');
  if (await page.evaluate("document.querySelector('dialog[open]') !== null")) faults.push('Escape doesn’t close the dialog');
  if (!(await page.evaluate("document.activeElement?.matches('[command=show-modal]')")))
    faults.push('a closed dialog doesn’t give the focus back');
  return faults;
}
