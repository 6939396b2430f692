import assert from 'node:assert/strict';
import { join } from 'node:path';
import { removeSource, search, switchSource } from '../../src/knowledge/index.ts';
import { Bits } from '../../src/knowledge/vectors/bits.ts';
import { cosine, fromStored, toStored, unit } from '../../src/knowledge/vectors/half-floats.ts';
import { VectorIndex } from '../../src/knowledge/vectors/vector-index.ts';
import { gone } from './desk.ts';
import { openMeaningDesk, type MeaningDesk } from './meaning-desk.ts';

let seed = 3;
function chance(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
  return (seed >>> 0) / 2 ** 32;
}
const bell = (): number => chance() + chance() + chance() - 1.5;

/** Vectors around subjects, all of them leaning the same way, as those of some models do. */
function made(count: number, dimensions: number, leaning: number): Float32Array[] {
  const middles = Array.from({ length: count / 25 }, () => Float32Array.from({ length: dimensions }, () => bell() + leaning));
  return Array.from({ length: count }, (_, n) =>
    unit((middles[n % middles.length] ?? new Float32Array()).map((value) => value + 0.9 * bell())),
  );
}

function exact(vectors: readonly Float32Array[], asked: Float32Array, most: number): number[] {
  const near = vectors.map((vector, id) => ({ id, near: cosine(asked, fromStored(toStored(vector))) }));
  return near
    .sort((a, b) => b.near - a.near)
    .slice(0, most)
    .map(({ id }) => id);
}

describe('the signs of vectors', () => {
  for (const [dimensions, leaning] of [
    [256, 0],
    [128, 3],
    [100, 0.5],
  ] as const) {
    it(`find 99 of 100 of the nearest ten: ${dimensions} parts, leaning by ${leaning}`, () => {
      const vectors = made(5000, dimensions, leaning);
      const mean = Float32Array.from(
        { length: dimensions },
        (_, at) => vectors.reduce((sum, vector) => sum + (vector[at] ?? 0), 0) / vectors.length,
      );
      const bits = new Bits(mean);
      vectors.forEach((vector, id) => bits.add(id, vector));
      let found = 0;
      const questions = vectors.filter((_, n) => n % 250 === 0).map((vector) => unit(vector.map((value) => value + 0.02 * bell())));
      for (const asked of questions) {
        const ids = new Set(bits.nearest(asked, 400));
        assert.ok(ids.size >= 400 && ids.size < 1500, String(ids.size));
        found += exact(vectors, asked, 10).filter((id) => ids.has(id)).length;
      }
      assert.ok(found / (10 * questions.length) >= 0.99, String(found / (10 * questions.length)));
    });
  }

  it('let go of all but what is kept, and overwrite it', () => {
    const vectors = made(3000, 64, 0);
    const bits = new Bits(new Float32Array(64));
    vectors.forEach((vector, id) => bits.add(id, vector));
    bits.keep(new Set(vectors.flatMap((_, id) => (id % 3 === 0 ? [id] : []))));
    assert.equal(bits.count, 1000);
    const asked = vectors[999] ?? new Float32Array();
    assert.ok(bits.nearest(asked, 1).includes(999));
    assert.deepEqual([...new Set(bits.nearest(asked, 5000).map((id) => id % 3))], [0]);
    assert.equal(bits.spread(10).length, 10);
    bits.add(5000, vectors[1] ?? asked);
    assert.ok(bits.nearest(vectors[1] ?? asked, 1).includes(5000));
  });

  it('take a few bytes for each', () => {
    const bits = new Bits(new Float32Array(512));
    for (let id = 0; id < 20_000; id += 1) bits.add(id, new Float32Array(512));
    assert.ok(bits.bytes < 150 * 20_000, String(bits.bytes));
  });
});

describe('a vector in the database', () => {
  it('comes back as it was, but for what half precision loses, wherever its bytes lie', () => {
    const [vector = new Float32Array()] = made(25, 384, 0);
    const stored = toStored(vector);
    assert.equal(stored.length, 768);
    const odd = Buffer.concat([Buffer.of(1), stored]).subarray(1);
    for (const each of [stored, odd]) assert.ok(Math.abs(cosine(vector, fromStored(each)) - 1) < 0.001);
  });
});

describe('the vectors of a workspace in a search thread', () => {
  let desk: MeaningDesk;
  beforeEach(async () => (desk = await openMeaningDesk()));
  afterEach(() => desk.end());

  const parts = (beginning: string, count: number): string =>
    Array.from({ length: count }, (_, n) => `# ${beginning} ${n}\n\n${beginning} ${n} ${beginning}.`).join('\n\n');

  it('follow what is added and removed, and hold no lock', async () => {
    let now = 0;
    const index = new VectorIndex(join(desk.ws.folder, 'workspace.db'), () => (now += 10_000));
    const first = await desk.know('Eins', parts('zeppelin', 30));
    await desk.agree();
    await index.ready(1);
    assert.equal(index.count, 30);
    await desk.know('Zwei', parts('ballon', 20));
    await desk.embedded();
    await index.ready(1);
    assert.equal(index.count, 50);
    assert.equal(index.background(new Float32Array(512).fill(0.04)).of, 30, 'the sample is not taken anew for a few more');
    removeSource(desk.ws, first);
    await gone(desk.ws, first);
    await index.ready(1);
    assert.equal(index.count, 20, 'what was removed is still in memory');
    const [{ busy }] = desk.ws.sql.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }];
    assert.equal(busy, 0, 'a read transaction was left open');
    await index.ready(2);
    assert.equal(index.count, 0, 'another model has other vectors');
    index.close();
  });

  it('much that is switched off and nearer does not hide the little that is on', async () => {
    const off = await desk.know('Aus', parts('Sonntag geöffnet', 900));
    await desk.know('An', 'Sonntag Montag Dienstag Mittwoch Freitag.');
    await desk.agree();
    switchSource(desk.ws, off, false);
    const found = await search(desk.ws, { query: 'Dimanche ouvert ?' });
    assert.deepEqual(
      found.map(({ title }) => title),
      ['An'],
    );
  });
});
