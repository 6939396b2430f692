import assert from 'node:assert/strict';
import { findMarks, kindsOf, signsOf, type MaskRules } from '../../src/providers/masking/find-marks.ts';
import { problemWith, signOf } from '../../src/providers/masking/own-patterns.ts';

const ALL: MaskRules = { email: true, phone: true, patterns: [{ name: 'Customer number', pattern: '\\bKD-\\d{6}\\b' }] };
const NONE: MaskRules = { email: false, phone: false, patterns: [] };

function found(text: string, rules = ALL): string[] {
  return findMarks(text, rules, signsOf(kindsOf(rules))).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);
}

describe('what is taken out of a text', () => {
  for (const text of [
    '4111111111111111',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '4111.1111.1111.1111',
    '4111\n1111\n1111\n1111',
    '4111\u00a01111\u20091111\u200b1111',
    '３７８２ ８２２４６３ １０００５',
    '٤١١١ ١١١١ ١١١١ ١١١١',
    '6011000990139424',
    '5555 5555 5555 4444',
    '30569309025904',
    '4222222222222',
  ])
    it(`a card: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(found(`It is ${text}, please.`, NONE), [`CARD ${text}`]);
      assert.deepEqual(found(text, NONE), [`CARD ${text}`]);
    });

  it('a card among other numbers: whole, and with what can’t be told from it', () => {
    assert.deepEqual(found('Order 12 4111 1111 1111 1111', NONE), ['CARD 4111 1111 1111 1111']);
    assert.deepEqual(found('4111 1111 1111 1111 11/28 123', NONE), ['CARD 4111 1111 1111 1111']);
    assert.deepEqual(found('Visa4111111111111111', NONE), ['CARD 4111111111111111']);
    assert.deepEqual(found('4111 1111 1111 1111 5555 5555 5555 4444', NONE), ['CARD 4111 1111 1111 1111', 'CARD 5555 5555 5555 4444']);
  });

  for (const text of ['4111 1111 1111 1112', '1234567890123', '41111111111111111111111', '411111111111', '978-3-16-148410-0'])
    it(`no card: ${text}`, () => assert.deepEqual(found(`It is ${text}.`, NONE), []));

  for (const text of [
    'DE89 3704 0044 0532 0130 00',
    'DE89370400440532013000',
    'de89 3704 0044 0532 0130 00',
    'GB29-NWBK-6016-1331-9268-19',
    'MT84 MALT 0110 0001 2345 MTLC AST0 01S',
    'NO9386011117947',
    'FR14 2004 1010 0505 0001 3M02 606',
  ])
    it(`an account: ${text}`, () => {
      assert.deepEqual(found(`Please send it to ${text} today.`, NONE), [`IBAN ${text}`]);
      assert.deepEqual(found(`IBAN:${text}`, NONE), [`IBAN ${text}`]);
    });

  for (const text of ['DE88 3704 0044 0532 0130 00', 'AB12 is what the box says, and it stood there for 1234567890 days', 'ISO 8601'])
    it(`no account: ${text}`, () => assert.deepEqual(found(text, NONE), []));

  for (const text of ['leyla@example.com', 'l.e-y+shop@mail.example.co.uk', 'jürgen@müller.de', '用户@例子.广告', 'a_b%c@x1.io'])
    it(`an address: ${text}`, () => {
      assert.deepEqual(found(`Write to <${text}>.`), [`EMAIL ${text}`]);
      assert.deepEqual(found(`(mailto:${text})`), [`EMAIL ${text}`]);
      assert.deepEqual(found(text, NONE), [], 'not where it is switched off');
    });

  for (const text of ['@aurora', 'me @ home', 'a@localhost', 'x@y', 'https://example.com/@leyla'])
    it(`no address: ${text}`, () => assert.deepEqual(found(text), []));

  for (const text of [
    '+49 170 1234567',
    '+49 (0)30 901820',
    '+1 (212) 555-0123',
    '+905321234567',
    '0049 170 1234567',
    '0170 1234567',
    '030/901820',
    '(030) 901820',
    '01 23 45 67 89',
    '01.23.45.67.89',
    '212-555-0123',
    '(212) 555-0123',
    '٠١٧٠ ١٢٣٤٥٦٧',
    '+49\u00a0170\u200b1234567',
  ])
    it(`a phone: ${text}`, () => {
      assert.deepEqual(found(`Call me: ${text}, thanks`), [`PHONE ${text}`]);
      assert.deepEqual(found(text), [`PHONE ${text}`]);
      assert.deepEqual(found(text, NONE), []);
    });

  it('a phone that only the word in front tells, and two in a row', () => {
    assert.deepEqual(found('My phone number is 5321234567'), ['PHONE 5321234567']);
    assert.deepEqual(found('WhatsApp: 812 345 67'), ['PHONE 812 345 67']);
    assert.deepEqual(found('手机 13812345678'), ['PHONE 13812345678']);
    assert.deepEqual(found('0170 1234567 0171 7654321'), ['PHONE 0170 1234567', 'PHONE 0171 7654321']);
    assert.deepEqual(found('2026 0170 1234567'), ['PHONE 0170 1234567']);
  });

  for (const text of [
    'My order 20251124001',
    'Order AB-0123456789',
    'order #0123456789',
    'on 01.02.2026 14.30',
    'from 2026-11-24 to 2026-11-30',
    '24/11/2026-30/11/2026',
    '1.234.567,00 €',
    'EUR 12 500 000',
    '0.123456789',
    '192.168.100.200',
    'https://shop.example/p/0123456789',
    '978-3-16-148410-0',
    'size 1200 x 800',
  ])
    it(`no phone: ${text}`, () => assert.deepEqual(found(text), []));

  it('what the owner’s own pattern fits, by a sign of its own name', () => {
    assert.deepEqual(found('I am KD-123456 and 😀 KD-654321'), ['CUSTOMER_NUMBER KD-123456', 'CUSTOMER_NUMBER KD-654321']);
    assert.equal(signOf({ name: 'Kundennummer Ä' }), 'KUNDENNUMMER_A');
    assert.equal(signOf({ name: '客户' }), 'OWN');
  });

  it('as one where two of them overlap, so that no part of either is left', () => {
    const rules = { ...ALL, patterns: [{ name: 'Ref', pattern: 'ref \\d{6}' }] };
    assert.deepEqual(found('ref 4111111111111111', rules), ['CARD ref 4111111111111111']);
    assert.deepEqual(found('4111111111111111@example.com', rules), ['CARD 4111111111111111@example.com']);
  });

  it('what looks like a sign and was typed', () => {
    assert.deepEqual(found('say [email_1] and [CARD\\_2], not [1] or [note_1]', NONE), ['TEXT [email_1]', 'TEXT [CARD\\_2]']);
  });

  it('refuses patterns that can’t be kept', () => {
    assert.match(problemWith('(?=a)b') ?? '', /^This pattern can’t be read: .*RE2/);
    assert.match(problemWith('(a)\\1') ?? '', /can’t be read/);
    assert.match(problemWith('(') ?? '', /missing closing/);
    assert.match(problemWith('x*') ?? '', /fits an empty text/);
    assert.match(problemWith('\\w+') ?? '', /ordinary words/);
    assert.match(problemWith('(?:[a-z]{1,30}){1,30}[0-9]') ?? '', /too large/);
    assert.match(problemWith('((a{100}){100}){100}') ?? '', /can’t be read/);
    assert.equal(problemWith('\\bKD-\\d{6}\\b'), null);
  });

  it('takes time in proportion to a text, whatever the pattern is', () => {
    const evil = { ...NONE, patterns: [{ name: 'Evil', pattern: '(?:(?:a+)+)+b' }] };
    const time = (length: number): number => {
      const began = performance.now();
      found('a'.repeat(length), evil);
      return performance.now() - began;
    };
    time(1000);
    assert.ok(time(20_000) < 2000, 'a backtracking engine would not be back in this life');
    const began = performance.now();
    assert.deepEqual(found('1 '.repeat(10_000), { ...NONE, phone: true }), []);
    assert.ok(performance.now() - began < 500, 'digits without an end are no phone');
  });
});
