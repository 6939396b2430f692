import assert from 'node:assert/strict';
import fc from 'fast-check';
import { VisibleText } from '../../src/answering/visible-text.ts';
import { citedIn, withoutCitations } from '../../src/lib/citations.ts';

const SIGN = /\[\[\s*(?:no[\s_-]*answer|call[\s_-]*(?:a\s+)?person)\s*\]\]/i;

/** Pieces of which hostile answers are made: signs, JSON, citations, and what looks like the beginning of each. */
const piece = fc.constantFrom(
  ...['[', ']', '[[', ']]', '(', ')', '{', '}', '"', ':', ',', '1', '2', '12', '[1]', ' [1]', '[1, 2]', ' [1, 2, 3, 4, 5, 6]', '[1,\n2]'],
  ...[
    '[[no answer]]',
    '[[call person]]',
    '[[No Answer]]',
    '[no answer]',
    '{"a":1}',
    '```',
    'json\n',
    '<',
    '<think>',
    '](https://a.example)',
  ],
  ...[' ', '  ', '\n', '\u00A0', 'We are open', 'no answer', 'é', '👩‍👩‍👧', 'null', '-', '.'],
);
const answer = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
/** An answer, and the places at which it is cut on its way. */
const cutAnswer = answer.chain((whole) => fc.tuple(fc.constant(whole), fc.array(fc.nat(whole.length), { maxLength: 20 })));

interface Seen {
  text: VisibleText;
  /** What the customer sees after each piece, and at the end. */
  moments: string[];
}

function stream(whole: string, cuts: number[]): Seen {
  const text = new VisibleText();
  const moments: string[] = [];
  const places = [...new Set([0, ...cuts, whole.length])].sort((a, b) => a - b);
  let seen = '';
  for (const [index, place] of places.entries()) {
    seen += text.push(whole.slice(place, places[index + 1]));
    moments.push(seen);
  }
  if (text.meaning === 'answer') moments.push(seen + text.finish());
  return { text, moments };
}

const everyLetter = (whole: string): number[] => Array.from(whole, (_, index) => index);

describe('what a customer sees of an answer while it comes', () => {
  it('is at every moment a beginning of what the whole answer says, however it is cut', () => {
    fc.assert(
      fc.property(cutAnswer, ([whole, cuts]) => {
        const { text, moments } = stream(whole, cuts);
        const final = withoutCitations(whole.trim()).trimEnd();
        for (const seen of moments) assert.ok(final.startsWith(seen), `${JSON.stringify(seen)} of ${JSON.stringify(final)}`);
        if (text.meaning === 'answer') assert.equal(moments.at(-1), final);
      }),
      { numRuns: 3000 },
    );
  });

  it('is never a sign that is for us, nor the beginning of one, however it is cut', () => {
    fc.assert(
      fc.property(cutAnswer, ([whole, cuts]) => {
        const { text, moments } = stream(whole, cuts);
        if (!SIGN.test(whole)) return;
        assert.match(text.meaning, /^(no answer|call person)$/);
        assert.ok(!(moments.at(-1) ?? '').includes('[['), JSON.stringify(moments.at(-1)));
      }),
      { numRuns: 3000 },
    );
  });

  it('is nothing of an answer that is not for people, however it is cut', () => {
    const json = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));
    const around = fc.constantFrom(['', ''], ['```json\n', '\n```'], ['```\n', '```\n'], ['\n  ', '\n'], ['```json\n', '']);
    fc.assert(
      fc.property(
        around,
        json,
        fc.integer({ min: 0, max: 3 }),
        fc.array(fc.nat(200), { maxLength: 15 }),
        ([before = '', after = ''], value, indent, cuts) => {
          const whole = `${before}${JSON.stringify(value, null, indent)}${after}`;
          const { text, moments } = stream(
            whole,
            cuts.map((cut) => cut % (whole.length + 1)),
          );
          assert.equal(text.meaning, 'not for people', whole);
          assert.equal(moments.at(-1), '');
        },
      ),
      { numRuns: 1000 },
    );
  });

  for (const [what, whole] of [
    ['a tool call that was cut off', '{"name": "search", "arguments": {"q": "opening ho'],
    ['a tool call in a fence, with words behind', '```json\n{"name": "search"}\n```\nI will look that up.'],
    ['a list of tool calls', ' [ {"name": "search"}, {"name": "x"'],
    ['a list that begins like a citation', '[1, {"name": "search"}]'],
    ['a tool call between tags', '<tool_call>{"name": "search"}</tool_call>'],
    ['reasoning between tags', '<reasoning>The customer is annoying.</reasoning> Yes.'],
    ['nothing but citations', ' [1] [2, 3]\n'],
    ['white space', ' \n\t'],
  ] as const) {
    it(`is nothing of ${what}`, () => {
      for (const cuts of [[], everyLetter(whole)]) {
        const { text, moments } = stream(whole, cuts);
        assert.ok(['not for people', 'empty'].includes(text.meaning), text.meaning);
        assert.equal(moments.at(-1), '');
      }
    });
  }

  for (const sign of [
    '[[no answer]]',
    '[[No Answer]]',
    '[[ no answer ]].',
    '[no answer]',
    '[[no_answer]]',
    '\n[[call person]]',
    '[[call a person]]',
  ]) {
    it(`knows ${JSON.stringify(sign)}, though the model was careless`, () => {
      const { text, moments } = stream(sign, everyLetter(sign));
      assert.equal(text.meaning, sign.includes('call') ? 'call person' : 'no answer');
      assert.equal(moments.at(-1), '');
    });
  }

  for (const sign of [
    '[[detail 1: Ana]]',
    '[[declined 1]]',
    '[[detail 1:]]',
    '[[detail: Ana]]',
    '[[Details #1: Ana]]',
    '[[declined 1: no]]',
    '[[detail 1: Ana',
    '[[detail 1: Ana]',
    '[[deta',
  ]) {
    it(`holds no ${sign}, though the model was careless or was cut off`, () => {
      const whole = `Thank you.\n${sign}`;
      for (const cuts of [[], everyLetter(whole)]) {
        const { text, moments } = stream(whole, cuts);
        assert.deepEqual([text.meaning, moments.at(-1)], ['answer', 'Thank you.']);
      }
    });
  }

  it('is no bracket of a sign that only stands there once a citation is taken out', () => {
    const whole = 'é[ [1][]][[No Answer]]';
    for (const cuts of [[], everyLetter(whole)]) assert.equal(stream(whole, cuts).moments.at(-1), 'é');
  });

  it('is nothing of a sign alone that tells no detail', () => {
    assert.equal(stream('[[detail: Ana]]', []).text.meaning, 'empty');
  });

  it('comes as it comes where there is nothing to hold back', () => {
    const whole = 'We are open on Sunday, from nine to seven.';
    const { moments } = stream(whole, everyLetter(whole));
    assert.deepEqual(moments.slice(0, 9), ['W', 'We', 'We', 'We a', 'We ar', 'We are', 'We are', 'We are o', 'We are op']);
  });

  it('has links, and bracketed words that are no citation', () => {
    for (const whole of [
      'See [the menu](https://a.example/menu) [2].',
      '[Menu](https://a.example) is here [1]',
      'a [1](https://a.example) b',
      'year [2024] x',
    ])
      assert.equal(stream(whole, everyLetter(whole)).moments.at(-1), withoutCitations(whole));
  });
});

describe('citations', () => {
  it('are found by their numbers and taken out, and a text without any stays as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom('a', ' ', 'Yes.'), fc.integer({ min: 1, max: 99 })), { maxLength: 12 }), (parts) => {
        const text = parts.map((part) => (typeof part === 'number' ? ` [${part}]` : part)).join('');
        assert.deepEqual(citedIn(text), [...new Set(parts.filter((part) => typeof part === 'number'))]);
        assert.ok(!/\[\d/.test(withoutCitations(text)));
      }),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('[')),
        (text) => withoutCitations(text) === text,
      ),
    );
  });

  it('are read fast in a flood of brackets and blanks', () => {
    const began = performance.now();
    for (const flood of [' '.repeat(50_000), '[1,'.repeat(20_000), ' ['.repeat(20_000)]) {
      const text = new VisibleText();
      text.push(`x${flood}`);
      withoutCitations(flood);
    }
    assert.ok(performance.now() - began < 2000);
  });
});
