import { createRequire } from 'node:module';
import type { encodeQR } from 'qr';
import { once } from './once.ts';

/** Loaded at the first code that is drawn: most starts draw none. */
const encoder = once(() => (createRequire(import.meta.url)('qr') as { encodeQR: typeof encodeQR }).encodeQR);

/** Fields that stay white around a code, so that a camera finds it on any ground. */
const BORDER = 4;

/**
 * A text (an address, a pairing string) as a QR code: an SVG of its own size-less box, black on white in light and dark,
 * without inline styles. It is hidden from screen readers: who shows it says beside it what it is for, and gives another way.
 * Throws for more than 2,331 bytes.
 */
export function qrSvg(text: string): string {
  const rows = encoder()(text, 'raw', { ecc: 'medium', border: BORDER });
  const size = rows.length;
  const dark = rows.flatMap((row, y) => runsOf(row).map(({ x, length }) => `M${x} ${y}h${length}v1h-${length}z`));
  return (
    `<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges" aria-hidden="true">` +
    `<rect width="${size}" height="${size}" fill="#fff"/><path fill="#000" d="${dark.join('')}"/></svg>`
  );
}

/** Neighbours drawn as one: a third of the bytes. */
function runsOf(row: boolean[]): { x: number; length: number }[] {
  const runs: { x: number; length: number }[] = [];
  row.forEach((set, x) => {
    const last = runs.at(-1);
    if (!set) return;
    if (last && last.x + last.length === x) last.length += 1;
    else runs.push({ x, length: 1 });
  });
  return runs;
}
