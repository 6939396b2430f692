import assert from 'node:assert/strict';
import fc from 'fast-check';
import { markdownToTelegram } from '../../src/channels/telegram/markup.ts';
import { visibleText } from '../simulators/telegram-html.ts';

describe('light Markdown on Telegram', () => {
  for (const [markdown, html] of [
    ['**Open** *daily*, ~~Monday~~', '<b>Open</b> <i>daily</i>, <s>Monday</s>'],
    ['# Hours\nNine to six', '<b>Hours</b>\nNine to six'],
    ['Pick:\n\n- one\n- **two**\n  - deep\n\n3. three\n4. four', 'Pick:\n\n• one\n• <b>two</b>\n  • deep\n\n3. three\n4. four'],
    ['[Menu](https://cafe.example/?a=1&b="x")', '<a href="https://cafe.example/?a=1&amp;b=%22x%22">Menu</a>'],
    [
      '`a < b`\n\n```js\nif (a && b) {\n\n}\n```',
      '<code>a &lt; b</code>\n\n<pre><code class="language-js">if (a &amp;&amp; b) {\n\n}</code></pre>',
    ],
    ['> Nice\n> place\n\nThanks', '<blockquote>Nice\nplace</blockquote>\n\nThanks'],
    ['<b>no</b> & 5 < 6', '&lt;b&gt;no&lt;/b&gt; &amp; 5 &lt; 6'],
    ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
    ['| a | b |\n|---|---|\n| 1 | 2 |', '| a | b |\n|---|---|\n| 1 | 2 |'],
    ['2 * 3 * 4 = 24_000', '2 * 3 * 4 = 24_000'],
  ] as const) {
    it(JSON.stringify(markdown), () => assert.equal(markdownToTelegram(markdown), html));
  }

  it('is markup that Telegram takes, and never reads longer than it was written', () => {
    const scraps = fc.constantFrom(
      '**',
      '*',
      '_',
      '`',
      '```\n',
      '[a](https://b.example)',
      '![p](https://b.example)',
      '<https://c.example>',
      '<i>',
      '&amp;',
      '&',
      '~~',
      '\n> ',
      '\n- ',
      '\n  - ',
      '\n1. ',
      '\n# ',
      '\n\n',
      '\n---\n',
      'word',
      ' ',
      '🥐',
      'مرحبا',
      '\\*',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(scraps, { maxLength: 30 }).map((parts) => parts.join('')),
          fc.string({ unit: 'grapheme', maxLength: 100 }),
        ),
        (text) => {
          assert.ok(visibleText(markdownToTelegram(text)).length <= text.length);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
