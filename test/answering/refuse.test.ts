import assert from 'node:assert/strict';
import { addText } from '../../src/knowledge/index.ts';
import { castOf, type Cast } from './cast.ts';

const SORRY = 'I can’t answer that well, so I’ve asked a person to look at it.';

describe('a bot that answers only from knowledge', () => {
  let cast: Cast;
  beforeEach(async () => {
    cast = await castOf();
    cast.ai.says = 'Certainly.';
  });
  afterEach(() => cast.end());

  const asked = async (text: string): Promise<{ calls: number; said: string; prompt: string }> => {
    const before = cast.ai.calls.length;
    await cast.write(text);
    await cast.quiet();
    return { calls: cast.ai.calls.length - before, said: cast.said().at(-1)?.text ?? '', prompt: cast.runs().at(-1)?.prompt ?? '' };
  };

  for (const question of ['Who won the football world cup?', 'Verkauft ihr Motorräder?', '最近の天気はどうですか？'])
    it(`refuses “${question}” without asking a model, calls a person, and costs nothing`, async () => {
      const { calls, said } = await asked(question);
      assert.equal(calls, 0);
      assert.doesNotMatch(said, /Certainly/);
      assert.deepEqual(
        cast.runs().map(({ state, why, cost_micros: cost }) => [state, why, cost]),
        [['fell-back', 'nothing found', 0]],
      );
      assert.notEqual(cast.ws.sql.prepare('SELECT wanted_since FROM conversations').pluck().get(), null);
    });

  it('answers what its knowledge says, also where the question leans on the one before', async () => {
    assert.deepEqual((await asked('Are you open on Sunday?')).said, 'Certainly.');
    const { said, prompt } = await asked('Until when?');
    assert.equal(said, 'Certainly.');
    assert.match(prompt, /from nine to seven/);
  });

  it('leaves to the model what is no question, and gives it nothing to guess from', async () => {
    const { calls, said, prompt } = await asked('Hejsan allihopa');
    assert.deepEqual([calls, said], [1, 'Certainly.']);
    assert.match(prompt, /No passage was found for this question/);
  });

  it('judges no long message by its many words: the model reads what was found', async () => {
    const story = 'My sister and her two children are visiting from Lisbon this month, and we thought of having cake somewhere nearby.';
    const { calls, prompt } = await asked(`${story} Are you open on Sunday?`);
    assert.equal(calls, 1);
    assert.match(prompt, /from nine to seven/);
  });

  it('that may also answer from what it knows otherwise is asked, with whatever was found', async () => {
    cast.set({ groundedOnly: false });
    addText(cast.ws, {
      title: 'Weak',
      text: 'Football is on the screen when there is a match, next to the bar, and the beer is cold then.',
      by: null,
    });
    await cast.quiet();
    const { calls, prompt } = await asked('Who won the football world cup in the year in which I was born?');
    assert.equal(calls, 1);
    assert.match(prompt, /Football is on the screen/);
  });

  it('says so in the customer’s language', async () => {
    assert.notEqual((await asked('Verkauft ihr Motorräder?')).said, SORRY);
    assert.match(cast.said().at(-1)?.text ?? '', /Menschen gebeten/);
  });
});
