/** Files as older programs write them, without a word on their encoding. */
import assert from 'node:assert/strict';
import { decodeText } from '../../src/knowledge/reading/file-type.ts';
import { Unreadable } from '../../src/knowledge/reading/material.ts';
import { encoded } from './made-encodings.ts';

const SENTENCES: [language: string, encodings: string[], text: string][] = [
  [
    'Polish',
    ['iso-8859-2', 'windows-1250'],
    'Jesteśmy otwarci codziennie od dziewiątej do osiemnastej. Ciasto można zamówić dzień wcześniej.',
  ],
  [
    'Czech',
    ['iso-8859-2', 'windows-1250'],
    'Máme otevřeno každý den od devíti do šesti. V neděli zavíráme dříve. Dort si můžete objednat den předem.',
  ],
  [
    'Hungarian',
    ['iso-8859-2', 'windows-1250'],
    'Naponta kilenctől hatig vagyunk nyitva. Vasárnap korábban zárunk. A tortát előbb kell megrendelni.',
  ],
  ['Russian', ['iso-8859-5', 'windows-1251', 'koi8-r'], 'Мы открыты каждый день с девяти до шести. В воскресенье закрываемся раньше.'],
  ['Ukrainian', ['windows-1251'], 'Ми працюємо щодня з дев’ятої до шостої. У неділю зачиняємося раніше. Їжу можна замовити телефоном.'],
  ['Greek', ['iso-8859-7', 'windows-1253'], 'Είμαστε ανοιχτά κάθε μέρα από τις εννέα έως τις έξι. Την Κυριακή κλείνουμε νωρίτερα.'],
  [
    'Turkish',
    ['windows-1254'],
    'Her gün dokuzdan altıya kadar açığız. Pazar günü daha erken kapatıyoruz. Pastayı önceden sipariş edebilirsiniz.',
  ],
  ['German', ['windows-1252'], 'Wir haben täglich von neun bis sechs geöffnet – sonntags schließen wir früher. Schöne Grüße!'],
  ['French', ['windows-1252'], 'Nous sommes ouverts tous les jours. Le gâteau se commande la veille, c’est préférable.'],
  ['Spanish', ['windows-1252'], 'Abrimos todos los días de nueve a seis. Los niños pagan la mitad. ¿Dónde está el baño?'],
  ['Portuguese', ['windows-1252'], 'Abrimos todos os dias das nove às seis. Não aceitamos cartões de crédito aos domingos.'],
  ['Swedish', ['windows-1252'], 'Vi har öppet varje dag från nio till sex. På söndagar stänger vi tidigare.'],
  ['Arabic', ['windows-1256'], 'نحن مفتوحون كل يوم من التاسعة حتى السادسة. يوم الأحد نغلق مبكرا.'],
  ['Hebrew', ['windows-1255'], 'אנחנו פתוחים כל יום מתשע עד שש. ביום ראשון אנחנו סוגרים מוקדם.'],
  ['Japanese', ['shift_jis', 'euc-jp'], '毎日九時から六時まで営業しています。日曜日は早く閉まります。ケーキは前日までにご注文ください。'],
  ['Chinese', ['gbk'], '我们每天九点到六点营业。星期天提前关门。蛋糕请提前一天预订，谢谢。'],
  ['Korean', ['euc-kr'], '매일 아홉 시부터 여섯 시까지 영업합니다. 일요일에는 일찍 문을 닫습니다.'],
];
const SHEETS: [language: string, encoding: string, sheet: string][] = [
  ['Polish', 'iso-8859-2', 'Nazwa;Cena\nSzarlotka;12,00\nSernik wiedeński;14,50\nPączek z różą;6,00\n'],
  ['Polish', 'windows-1250', 'Nazwa;Cena\nSzarlotka;12,00\nSernik wiedeński;14,50\nŚwiąteczny pączek z różą;6,00\n'],
  ['Russian', 'windows-1251', 'Название;Цена\nМедовик;350\nЭклер;120\n'],
  ['Greek', 'windows-1253', 'Όνομα;Τιμή\nΜπακλαβάς;3,50\nΓαλακτομπούρεκο;4,00\n'],
  ['German', 'windows-1252', 'Name;Preis\nKäsekuchen;4,50\nApfelstrudel;5,20\nBrötchen;0,80\n'],
  ['Japanese', 'shift_jis', '商品;価格\nショートケーキ;450\nチーズケーキ;500\n'],
];

describe('a file without a word on its encoding', () => {
  for (const [language, encodings, text] of SENTENCES)
    for (const encoding of encodings)
      it(`is read as it was written: ${language} in ${encoding}`, () => assert.equal(decodeText(encoded(text, encoding)), text));

  for (const [language, encoding, sheet] of SHEETS)
    it(`is read as it was written: a price list in ${language}, in ${encoding}`, () =>
      assert.equal(decodeText(encoded(sheet, encoding)), sheet));

  it('is told by the lines that have such letters, however far down they stand', () => {
    const list = `Nazwa;Cena\n${Array.from({ length: 20_000 }, (_, n) => `Towar ${n};${n},00`).join('\n')}\nPączek z różą;6,00\nSernik wiedeński;14,50\n`;
    assert.match(decodeText(encoded(list, 'iso-8859-2')), /Pączek z różą;6,00\nSernik wiedeński/);
  });

  it('is refused rather than read wrongly, where nobody can tell', () => {
    const thai = 'เราเปิดทุกวันตั้งแต่เก้าโมงเช้าถึงหกโมงเย็น วันอาทิตย์ปิดเร็วกว่าปกติ';
    assert.throws(() => decodeText(encoded(thai, 'windows-874')), /can’t tell in which encoding/);
    assert.throws(() => decodeText(encoded('Добрый день', 'windows-1251')), /can’t tell in which encoding/);
  });

  it('is taken for one of the West where a single letter is all there is to tell by', () => {
    assert.equal(decodeText(encoded('Café;4', 'windows-1252')), 'Café;4');
  });

  it('is refused where its bytes are no text', () => {
    const noise = Uint8Array.from({ length: 2000 }, (_, n) => (n * 7919 + (n % 13) * 31) % 256 || 1);
    assert.throws(() => decodeText(noise), Unreadable);
  });
});
