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

  it('is null rather than wrong where the language has no little words here', () => {
    const texts = [
      'Har ni öppet på söndagar?',
      'Jag skulle vilja boka ett bord för fyra personer i morgon kväll.',
      'Kan jeg betale med kort?',
      'Hvor lang tid tager leveringen?',
      'Onko teillä gluteenitonta kakkua?',
      'Jak dlouho trvá doručení?',
      'Želio bih rezervirati stol za četiri osobe sutra navečer.',
      'Van parkoló a közelben?',
      'Một ly cà phê giá bao nhiêu?',
      'Apakah ada tempat parkir di dekat sini?',
      'Vai varu maksāt ar karti?',
      'Колко струва едно кафе?',
      'Колико кошта кафа?',
      'Картамен төлеуге бола ма?',
      'آیا پارکینگ در نزدیکی هست؟',
      'ایک کپ کافی کی قیمت کیا ہے؟',
    ];
    for (const text of texts) assert.equal(languageOf(text), null, text);
  });

  it('is that of most of the text, whatever words of other scripts stand in it', () => {
    assert.equal(languageOf('Do you have 抹茶 latte, and what does it cost?'), 'en');
    assert.equal(languageOf('WLAN密码是什么'), 'zh');
    assert.equal(languageOf('Das Wort φιλία steht in der Karte und heißt Freundschaft.'), 'de');
  });

  it('believes no guess at a language that is written otherwise', () => {
    assert.equal(languageOf('sku 1203 mug blue 12.50 sku 1204 mug green 13.50', new Map([['hi', 0.6]])), null);
  });

  it('weighs a trained model’s guesses with what it sees itself', () => {
    const swedish = 'Vi har öppet tisdag till söndag från nio till fem. På måndagar har vi stängt, utom på helgdagar.';
    assert.equal(languageOf(swedish), null);
    assert.equal(
      languageOf(
        swedish,
        new Map([
          ['sv', 0.56],
          ['eo', 0.27],
        ]),
      ),
      'sv',
    );
    const english = 'The basic unit of the division is a commune, and a city is a commune too.';
    assert.equal(
      languageOf(
        english,
        new Map([
          ['pl', 0.45],
          ['en', 0.4],
        ]),
      ),
      'en',
    );
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
