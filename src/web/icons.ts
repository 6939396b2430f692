/** Icons, drawn into the page: Tabler's outlines from their package, and our own drawings from public/icons. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { once } from '../lib/once.ts';
import { publicFolder } from './folders.ts';

// The package exports its drawings alone, so its folder is found by one of them.
const tabler = once(() => dirname(createRequire(import.meta.url).resolve('@tabler/icons/outline/inbox.svg')));
const drawn = new Map<string, string>();

/**
 * The shapes inside a 24 × 24 icon. Inlined where it stands, not referenced from a sprite: a part of a page that comes
 * alone by htmx or SSE would refer to a sprite that the page may not have.
 */
function shapes(name: string): string {
  const known = drawn.get(name);
  if (known !== undefined) return known;
  const own = join(publicFolder, 'icons', `${name}.svg`);
  const svg = readFileSync(existsSync(own) ? own : join(tabler(), `${name}.svg`), 'utf8');
  const inner = svg
    .slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'))
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, '')
    .replace(/\s*\n\s*/g, '');
  drawn.set(name, inner);
  return inner;
}

/** An icon as HTML. Without a label it is decoration; with one it stands alone and says what it means. Throws for a name that has no drawing. */
export function iconHtml(name: string, label?: string): string {
  const meaning =
    label === undefined
      ? 'aria-hidden="true"'
      : `role="img" aria-label="${label.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;')}"`;
  return `<svg class="icon" viewBox="0 0 24 24" ${meaning}>${shapes(name)}</svg>`;
}
