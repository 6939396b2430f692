import assert from 'node:assert/strict';
import { castOf, type Cast } from './cast.ts';

describe('what was shown of an answer', () => {
  let cast: Cast;
  beforeEach(async () => {
    cast = await castOf();
  });
  afterEach(() => cast.end());

  const drafts = (): string => cast.events.flatMap((event) => (event.type === 'draft' ? [event.text] : [])).join('');

  for (const [sign, says] of [
    ['[[no answer]]', /can’t answer that well/],
    ['[[call person]]', /asked a person to join/],
  ] as const)
    it(`stays when the model ends in ${sign} after all, marked as cut off, and the sign is seen by nobody`, async () => {
      cast.set({ groundedOnly: false });
      cast.ai.says = `Let me have a look at what we know about swallows. ${sign}`;
      await cast.write('What is the airspeed of a swallow?');
      await cast.quiet();
      assert.deepEqual(
        cast.said().map(({ author, cut }) => [author, cut]),
        [
          ['customer', false],
          ['bot', true],
          ['bot', false],
        ],
      );
      const [, shown, last] = cast.said();
      assert.equal(shown?.text, 'Let me have a look at what we know about swallows.');
      assert.equal(drafts(), shown.text);
      assert.match(last?.text ?? '', says);
      assert.ok(!JSON.stringify([cast.said(), cast.events]).includes(sign));
    });

  it('is nothing where the answer is a tool call that was cut for its length', async () => {
    cast.set({ groundedOnly: false });
    cast.ai.says = '{"name": "search_the_menu", "arguments": {"query": "vegan ca';
    await cast.write('Do you have vegan cake?');
    await cast.quiet();
    assert.equal(drafts(), '');
    assert.ok(!JSON.stringify(cast.said()).includes('search_the_menu'));
    assert.match(cast.said().at(-1)?.text ?? '', /can’t answer that well/);
  });

  it('keeps no citation that was long in coming', async () => {
    cast.ai.says = 'Yes, from nine to seven. [1, 2, 3, 4, 5, 6]';
    await cast.write('Are you open on Sunday?');
    await cast.quiet();
    assert.equal(drafts(), 'Yes, from nine to seven.');
  });
});
