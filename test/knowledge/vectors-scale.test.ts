import assert from 'node:assert/strict';
import { fuse, type Near } from '../../src/knowledge/search/fuse.ts';
import type { NearPassage, Passage } from '../../src/knowledge/search/passage.ts';
import { FITS, fits } from '../../src/knowledge/search/fits.ts';
import { EXAMPLES } from '../../src/knowledge/vectors/examples.ts';
import { backgroundOf, learnBackground, scorer, type Background } from '../../src/knowledge/vectors/scale.ts';
import { meaningOf } from '../simulators/meanings.ts';

const SIZE = 256;
const vectorsOf = (made: (text: string) => Float32Array) => ({
  questions: EXAMPLES.map(({ question }) => made(question)),
  fits: EXAMPLES.map(({ fits }) => made(fits)),
  beside: EXAMPLES.map(({ beside }) => made(beside)),
});

describe('what a cosine is worth', () => {
  const few: Background = { mean: 0.2, spread: 0.1, of: 81 };

  it('is learnt from a model that tells meanings apart, and not from one that doesn’t', () => {
    assert.ok((learnBackground(vectorsOf((text) => meaningOf(text, SIZE)))?.spread ?? 0) > 0);
    // A model that goes by the first letter alone.
    assert.equal(learnBackground(vectorsOf((text) => meaningOf(`zzzz${text.slice(0, 1)}`, SIZE))), null);
    assert.equal(learnBackground(vectorsOf(() => meaningOf('the same', SIZE))), null);
  });

  it('is less the more passages there are, and the nearer those are that have nothing to do with it', () => {
    const score = (near: number, found: Background, count: number) => scorer({ found, count }, few, FITS)(near);
    const quiet: Background = { mean: 0.2, spread: 0.1, of: 256 };
    assert.ok(score(0.6, quiet, 10) > score(0.6, quiet, 100_000));
    assert.ok(score(0.6, quiet, 1000) > FITS);
    // A model whose every passage is at 0.8, and one question that all passages are near to.
    const loud: Background = { mean: 0.8, spread: 0.02, of: 256 };
    assert.ok(score(0.83, loud, 1000) < FITS);
    assert.ok(score(0.83, quiet, 1000) > 2 * FITS);
  });

  it('rises without a step, from 0 to below 1', () => {
    const score = scorer({ found: backgroundOf([0.1, 0.2, 0.3]), count: 500 }, few, FITS);
    let before = score(-1);
    assert.equal(before, 0);
    for (let near = -1; near <= 1; near += 0.001) {
      const here = score(near);
      assert.ok(here >= before && here - before < 0.02, `${near}: ${before} to ${here}`);
      before = here;
    }
    assert.ok(before < 1);
  });

  it('needs no passage at all to be asked', () => {
    assert.ok(Number.isFinite(scorer({ found: backgroundOf([]), count: 0 }, few, FITS)(0.5)));
  });
});

describe('words and meaning together', () => {
  const what = (chunkId: number) => ({ chunkId, sourceId: 1, title: '', path: '', page: null, url: null, text: '', language: null });
  const why = { words: 0.4, near: 0.4, letters: 0.4, vector: null, subject: null, otherLanguage: false, matched: ['word'] };
  const byWords = (chunkId: number, score: number): Passage => ({ ...what(chunkId), score, why });
  const byMeaning = (chunkId: number, near: number): NearPassage => ({ ...what(chunkId), cosine: near });
  const background = { mean: 0, spread: 0.1, of: 1 };
  const together = (found: Passage[], near: Partial<Near>, limit = 6) =>
    fuse(
      found,
      { passages: [], cosines: found.map(() => null), background, count: 1, ...near },
      { scoreOf: (cosine) => cosine, needed: FITS, limit },
    );
  const order = (passages: Passage[]) => passages.map(({ chunkId }) => chunkId);

  it('a hit by meaning alone can fit, and says so', () => {
    const [first] = together([], { passages: [byMeaning(7, 0.7)] });
    assert.equal(first?.chunkId, 7);
    assert.ok(fits(first) && first.needed === FITS);
    assert.ok(first.score >= FITS && first.score <= 0.7);
    assert.deepEqual(first.why, { words: 0, near: 0, letters: 0, vector: 0.7, subject: null, otherLanguage: false, matched: [] });
  });

  it('what both find goes before what one of them finds', () => {
    const found = [byWords(1, 0.6), byWords(2, 0.55)];
    assert.deepEqual(order(together(found, { cosines: [0, 0.6], passages: [byMeaning(2, 0.6), byMeaning(3, 0.5)] })), [2, 3, 1]);
  });

  it('words that mean something else fit no more, most of the words still do', () => {
    assert.ok((together([byWords(1, 1.2 * FITS)], { cosines: [0] })[0]?.score ?? 1) < FITS);
    assert.ok((together([byWords(1, 0.8)], { cosines: [0] })[0]?.score ?? 0) >= FITS);
  });

  it('what has no vector keeps what its words give it', () => {
    assert.deepEqual(together([byWords(1, 0.5)], {}), [byWords(1, 0.5)]);
  });

  it('a passage stands there once, and no more than were asked for', () => {
    const found = [byWords(1, 0.5), byWords(2, 0.4)];
    const passages = [byMeaning(1, 0.9), byMeaning(3, 0.2), byMeaning(4, 0.8)];
    assert.deepEqual(order(together(found, { cosines: [0.9, 0.1], passages }, 3)), [1, 4, 2]);
  });
});
