import assert from 'node:assert/strict';
import { cutWords, indexedWords, stem } from '../../src/knowledge/search/words.ts';

describe('words of the index', () => {
  const cases: [what: string, text: string, words: string[]][] = [
    ['lower-cased, punctuation out', 'Are you OPEN on Sunday?!', ['are', 'you', 'open', 'on', 'sunday']],
    ['parts at an apostrophe and a dot', "l'hôtel aurora.example", ['l', 'hôtel', 'aurora', 'example']],
    ['numbers with their decimals, however they are written', '3,50 € or 3.50', ['3.50', 'or', '3.50']],
    ['full-width and compatibility forms made plain', 'Ｍｅｎｕ ﬁne １２', ['menu', 'fine', '12']],
    ['Chinese by its dictionary', '我们星期天营业', ['我们', '星期天', '营业']],
    ['Thai by its dictionary', 'ร้านเปิดกี่โมง', ['ร้าน', 'เปิด', 'กี่', 'โมง']],
    ['emoji and signs say nothing', '🎉 … — ✨', []],
  ];
  for (const [what, text, words] of cases) it(what, () => assert.deepEqual(cutWords(text), words));

  it('a word’s forms have one stem in its language, and marks that people leave out count for nothing', () => {
    assert.equal(stem('sundays', 'en'), stem('sunday', 'en'));
    assert.equal(stem('öffnungszeiten', 'de'), stem('offnungszeiten', 'de'));
    assert.equal(stem('городами', 'ru'), stem('город', 'ru'));
    assert.equal(stem('λόγος', 'el'), stem('λογοσ', 'el'));
    assert.equal(stem('مُدَرِّس', null), 'مدرس');
    assert.equal(stem('ที่', 'th'), 'ที่');
  });

  it('a text is indexed in its order', () => {
    assert.equal(indexedWords('Cakes are ordered two days ahead.', 'en'), 'cake are order two day ahead');
  });
});
