import assert from 'node:assert/strict';
import type { AnswerEvent, AnswerRequest, GivenPassage } from '../../src/providers/provider.ts';
import { quoteProvider } from '../../src/providers/quote.ts';

const hours: GivenPassage = {
  n: 1,
  title: 'Opening hours',
  path: '',
  text: 'Are you open at weekends?\nOn Saturday and Sunday we are open from nine to five.',
  score: 0.6,
};
const zeiten: GivenPassage = {
  n: 2,
  title: 'Öffnungszeiten',
  path: 'Besuch › Öffnungszeiten',
  text: 'Samstags und sonntags ist das Café von 9 bis 17 Uhr geöffnet.',
  score: 0.55,
};
const allergens: GivenPassage = {
  n: 3,
  title: 'Menu',
  path: 'Menu › Allergens',
  text: 'The carrot cake holds walnuts, eggs and wheat. The brownie holds no nuts.',
  score: 0.5,
};
const vouchers: GivenPassage = {
  n: 4,
  title: 'Gutscheine',
  path: '',
  text: 'Gutscheine können innerhalb von 30 Tagen zurückgegeben werden.',
  score: 0.4,
};

async function ask(
  question: string,
  passages: GivenPassage[],
  language: AnswerRequest['language'] = 'en',
): Promise<{ text: string; events: AnswerEvent[] }> {
  const request: AnswerRequest = {
    model: 'quote',
    system: '',
    context: '',
    turns: [{ role: 'user', text: question }],
    passages,
    language,
    maxTokens: 100,
    temperature: null,
    cacheKey: '',
  };
  const access = {
    key: null,
    baseUrl: null,
    fetch: () => Promise.reject(new Error('it reaches out')),
    signal: new AbortController().signal,
    refusedFields: [],
    onRefusedField: () => undefined,
  };
  const events: AnswerEvent[] = [];
  for await (const event of quoteProvider.answer(access, request)) events.push(event);
  return { text: events.map((event) => (event.type === 'delta' ? event.text : '')).join(''), events };
}

describe('the built-in provider quote', () => {
  it('answers with the best passage, word for word, says so, and names it', async () => {
    const { text, events } = await ask('Are you open on Sunday?', [allergens, hours]);
    assert.equal(text, 'This is what our information says:\n\nOn Saturday and Sunday we are open from nine to five. [1]');
    assert.ok(events.filter(({ type }) => type === 'delta').length > 3, 'it comes in pieces');
    assert.deepEqual(events.at(-1), { type: 'end', reason: 'stop' });
    assert.deepEqual(events.at(-2), { type: 'usage', usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0 } });
  });

  it('says so in the language of the question', async () => {
    assert.match(
      (await ask('Habt ihr sonntags geöffnet?', [zeiten, hours])).text,
      /^Das steht in unseren Informationen:\n\nSamstags und sonntags/,
    );
    assert.match((await ask('Gutscheine?', [vouchers])).text, /^Das steht/, 'one word tells no language: the passage does');
    assert.match((await ask('星期天营业吗？', [{ ...hours, text: '星期天营业到下午五点。' }])).text, /^我们的资料/);
    assert.match(
      (await ask('Вы работаете в воскресенье?', [{ ...hours, text: 'В воскресенье кафе работает с 9 до 17.' }])).text,
      /^Вот что/,
    );
  });

  it('takes the first that fits, as the search sorted them', async () => {
    assert.match((await ask('Are you open on Sunday?', [allergens, hours])).text, /\[1\]$/);
    assert.match(
      (
        await ask('Are you open on Sunday?', [
          { ...hours, score: 0.2, n: 9 },
          { ...zeiten, text: 'Sunday: nine to five.' },
        ])
      ).text,
      /\[2\]$/,
    );
  });

  it('knows inflected words and accents that were left out', async () => {
    assert.match((await ask('Kann ich einen Gutschein zurueckgeben oder zurückgeben?', [vouchers])).text, /30 Tagen/);
    assert.match((await ask('Ist das Cafe sonntags geoffnet', [zeiten])).text, /9 bis 17/);
    assert.match((await ask('Are there walnuts in carrot cakes?', [allergens])).text, /walnuts/);
  });

  for (const question of ['Do you sell bicycles?', 'Who won the football game on Sunday?', 'Wie alt ist der Eiffelturm?', '']) {
    it(`refuses, so that a person is called, for ${question || 'nothing'}`, async () => {
      const weak = [hours, zeiten, allergens, vouchers].map((passage) => ({ ...passage, score: 0.2 }));
      const { text, events } = await ask(question, weak);
      assert.equal(text, '');
      assert.deepEqual(events.at(-1), { type: 'end', reason: 'refused' });
    });
  }

  it('refuses a passage that was found for the question before, and holds nothing of this one', async () => {
    assert.deepEqual((await ask('Do you sell bicycles?', [hours])).events.at(-1), { type: 'end', reason: 'refused' });
    assert.match((await ask('And on Saturday?', [hours])).text, /nine to five/);
  });

  it('answers little words alone where they stand so', async () => {
    const pair = { ...zeiten, text: 'Wann macht ihr auf und zu?\nUm neun und um fünf.' };
    assert.match((await ask('Wann macht ihr auf?', [pair])).text, /Um neun und um fünf\. \[2\]$/);
    assert.deepEqual((await ask('Was macht ihr da?', [pair])).events.at(-1), { type: 'end', reason: 'refused' });
  });

  const courteous: [said: string, language: AnswerRequest['language'], answer: string][] = [
    ['hello', 'en', 'Hello. What can I do for you?'],
    ['Vielen Dank!', 'de', 'Gern. Schreiben Sie jederzeit wieder.'],
    ['👍', 'fr', 'Avec plaisir. Écrivez-nous à nouveau quand vous voulez.'],
    ['???', 'en', 'What would you like to know?'],
    ['🥐', 'de', 'Was möchten Sie wissen?'],
  ];
  for (const [said, language, answer] of courteous) {
    it(`answers ${said} as one does, and quotes nothing`, async () => {
      const { text, events } = await ask(said, [hours, zeiten], language);
      assert.equal(text, answer);
      assert.deepEqual(events.at(-1), { type: 'end', reason: 'stop' });
    });
  }

  it('cites behind a block of code, not in it', async () => {
    const code = { ...vouchers, text: 'Gutscheine im Überblick:\n\n```\n10 € bis 200 €\n```', score: 0.7 };
    assert.match((await ask('Gutscheine?', [code])).text, /\n```\n\n\[4\]$/);
  });

  it('refuses when there is nothing to quote', async () => {
    assert.deepEqual((await ask('Are you open?', [])).events.at(-1), { type: 'end', reason: 'refused' });
  });

  it('quotes of a long text the sentences that answer, and marks what it left out', async () => {
    const filler = 'We like what we do and do it every day with care. '.repeat(20);
    const { text } = await ask('Is there parking for bikes?', [
      { ...hours, text: `${filler}Parking for bikes is behind the house. ${filler}` },
    ]);
    assert.match(text, /Parking for bikes is behind the house\./);
    assert.match(text, /\n\n… .* … \[1\]$/s);
    assert.ok(text.length < 700);
  });
});
