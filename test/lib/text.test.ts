import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitText } from '../../src/lib/text.ts';

const bare = (text: string) => text.replace(/\s/gu, '');
const size = { utf16: (text: string) => text.length, bytes: (text: string) => Buffer.byteLength(text) };
const scraps = fc.constantFrom(
  'Open on Sunday. ',
  'Привет, мир! ',
  'สวัสดีครับ',
  '我们星期天也营业。',
  'مرحبا بكم. ',
  '👩‍👩‍👧‍👦',
  '🇩🇪',
  'e\u0301',
  '\n',
  '\n\n',
  ' ',
  '- one\n',
  'https://cafe.example/menu?x=1',
  '**bold** ',
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.array(fc.oneof(scraps, fc.string({ unit: 'grapheme', maxLength: 20 })), { maxLength: 60 }).map((parts) => parts.join('')),
);
const anyLimit = fc.record({ length: fc.integer({ min: 80, max: 300 }), unit: fc.constantFrom('utf16' as const, 'bytes' as const) });

describe('splitting a text for a channel', () => {
  it('loses nothing but white space and keeps the limit, whatever the text', () => {
    fc.assert(
      fc.property(anyText, anyLimit, (text, limit) => {
        fc.pre(!/`{3}|~{3}/.test(text));
        const parts = splitText(text, limit);
        assert.equal(bare(parts.join('')), bare(text));
        for (const part of parts) {
          assert.ok(size[limit.unit](part) <= limit.length, `${size[limit.unit](part)} of ${limit.length}`);
          assert.notEqual(part.trim(), '');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the limit and the code when code fences are cut', () => {
    const block = fc.record({
      language: fc.constantFrom('', 'js', 'c++'),
      lines: fc.array(fc.stringMatching(/^[a-z =;(){}]{0,40}$/), { minLength: 1, maxLength: 30 }),
    });
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), anyLimit, (blocks, limit) => {
        const text = blocks.map(({ language, lines }) => `Here:\n\`\`\`${language}\n${lines.join('\n')}\n\`\`\``).join('\n\n');
        const parts = splitText(text, limit);
        const inside = (given: string) => bare(given.replace(/^```.*$/gm, ''));
        assert.equal(inside(parts.join('\n')), inside(text));
        for (const part of parts) {
          assert.ok(size[limit.unit](part) <= limit.length);
          assert.equal((part.match(/^```/gm) ?? []).length % 2, 0, `a fence stays open in ${JSON.stringify(part)}`);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leaves a short text as it is', () => {
    assert.deepEqual(splitText('  We open at 9.\n', { length: 4096, unit: 'utf16' }), ['We open at 9.']);
    assert.deepEqual(splitText(' \n\t', { length: 100, unit: 'bytes' }), []);
  });

  it('cuts after a paragraph before it cuts after a sentence, and after a sentence before a word', () => {
    const sentence = 'We bake every morning. ';
    const paragraphs = `${sentence.repeat(3).trim()}\n\n${sentence.repeat(3).trim()}`;
    assert.deepEqual(splitText(paragraphs, { length: 110, unit: 'utf16' }), [sentence.repeat(3).trim(), sentence.repeat(3).trim()]);
    const [first, second] = splitText(sentence.repeat(10), { length: 120, unit: 'utf16' });
    assert.ok(first?.endsWith('morning.'));
    assert.ok(second?.startsWith('We bake'));
    for (const part of splitText('croissants '.repeat(30), { length: 100, unit: 'utf16' })) assert.match(part, /^(croissants ?)+$/);
  });

  it('never cuts an emoji, a flag or an accented letter in two', () => {
    for (const grapheme of ['👩‍👩‍👧‍👦', '🇩🇪', 'e\u0301', '👍🏽']) {
      for (const part of splitText(grapheme.repeat(60), { length: 97, unit: 'utf16' })) {
        assert.equal(part, grapheme.repeat(part.length / grapheme.length));
      }
    }
  });

  it('cuts Thai and Chinese between words, though they have no spaces', () => {
    const thai = 'ร้านเปิดทุกวันอาทิตย์';
    const borders = new Set([...new Intl.Segmenter('th', { granularity: 'word' }).segment(thai.repeat(20))].map(({ index }) => index));
    let at = 0;
    for (const part of splitText(thai.repeat(20), { length: 100, unit: 'utf16' })) {
      assert.ok(borders.has(at), `${at} is inside a word`);
      at += part.length;
    }
    for (const part of splitText('我们星期天也营业，欢迎光临。'.repeat(20), { length: 200, unit: 'bytes' }))
      assert.doesNotMatch(part, /^[，。]/);
  });

  it('opens a cut code block again with its language', () => {
    const code = Array.from({ length: 20 }, (_, line) => `  const line${line} = ${line};`).join('\n');
    const parts = splitText(`Try this:\n\`\`\`js\n${code}\n\`\`\`\nDone.`, { length: 200, unit: 'utf16' });
    assert.ok(parts.length > 2);
    assert.ok(parts[0]?.endsWith('\n```'));
    for (const part of parts.slice(1)) assert.match(part, /^```js\n {2}const/);
  });

  it('is quick on a megabyte of text', () => {
    const before = performance.now();
    assert.ok(splitText('🥐a'.repeat(350_000), { length: 4096, unit: 'utf16' }).length > 250);
    assert.ok(performance.now() - before < 3000);
  });

  it('refuses a limit that leaves no room', () => {
    assert.throws(() => splitText('x', { length: 79, unit: 'bytes' }), RangeError);
  });
});
