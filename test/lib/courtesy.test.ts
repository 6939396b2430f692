import assert from 'node:assert/strict';
import { courtesyOf, type Courtesy } from '../../src/lib/courtesy.ts';

describe('a message that asks nothing', () => {
  const said: Record<Courtesy, string[]> = {
    greeting: [
      'Hi',
      'hello!',
      'Hi there',
      'Guten Morgen',
      'Bonjour, ça va ?',
      '¡Hola!',
      'Buon giorno',
      'Bom dia',
      'Dzień dobry',
      'İyi günler',
      'Добрый день',
      'Вітаю',
      'السلام عليكم',
      'How are you?',
      'Hallo, ich habe eine Frage',
    ],
    thanks: [
      'Great, thank you',
      'Thanks for your help!',
      'OK',
      'Danke!',
      'Vielen Dank für die schnelle Hilfe',
      'Merci beaucoup',
      'gracias',
      'Grazie mille',
      'Muito obrigada',
      'Dank u wel',
      'Dziękuję bardzo',
      'tesekkurler',
      'Спасибо большое',
      'Дуже дякую',
      'شكراً جزيلاً',
      '👍',
      '🙏🏽',
    ],
    nothing: ['???', '…', '🥐', '!!', '- -'],
  };
  for (const [kind, texts] of Object.entries(said)) {
    it(`is told as ${kind}`, () => {
      for (const text of texts) assert.equal(courtesyOf(text), kind, text);
    });
  }

  it('is none when it may ask something, however polite', () => {
    const asks = [
      'Hello, how much is it?',
      'Hi, do you have oat milk',
      'Danke, wann macht ihr morgen auf',
      'OK, und am Sonntag?',
      'Great, vegan',
      'Merci, et le dimanche ?',
      'Perfect?? which cake',
      'Morgen offen?',
      '42',
      'cake',
      'No',
    ];
    for (const text of asks) assert.equal(courtesyOf(text), null, text);
  });

  it('is none where no text was sent, or very much', () => {
    for (const text of ['', '  ', `thanks ${'thanks '.repeat(100)}`, '?'.repeat(100_000)]) assert.equal(courtesyOf(text), null);
  });
});
