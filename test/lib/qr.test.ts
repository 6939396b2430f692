import assert from 'node:assert/strict';
import decodeQR from 'qr/decode.js';
import { qrSvg } from '../../src/lib/qr.ts';

/** What a camera sees: the drawing, four pixels a field. */
function photograph(svg: string): { width: number; height: number; data: Uint8Array } {
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
  const width = size * 4;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
    for (let row = Number(y) * 4; row < Number(y) * 4 + 4; row++)
      data.fill(0, (row * width + Number(x) * 4) * 4, (row * width + (Number(x) + Number(length)) * 4) * 4);
  }
  // Black, but not see-through.
  for (let alpha = 3; alpha < data.length; alpha += 4) data[alpha] = 255;
  return { width, height: width, data };
}

describe('lib/qr', () => {
  for (const text of ['https://desk.example/c/wc_2345', 'https://wa.me/settings/linked_devices#2@' + 'Ab+/='.repeat(60), 'Grüße 👋'])
    it(`a camera reads ${text.slice(0, 30)} from the drawing`, () => assert.equal(decodeQR(photograph(qrSvg(text))), text));

  it('a drawing needs no style and no script of the page', () => assert.doesNotMatch(qrSvg('x'), /style|script|href|on\w+=/));
});
