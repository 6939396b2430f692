import assert from 'node:assert/strict';
import { applyEdits, wordsOf, type Edit } from '../../src/knowledge/apply-edits.ts';
import { chunkHash } from '../../src/knowledge/chunk-hash.ts';
import type { Chunk } from '../../src/knowledge/reading/material.ts';

function chunk(path: string, text: string): Chunk {
  return { path, page: null, text, words: wordsOf('Menu', path, text, 'en'), language: 'en', hash: chunkHash(path, text) };
}

const HOURS = 'We are open from Tuesday to Friday from 8 am to 6 pm, on Saturday and Sunday from 9 am to 5 pm.';
const CAKES = 'The carrot cake is vegan and contains walnuts. A slice costs 4.50.';
const PARKING = 'Parking is behind the church, the first hour is free.';
const READ = [chunk('Hours', HOURS), chunk('Cakes', CAKES), chunk('', PARKING)];

function edit(id: number, at: number, text: string, more: Partial<Edit> = {}): Edit {
  const { path, text: original, hash } = READ[at] ?? assert.fail();
  return { id, state: 'kept', path, position: at, originalHash: hash, original, text, found: null, updatedAt: 0, ...more };
}

const MINE = 'The carrot cake is vegan and contains hazelnuts. A slice costs 4.50.';

describe('edits in a new reading', () => {
  const cases: { says: string; read: Chunk[]; edits?: Edit[]; shown: string[]; outcomes: [number, string, string | null][] }[] = [
    {
      says: 'what is unchanged carries the edit again',
      read: READ,
      shown: [HOURS, MINE, PARKING],
      outcomes: [[1, 'kept', null]],
    },
    {
      says: 'it is found where the passage has moved to',
      read: [chunk('New', 'We have moved house.'), chunk('Hours', HOURS), chunk('', PARKING), chunk('Cakes', CAKES)],
      shown: ['We have moved house.', HOURS, PARKING, MINE],
      outcomes: [[1, 'kept', null]],
    },
    {
      says: 'a passage that says it otherwise now carries the edit, and the edit is told',
      read: [chunk('Hours', HOURS), chunk('Cakes', CAKES.replace('4.50', '4.90')), chunk('', PARKING)],
      shown: [HOURS, MINE, PARKING],
      outcomes: [[1, 'changed', CAKES.replace('4.50', '4.90')]],
    },
    {
      says: 'a heading that changed is no matter where the text is alike',
      read: [chunk('Our cakes', CAKES.replace('4.50', '4.90')), chunk('Hours', HOURS)],
      shown: [MINE, HOURS],
      outcomes: [[1, 'changed', CAKES.replace('4.50', '4.90')]],
    },
    {
      says: 'what the source says no more stays as a passage of its own',
      read: [chunk('Hours', HOURS), chunk('', PARKING)],
      shown: [HOURS, PARKING, MINE],
      outcomes: [[1, 'alone', null]],
    },
    {
      says: 'a passage that swallowed the old one among much else keeps what it says',
      read: [chunk('Cakes', `${CAKES} ${HOURS} ${PARKING} Dogs are welcome on the terrace, and so are children on the lawn.`)],
      shown: [`${CAKES} ${HOURS} ${PARKING} Dogs are welcome on the terrace, and so are children on the lawn.`, MINE],
      outcomes: [[1, 'alone', null]],
    },
    {
      says: 'an edit that stood alone comes back to its passage',
      read: READ,
      edits: [edit(1, 1, MINE, { state: 'alone' })],
      shown: [HOURS, MINE, PARKING],
      outcomes: [[1, 'kept', null]],
    },
    {
      says: 'a change that was told stays told, with the same words',
      read: [chunk('', PARKING), chunk('Cakes', 'All our cakes come from Bäckerei Sommer, and prices hang at the door.')],
      edits: [edit(1, 1, MINE, { state: 'changed', found: 'All our cakes come from Bäckerei Sommer, and prices hang at the door.' })],
      shown: [PARKING, MINE],
      outcomes: [[1, 'changed', 'All our cakes come from Bäckerei Sommer, and prices hang at the door.']],
    },
    {
      says: 'an edit that the source has taken over has nothing left to do',
      read: [chunk('Hours', HOURS), chunk('Cakes', MINE)],
      shown: [HOURS, MINE],
      outcomes: [[1, 'fulfilled', null]],
    },
    {
      says: 'two passages that said the same keep an edit each in their places',
      read: [chunk('Cakes', CAKES), chunk('Hours', HOURS), chunk('Cakes', CAKES)],
      edits: [edit(1, 1, 'Second.', { position: 2 }), edit(2, 1, 'First.', { position: 0 })],
      shown: ['First.', HOURS, 'Second.'],
      outcomes: [
        [1, 'kept', null],
        [2, 'kept', null],
      ],
    },
  ];
  for (const { says, read, edits = [edit(1, 1, MINE)], shown, outcomes } of cases) {
    it(says, () => {
      const applied = applyEdits('Menu', read, edits);
      assert.deepEqual(
        applied.chunks.map(({ text }) => text),
        shown,
      );
      assert.deepEqual(
        applied.outcomes.map(({ id, state, found }) => [id, state, found]),
        outcomes,
      );
    });
  }

  it('an edited passage is found by its own words, and known by what it says', () => {
    const [, cakes] = applyEdits('Menu', READ, [edit(7, 1, MINE)]).chunks;
    assert.deepEqual(cakes, {
      path: 'Cakes',
      page: null,
      language: 'en',
      text: MINE,
      words: wordsOf('Menu', 'Cakes', MINE, 'en'),
      hash: chunkHash('Cakes', MINE),
      editId: 7,
    });
    assert.match(cakes.words, /hazelnut/);
  });

  it('works in scripts that write no spaces', () => {
    const before = chunk('营业时间', '我们星期二到星期五早上八点到下午六点营业。星期天九点到五点营业。');
    const after = chunk('营业时间', '我们星期二到星期五早上八点到下午七点营业。星期天九点到五点营业。');
    const own: Edit = { ...edit(1, 0, '我们每天营业。'), path: before.path, original: before.text, originalHash: before.hash };
    assert.deepEqual(applyEdits('', [chunk('停车', '停车场在教堂后面，第一个小时免费。'), after], [own]).outcomes, [
      { id: 1, state: 'changed', found: after.text },
    ]);
  });
});
