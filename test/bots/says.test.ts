import assert from 'node:assert/strict';
import { says } from '../../src/bots/index.ts';

describe('a phrase that an answer must contain', () => {
  for (const [text, phrase] of [
    ['We open at NINE.', 'nine'],
    ['Le Café est ouvert', 'cafe'],
    ['Die Straße ist gesperrt', 'STRASSE'],
    ['It costs **€4.20** a slice[1].', '€4.20'],
    ['from nine[1] to five', 'from nine to five'],
    ['from nine\n\nto   five', 'from nine to five'],
    ['It’s “vegan” – really', 'it\'s "vegan" - really'],
    ['Ακρόπολης', 'ΑΚΡΟΠΟΛΗΣ'],
    ['Ещё нет', 'еще'],
    ['السعر ٤٢ يورو', '42'],
    ['今天营业到晚上七点。', '营业'],
    ['ร้านเปิดทุกวัน', 'เปิด'],
    ['２４時間', '24'],
  ] as const)
    it(`“${phrase}” stands in “${text.replaceAll('\n', ' ')}”`, () => assert.ok(says(text, phrase)));

  for (const [text, phrase] of [
    ['Nineteen guests', 'nine'],
    ['мой дом', 'мои'],
    ['That is 14.20', '4.20'],
    ['Freedom', 'free'],
    ['กิน', 'กาน'],
    ['', 'nine'],
    ['anything', '**'],
  ] as const)
    it(`“${phrase}” doesn’t stand in “${text}”`, () => assert.ok(!says(text, phrase)));
});
