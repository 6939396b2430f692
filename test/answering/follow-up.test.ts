import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { readBusinesses, teach, type Business, type Dialogue } from '../../scripts/bench/grounded-data.ts';
import { earlierOf } from '../../src/answering/gather.ts';
import { searchTalk } from '../../src/answering/search-talk.ts';
import { closeReading, closeSearch, readSource, search, type Passage } from '../../src/knowledge/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

const PASSAGES = 6;

interface Hits {
  all: number;
  first: number;
  among: number;
}

describe('a question in its conversation', function () {
  this.timeout(30_000);
  let test: TestInstallation;
  const businesses = readBusinesses();
  const places = new Map<string, { ws: Workspace; release: () => void }>();
  before(async () => {
    test = await testInstallation();
    await test.installation.jobs.start({ 'read-source': readSource });
    for (const business of businesses) places.set(business.name, await taught(business));
  });
  after(async () => {
    await test.installation.jobs.stop(0);
    for (const { release } of places.values()) release();
    await test.end();
    await Promise.all([closeReading(), closeSearch()]);
  });

  async function taught(business: Business): Promise<{ ws: Workspace; release: () => void }> {
    const { workspace: ws, release } = test.installation.workspaces.hold(cafeAurora(test.installation));
    const left = ws.prepare("SELECT count(*) FROM sources WHERE state IN ('waiting', 'reading')").pluck();
    teach(ws, business);
    while (left.get() !== 0) await pause(10);
    return { ws, release };
  }

  const signal = new AbortController().signal;
  const inTalk = (ws: Workspace, { turns }: Dialogue): Promise<Passage[]> => {
    const asked = [...turns].reverse();
    return searchTalk(ws, { question: asked[0] ?? '', earlier: earlierOf(asked.slice(1)) }, PASSAGES, signal);
  };
  const alone = (ws: Workspace, { turns }: Dialogue): Promise<Passage[]> => search(ws, { query: turns.at(-1) ?? '', limit: PASSAGES });

  async function hits(leans: boolean, names: (name: string) => boolean, look: typeof inTalk): Promise<Hits> {
    const found: Hits = { all: 0, first: 0, among: 0 };
    for (const { name, dialogues } of businesses.filter((business) => names(business.name))) {
      const ws = places.get(name)?.ws ?? assert.fail(name);
      for (const dialogue of dialogues.filter((each) => each.leans === leans)) {
        const passages = await look(ws, dialogue);
        found.all += 1;
        found.first += Number(passages[0]?.text.includes(dialogue.answer) ?? false);
        found.among += Number(passages.some(({ text }) => text.includes(dialogue.answer)));
      }
    }
    return found;
  }
  const every = (): boolean => true;
  /** Nothing was chosen by it: written when everything stood. */
  const heldOut = (name: string): boolean => name === 'libro';

  it('the dialogues are forty at least, in eleven languages, of two turns and of three', () => {
    const all = businesses.flatMap(({ dialogues }) => dialogues);
    assert.ok(all.length >= 40 && new Set(all.map(({ language }) => language)).size >= 11);
    assert.deepEqual(new Set(all.map(({ turns }) => turns.length)), new Set([2, 3]));
  });

  it('one that leans on what was said finds its passage, where alone it often doesn’t', async () => {
    const { all, among, first } = await hits(true, every, inTalk);
    assert.equal(among, all, 'what answers is among what is read');
    assert.ok(first >= all * 0.85, `${first} of ${all} come first`);
    assert.ok((await hits(true, every, alone)).among < all * 0.9);
  });

  it('a new subject isn’t dragged back to the old one', async () => {
    const { all, among, first } = await hits(false, every, inTalk);
    assert.equal(among, all);
    assert.ok(first >= all - 1, `${first} of ${all} come first`);
  });

  it('it holds for dialogues that nothing was tuned on, in languages without any list', async () => {
    const leaning = await hits(true, heldOut, inTalk);
    assert.equal(leaning.among, leaning.all);
    assert.ok(leaning.first >= leaning.all - 2, `${leaning.first} of ${leaning.all}`);
    const changing = await hits(false, heldOut, inTalk);
    assert.equal(changing.first, changing.all);
  });

  it('most questions are searched once all the same', async () => {
    let second = 0;
    let all = 0;
    for (const { name, dialogues } of businesses) {
      const ws = places.get(name)?.ws ?? assert.fail(name);
      for (const dialogue of dialogues) {
        all += 1;
        // What comes of one search has its reasons, what comes of two has none.
        second += Number((await inTalk(ws, dialogue))[0]?.why === undefined);
      }
    }
    assert.ok(second > 0 && second < all * 0.4, `${second} of ${all}`);
  });

  it('of what was said before, the last two messages count, and no more than their beginnings', () => {
    assert.equal(earlierOf(['third', 'second', 'first']), 'second\nthird');
    assert.equal(earlierOf(['x'.repeat(10_000)]).length, 300);
    assert.equal(earlierOf([]), '');
  });
});
