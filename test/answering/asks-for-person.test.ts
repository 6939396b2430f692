import assert from 'node:assert/strict';
import { heard } from '../../scripts/bench/handoff.ts';
import { asksForPerson } from '../../src/answering/index.ts';

describe('who asks for a person', () => {
  it('is heard without a model in nineteen languages, and nothing else is taken for it', () => {
    const { wishes, missed, wrong } = heard();
    assert.ok(wishes > 80);
    assert.deepEqual({ missed, wrong }, { missed: [], wrong: [] });
  });

  it('is told from who says that they want none, before the wish and behind it', () => {
    for (const text of ['No need to talk to a person, thanks', 'Bitte nicht mit einem Mitarbeiter verbinden', '担当者と話したくない'])
      assert.equal(asksForPerson(text), false, text);
    assert.equal(asksForPerson('I’m not happy. Let me talk to a person'), true, 'another sentence says no');
  });

  it('is not looked for in a long text, whose subject is another', () => {
    assert.equal(asksForPerson(`${'My order has not arrived and nobody answers. '.repeat(4)}Can I talk to a person?`), false);
  });
});
