import assert from 'node:assert/strict';
import { askedIn } from '../../src/insights/asked-in.ts';
import { holdsWordsOf } from '../../src/insights/holds-words.ts';
import { ALIKE, likest, wordingOf } from '../../src/insights/likeness.ts';
import { masked } from '../../src/insights/mask.ts';

const nobody = { names: [], marks: [] };

describe('questions that ask the same', () => {
  const likeness = async (one: string, other: string): Promise<number> =>
    (await likest(await wordingOf(one), [await wordingOf(other)]))?.likeness ?? 0;

  for (const [one, other] of [
    ['Do you have oat milk?', 'oat milk for the coffee?'],
    ['Do you ship to Austria?', 'What does shipping to Austria cost?'],
    ['Where is my order 3081?', 'Where’s my order 2977?'],
    ['Do you do wedding cakes?', 'do u make weding cakes'],
    ['Liefert ihr nach Österreich?', 'Was kostet die Lieferung nach Österreich?'],
    ['¿Tienen leche de avena?', '¿Hay leche de avena en el menú?'],
    ['Avez-vous du lait d’avoine ?', 'Le lait d’avoine est-il disponible ?'],
    ['У вас есть овсяное молоко?', 'Есть ли овсяное молоко?'],
    ['Yulaf sütü var mı?', 'Yulaf sütünüz bulunuyor mu?'],
    ['هل لديكم حليب الشوفان؟', 'هل يوجد حليب شوفان؟'],
    ['有燕麦奶吗？', '你们提供燕麦奶吗'],
  ] as const)
    it(`${one} = ${other}`, async () => {
      const like = await likeness(one, other);
      assert.ok(like >= ALIKE, String(like));
      assert.ok(Math.abs(like - (await likeness(other, one))) < 0.05, 'either way round');
    });

  for (const [one, other] of [
    ['Do you have oat milk?', 'Do you have a terrace?'],
    ['Can I bring my dog?', 'Can I bring my own cake?'],
    ['How do I cancel my booking?', 'How do I pay for my booking?'],
    ['Do you make birthday cakes?', 'Do you make vegan cakes?'],
    ['Are you open on Christmas?', 'Are you open on Sunday?'],
    ['Habt ihr Hafermilch?', 'Habt ihr WLAN?'],
    ['У вас есть овсяное молоко?', 'У вас есть терраса?'],
    ['هل لديكم حليب الشوفان؟', 'هل لديكم قاعة؟'],
    ['有燕麦奶吗？', '有停车场吗？'],
  ] as const)
    it(`${one} ≠ ${other}`, async () => {
      const like = await likeness(one, other);
      assert.ok(like < ALIKE, String(like));
    });

  it('are found among two thousand others within some milliseconds', async () => {
    const others = await Promise.all(
      Array.from({ length: 2000 }, (_, n) =>
        wordingOf(`Is the ${String.fromCharCode(97 + (n % 26)).repeat(4)}${n} room free for ${n} people?`),
      ),
    );
    const wording = await wordingOf('Do you have oat milk?');
    others[1234] = await wordingOf('Is oat milk available?');
    const began = performance.now();
    const found = await likest(wording, others);
    const took = performance.now() - began;
    assert.equal(found?.index, 1234);
    assert.ok(took < 100, `${took} ms`);
  });
});

describe('what a message asks', () => {
  it('is what is left without greetings, thanks and the wish for a person', () => {
    assert.equal(askedIn('Hello, good morning! Do you have oat milk?'), 'Do you have oat milk?');
    assert.equal(askedIn('Hallo\nHabt ihr Hafermilch?\nDanke!'), 'Habt ihr Hafermilch?');
    assert.equal(askedIn('Do you have oat milk?\nAnd soy?'), 'Do you have oat milk?\nAnd soy?');
    for (const nothing of [
      'Hello!',
      'human please',
      'I want to talk to a person',
      'ok',
      'no',
      '👍',
      '???',
      'Merci beaucoup',
      'mit einem Menschen sprechen',
    ])
      assert.equal(askedIn(nothing), null, nothing);
    assert.equal(askedIn('几点开门'), '几点开门');
    assert.equal(askedIn('[image]\n[sticker]'), null);
    assert.equal(askedIn('[image] Is this cake vegan?'), 'Is this cake vegan?');
  });
});

describe('what is personal', () => {
  it('is taken out: addresses, numbers, names', () => {
    const known = { names: ['Jonas Weber', 'jonas_w'], marks: ['visitor-774'] };
    for (const [text, out] of [
      ['Write to jonas.weber+x@mail.example.', 'Write to [e-mail removed].'],
      [
        'Call +49 (0)30 1234-567 or 0151/2345678 or 030 123456.',
        'Call [phone number removed] or [phone number removed] or [phone number removed].',
      ],
      ['Card 4111 1111 1111 1111, account DE89 3704 0044 0532 0130 00', 'Card [card number removed], account [card number removed]'],
      ['Thanks, JONAS WEBER! Weber’s table, Jonas.', 'Thanks, [name removed]! [name removed]’s table, [name removed].'],
      ['@jonas_w is visitor-774', '@[name removed] is [name removed]'],
    ] as const)
      assert.equal(masked(text, known), out);
  });

  it('is not: prices, years, hours, dates, and words that only look like a name', () => {
    for (const text of [
      'It costs 1,250.00 € since 2024.',
      'Open 09.00-18.00, on 24.12.2026 and 2026-12-31 until 14:00.',
      'Order 3081, 250 ml, 12 slices, room 1204.',
      'You may come; he will.',
    ])
      assert.equal(masked(text, { names: ['May Will'], marks: [] }), text);
    assert.equal(masked('Mayonnaise', { names: ['May'], marks: [] }), 'Mayonnaise');
  });
});

describe('a flood of letters', () => {
  it('costs no more than its length', () => {
    const flood = 'a'.repeat(20_000);
    const began = performance.now();
    masked(flood, { names: ['Jonas Weber'], marks: [] });
    holdsWordsOf('b'.repeat(10_000), [flood]);
    askedIn(flood);
    assert.ok(performance.now() - began < 400, `${performance.now() - began} ms`);
  });
});

describe('a wording', () => {
  const said = ['Do you have oat milk for my daughter Philippa?', 'Wifi?'];
  it('is a customer’s while 20 letters of theirs in a row stand in it, whatever stands between them', () => {
    assert.equal(holdsWordsOf('do you have OAT-milk, for my daughter', said), true);
    assert.equal(holdsWordsOf('Is there oat milk for daughters?', said), false);
    assert.equal(holdsWordsOf('有燕麦奶给我的女儿吗', ['你们有燕麦奶给我的女儿吗？']), true);
  });

  it('of less than that is theirs while it says just the same', () => {
    assert.equal(holdsWordsOf('WiFi', said), true);
    assert.equal(holdsWordsOf('Internet? / Wifi?', said), true);
    assert.equal(holdsWordsOf('Is there wifi?', said), false);
    assert.equal(holdsWordsOf('', ['', '?']), false);
    assert.equal(masked('', nobody), '');
  });
});
