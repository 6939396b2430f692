import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ThinkingFilter } from '../../src/providers/wire/thinking.ts';

function filtered(pieces: string[]): string {
  const filter = new ThinkingFilter();
  return pieces.map((piece) => filter.pass(piece)).join('') + filter.rest();
}

function cut(text: string, places: number[]): string[] {
  const at = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...at, text.length].map((to, index) => text.slice(at[index - 1] ?? 0, to));
}

describe('reasoning in an answer', () => {
  it('is held back however the answer is cut', () => {
    const thought = fc.string().filter((text) => !text.includes('</think'));
    const answer = fc.string({ minLength: 1 }).map((text) => `A${text}`);
    fc.assert(
      fc.property(
        fc.constantFrom('think', 'thinking'),
        fc.constantFrom('', '\n', '  '),
        thought,
        answer,
        fc.array(fc.nat(200)),
        (tag, before, inside, text, places) => {
          assert.equal(filtered(cut(`${before}<${tag}>${inside}</${tag}>\n\n${text}`, places)), text);
        },
      ),
    );
  });

  it('leaves every other answer as it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('<', '<thi', '<thinner>', ' <b>bold</b>', '<thinki')),
        fc.array(fc.nat(50)),
        (text, places) => {
          fc.pre(!/^\s*<think(ing)?>/.test(text));
          assert.equal(filtered(cut(text, places)), text);
        },
      ),
    );
  });
});
