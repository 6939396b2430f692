import assert from 'node:assert/strict';
import { isLittleWord, languageOf } from '../../src/lib/language.ts';
import { estimateTokens } from '../../src/lib/tokens.ts';

describe('the language of a short text', () => {
  const questions: Record<string, string[]> = {
    en: ['Are you open on Sunday?', 'Do you have oat milk', 'Is there parking'],
    de: ['Habt ihr sonntags offen?', 'Was kostet ein Cappuccino', 'Öffnungszeiten?', 'Liefern Sie auch nach Hause?'],
    fr: ['Êtes-vous ouverts le dimanche ?', 'Combien coûte un café?'],
    es: ['¿Abren los domingos?', 'Cuánto cuesta un café'],
    it: ['Siete aperti la domenica?', 'Quanto costa un cappuccino?'],
    pt: ['Vocês abrem no domingo?', 'Quanto custa um café?'],
    nl: ['Zijn jullie zondag open?', 'Hoeveel kost een koffie?'],
    pl: ['Czy jesteście otwarci w niedzielę?'],
    tr: ['Pazar günü açık mısınız?', 'Kahve ne kadar?'],
    ru: ['Вы работаете в воскресенье?'],
    uk: ['Ви працюєте в неділю?'],
    ar: ['هل أنتم مفتوحون يوم الأحد؟'],
    zh: ['你们星期天营业吗？'],
    ja: ['日曜日は営業していますか？'],
    ko: ['일요일에 영업하나요?'],
  };
  for (const [language, texts] of Object.entries(questions)) {
    it(`is told for ${language}`, () => {
      for (const text of texts) assert.equal(languageOf(text), language, text);
    });
  }

  it('is null where nothing tells it', () => {
    for (const text of ['', '???', '🥐🥐', 'WLAN', '12:30', 'cappuccino']) assert.equal(languageOf(text), null, text);
  });

  it('is found fast in a flood of text', () => {
    const began = performance.now();
    languageOf('Wo ist '.repeat(200_000));
    assert.ok(performance.now() - began < 200);
  });

  it('has little words of its own', () => {
    assert.equal(isLittleWord('die', 'de'), true);
    assert.equal(isLittleWord('die', 'en'), false);
    assert.equal(isLittleWord('die', null), true);
    assert.equal(isLittleWord('walnut', null), false);
  });
});

describe('an estimate of tokens', () => {
  it('comes close to what common tokenisers count, rather above', () => {
    const counted: [string, number][] = [
      ['The quick brown fox jumps over the lazy dog, and nobody in the whole village was surprised by that.', 21],
      ['Samstags und sonntags ist das Café von neun bis siebzehn Uhr geöffnet, außer an Feiertagen.', 22],
      ['今天天气很好，我们去公园散步吧。', 13],
    ];
    for (const [text, tokens] of counted) {
      const estimate = estimateTokens(text);
      assert.ok(estimate >= tokens && estimate <= tokens * 1.5, `${estimate} for ${tokens}: ${text}`);
    }
    assert.equal(estimateTokens(''), 0);
  });
});
