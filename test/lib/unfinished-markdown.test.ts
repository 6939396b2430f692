import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { markdownToHtml } from '../../src/lib/markdown.ts';
import { closeMarks } from '../../src/lib/unfinished-markdown.ts';

const ANSWER = `Yes, the **lemon cake** is *always* vegan. It costs **4 euros *a slice***, __no__ _more_.

* Order it at \`cakes@aurora.example\`
* or [on our site](https://aurora.example/cakes), see **[Cakes](https://aurora.example)**

2 * 3 = 6, snake_case stays, and 5 * 4 too.
- done`;

/** What one sees of it. */
function seen(markdown: string): string {
  return markdownToHtml(markdown)
    .replace(/<[^>]+>/g, '')
    .trim();
}

/** The widget's own, cut out of its one file. */
const widget = readFileSync(new URL('../../public/widget-drafts.js', import.meta.url), 'utf8');
const source = /^function closeMarks[\s\S]*?^\}$/m.exec(widget.replace('export ', ''))?.[0];
const closeInWidget = vm.runInNewContext(`(${source})`) as typeof closeMarks;

for (const [where, close] of [
  ['on the team’s pages', closeMarks],
  ['in the widget', closeInWidget],
] as const)
  describe(`an answer while it is being written, ${where}`, () => {
    it('shows no open mark, at whatever character it stands', () => {
      for (let end = 1; end <= ANSWER.length; end++) {
        const text = seen(close(ANSWER.slice(0, end)));
        assert.doesNotMatch(text.replace(/\d \*( \d)?|snake_\w*/g, ''), /[*_`[\]]/, `after ${ANSWER.slice(Math.max(0, end - 30), end)}|`);
      }
    });

    it('loses nothing of a text that has ended', () => {
      for (const text of [
        ANSWER,
        'Plain.',
        'One\n\nTwo [a](https://b.example) c',
        'List:\n\n- a\n- b',
        '2 * 3',
        'snake_case',
        '```\nopen **code',
        `an open [bracket ${'and a long way on '.repeat(8)}`,
      ])
        assert.equal(seen(close(text)), seen(text));
    });

    it('costs little however long it is', () => {
      const started = performance.now();
      for (const flood of ['*', '[', '`', '_', ' ', 'a*', '**a ', '[a]']) close(flood.repeat(50_000));
      assert.ok(performance.now() - started < 1000, `${performance.now() - started} ms`);
    });
  });
