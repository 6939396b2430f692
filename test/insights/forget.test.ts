import assert from 'node:assert/strict';
import { forgetWordsOf } from '../../src/insights/index.ts';
import { search } from '../../src/knowledge/index.ts';
import type { Client } from '../support/http.ts';
import { insightsCast, onlyGroup, type Cast } from './cast.ts';

const SAID = 'Do you have oat milk for my daughter Philippa, who is allergic?';
const ANSWER = 'Yes, oat and soy milk, at no extra cost.';

describe('the words of a customer who is erased', () => {
  let cast: Cast;
  let owner: Client;
  before(async () => {
    cast = await insightsCast();
    owner = await cast.server.as('owner');
  });
  afterEach(() => cast.clear());
  after(() => cast.end());

  async function learn(pair: { question: string; answer: string }): Promise<void> {
    await owner.post(`${cast.base}/${onlyGroup(cast)}/answer`, { ...pair, source: 'new' });
    await cast.quiet();
  }

  const contactOf = (name: string): number =>
    cast.all<{ id: number }>('SELECT contact_id AS id FROM identities WHERE display_name = ? ORDER BY id DESC LIMIT 1', name)[0]?.id ?? 0;

  async function forget(name: string): Promise<void> {
    cast.ws.durable(() => forgetWordsOf(cast.ws, contactOf(name)));
    await cast.quiet();
  }

  const pairs = () => cast.all<{ question: string; answer: string }>('SELECT question, answer FROM questions');
  const origins = () => cast.all<{ part: string; contact: number }>('SELECT part, contact_id AS contact FROM question_origins ORDER BY id');

  /** Everywhere that words are kept but the conversation itself. */
  function kept(word: string): string[] {
    const places = ['gaps.text', 'gaps.words', 'questions.question', 'questions.answer', 'chunks.text', 'chunks.words', 'jobs.payload'];
    return places.filter((place) => {
      const [table = '', column = ''] = place.split('.');
      return cast.all(`SELECT 1 FROM ${table} WHERE lower(${column}) LIKE '%' || ? || '%'`, word).length > 0;
    });
  }

  it('leave the gaps, and a question that was taken from them word for word; the business’s answer stays', async () => {
    await cast.ask('Jonas', SAID);
    await learn({ question: SAID, answer: ANSWER });
    assert.deepEqual(origins(), [{ part: 'question', contact: contactOf('Jonas') }]);
    assert.deepEqual(kept('philippa'), ['gaps.text', 'gaps.words', 'questions.question', 'chunks.text', 'chunks.words']);
    await forget('Jonas');
    assert.deepEqual(kept('philippa'), []);
    assert.deepEqual(cast.gaps(), []);
    assert.deepEqual(cast.all('SELECT id FROM gap_groups'), []);
    assert.deepEqual(origins(), []);
    assert.deepEqual(pairs(), [{ question: '', answer: ANSWER }]);
    const [found] = await search(cast.ws, { query: 'soy milk' });
    assert.equal(found?.text, ANSWER);
  });

  it('are no more theirs once a person has written the question anew', async () => {
    await cast.ask('Jonas', SAID);
    const own = { question: 'Which milk do you offer besides cow milk?', answer: ANSWER };
    await learn(own);
    assert.deepEqual(origins(), []);
    await forget('Jonas');
    assert.deepEqual(pairs(), [own]);
    assert.deepEqual(kept('philippa'), []);
  });

  it('stay where another customer has said all the same', async () => {
    await cast.ask('Jonas', 'Do you have oat milk at all times?');
    await cast.ask('Ida', 'Do you have oat milk at all times?');
    const pair = { question: 'Do you have oat milk at all times?', answer: ANSWER };
    await learn(pair);
    assert.equal(origins().length, 2);
    await forget('Jonas');
    assert.deepEqual(pairs(), [pair]);
    assert.deepEqual(
      cast.gaps().map(({ text }) => text),
      ['Do you have oat milk at all times?'],
    );
    await forget('Ida');
    assert.deepEqual(pairs(), [{ question: '', answer: ANSWER }]);
  });

  it('take a pair with them whose answer holds them, and the question of others waits again', async () => {
    await cast.ask('Jonas', SAID);
    await cast.ask('Ida', 'Is there oat milk for an allergic daughter?');
    const group = onlyGroup(cast);
    await learn({ question: 'Which milk is there?', answer: 'You asked: “Do you have oat milk for my daughter Philippa”. We do.' });
    assert.deepEqual(origins(), [{ part: 'answer', contact: contactOf('Jonas') }]);
    await forget('Jonas');
    assert.deepEqual(pairs(), []);
    assert.equal(cast.state(group), 'open');
    assert.deepEqual(kept('philippa'), []);
    assert.deepEqual(await search(cast.ws, { query: 'daughter Philippa' }), []);
  });

  it('leave nothing of their name, though a person wrote it', async () => {
    await cast.ask('Leyla Demir', 'Do you have oat milk?');
    await learn({ question: 'Which milk is there besides?', answer: 'Oat milk, as Leyla Demir knows. Soy, too.' });
    assert.deepEqual(
      origins().map(({ part }) => part),
      ['answer'],
    );
    await forget('Leyla Demir');
    assert.deepEqual(pairs(), [{ question: 'Which milk is there besides?', answer: 'Oat milk, as [name removed] knows. Soy, too.' }]);
    assert.deepEqual(kept('leyla'), []);
  });

  it('of others are all still there', async () => {
    await cast.ask('Jonas', SAID);
    await cast.ask('Ida', 'Is there a table for my grandmother Mathilde in the garden on Friday evening?');
    const before = cast.gaps().filter(({ text }) => text.includes('Mathilde'));
    await forget('Jonas');
    assert.deepEqual(cast.gaps(), before);
    assert.deepEqual(kept('philippa'), []);
  });
});
