import assert from 'node:assert/strict';
import { markdownToHtml } from '../../src/lib/markdown.ts';

describe('light Markdown', () => {
  it('draws emphasis, lists and line breaks', () => {
    assert.equal(
      markdownToHtml('**Open** from *nine*\nto six'),
      '<p dir="auto"><strong>Open</strong> from <em>nine</em><br />\nto six</p>',
    );
    assert.match(markdownToHtml('- tea\n- cake'), /<ul dir="auto">\s*<li>tea<\/li>\s*<li>cake<\/li>\s*<\/ul>/);
  });

  it('makes a heading a bold line, since a bubble is no document', () => {
    assert.equal(markdownToHtml('# Hours'), '<p dir="auto"><strong>Hours</strong></p>');
  });

  it('opens links elsewhere and passes no referrer', () => {
    const html = markdownToHtml('[menu](https://aurora.example/menu) or https://aurora.example');
    assert.equal(html.match(/rel="noopener noreferrer nofollow"/g)?.length, 2);
    assert.equal(html.match(/target="_blank"/g)?.length, 2);
  });

  it('makes a picture a link, so that reading tells nobody', () => {
    const html = markdownToHtml('![cake](https://tracker.example/p.gif)');
    assert.doesNotMatch(html, /<img/);
    assert.match(html, /href="https:\/\/tracker\.example\/p\.gif"[^>]*>cake</);
  });

  it('makes no link of a sentence without a space after its full stop', () => {
    assert.equal(markdownToHtml('We close at 5.Then we go.To bed'), '<p dir="auto">We close at 5.Then we go.To bed</p>');
  });

  const attacks = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java\nscript:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '![x](javascript:alert(1))',
    '<a href="javascript:alert(1)">x</a>',
    '<javascript:alert(1)>',
    '[x](vbscript:alert(1) "onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    '`</code><script>alert(1)</script>`',
    '```"><script>alert(1)</script>\nx\n```',
    '&#x3C;script&#x3E;alert(1)&#x3C;/script&#x3E;',
    '<svg/onload=alert(1)>',
    '[1](javascript:alert(1))',
  ];
  for (const attack of attacks) {
    it(`lets nothing run from ${JSON.stringify(attack)}`, () => {
      const html = markdownToHtml(attack, () => '#q1');
      assert.doesNotMatch(html, /<(?:script|img|svg|iframe)|<[^>]+\son\w+=|<[^>]+(?:href|src)="(?!https?:|mailto:|tel:|#q1")/i);
    });
  }

  it('leaves no link into our own pages', () => {
    assert.doesNotMatch(markdownToHtml('[sign out](/sign-out) [x](//evil.example) [y](#main)'), /<a /);
  });

  it('links a numbered source and leaves an unknown number as text', () => {
    const html = markdownToHtml('Vegan.[1] Weekends.[2, 7] No [9].', (n) => (n < 3 ? `#q5-${n}` : null));
    assert.match(html, /Vegan\.<a class="cite" href="#q5-1" aria-label="Source 1">1<\/a>/);
    assert.match(html, /Weekends\.<a class="cite" href="#q5-2" aria-label="Source 2">2<\/a>/);
    assert.match(html, /No \[9\]\./);
    assert.doesNotMatch(html, /7/);
  });

  it('lets no text forge a source link', () => {
    assert.doesNotMatch(markdownToHtml('<a class="cite" href="#q1">1</a> [1]'), /<a/);
  });

  it('reads 100 kB of opening brackets and stars in reasonable time', () => {
    const started = performance.now();
    markdownToHtml('[*'.repeat(50_000));
    assert.ok(performance.now() - started < 2000);
  });

  it('gives each block its own direction', () => {
    assert.match(markdownToHtml('Hello\n\nمرحبا'), /<p dir="auto">مرحبا<\/p>/);
  });
});
