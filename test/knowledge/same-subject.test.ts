import assert from 'node:assert/strict';
import { addText, search } from '../../src/knowledge/index.ts';
import { openDesk, settled, type Desk } from './desk.ts';

/** Two people, and what the question's words alone can't tell: which of them "he" was. */
const TEXTS: [title: string, text: string][] = [
  ['Brewster opens', 'Brewster founded the roastery in Lindholm. Brewster bought green coffee from Yirgacheffe and roasted it himself.'],
  ['Brewster travels', 'In spring Brewster sailed to Yirgacheffe, and wrote home to Lindholm about the harvest.'],
  ['Brewster ends', 'The roastery in Lindholm closed its doors for good: Brewster, tired of Yirgacheffe, sold it on 4 March 1931.'],
  ['Hours', 'The shop closed for the year is a thing of the past: now it is open all year.'],
  ['Garden', 'The year of the garden: roses, tulips, and a fountain that was closed for repair.'],
  ['Parking', 'Parking is free in the first hour. The gate is closed at ten, all year.'],
  ['Cakes', 'Our cakes are baked daily, with butter, flour and sugar of the year.'],
];

describe('passages found', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    for (const [title, text] of TEXTS) addText(desk.ws, { title, text, by: null });
    for (let id = 1; id <= TEXTS.length; id += 1) assert.equal((await settled(desk.ws, id)).state, 'ready');
  });
  after(() => desk.end());

  it('come in an order of their subject: what has rare words in common with the best stands before what shares usual ones', async () => {
    const found = await search(desk.ws, { query: 'When was the roastery of Brewster closed, in which year?' });
    const subjects = found.map(({ title, why }) => ({ title, subject: why?.subject ?? null }));
    assert.equal(subjects[0]?.subject, null, 'the first stands by its score');
    assert.deepEqual(
      found.slice(0, 3).map(({ title }) => title.split(' ')[0]),
      ['Brewster', 'Brewster', 'Brewster'],
    );
    const traveller = found.findIndex(({ title }) => title === 'Brewster travels');
    const later = found.slice(traveller + 1);
    assert.ok(
      later.some(({ score }) => score > (found[traveller]?.score ?? 1)),
      'by its score alone it would stand further down',
    );
  });

  it('keep their scores, whether anything fits is not for the subject to say', async () => {
    const [first, ...others] = await search(desk.ws, { query: 'When was the roastery of Brewster closed, in which year?' });
    assert.ok(first && others.every(({ score }) => score <= first.score));
  });
});
