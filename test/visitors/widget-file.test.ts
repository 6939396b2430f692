import { deepEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { languages, textsIn } from '../../src/lib/catalogue.ts';

const file = readFileSync(new URL('../../public/widget.js', import.meta.url), 'utf8');

describe('the widget’s one file', () => {
  it('is under 15 kB compressed', () => {
    ok(gzipSync(file, { level: 9 }).length < 15_000, `${gzipSync(file, { level: 9 }).length} bytes`);
  });

  it('turns no text into HTML or code, and sets no cookie', () => {
    deepEqual(
      file.match(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\(|new Function|document\.cookie|setAttribute\('style'/g,
      ),
      null,
    );
  });

  it('loads nothing from anywhere else', () => {
    deepEqual(file.match(/\bimport\b|https?:\/\/(?!chat\.example\.com|www\.w3\.org\/2000\/svg)[\w.-]+/g), null);
  });

  it('has the few words it needs before the settings come as the catalogue has them', () => {
    const table = /const FIRST = \{([\s\S]*?)\n {2}\};/.exec(file)?.[1] ?? '';
    const rows = [...table.matchAll(/(\w\w): \['([^']*)', '([^']*)'\]/g)].map(([, language, chat, unreachable]) => ({
      language,
      chat,
      unreachable,
    }));
    deepEqual(
      rows,
      languages.map((language) => ({ language, chat: textsIn(language).chat, unreachable: textsIn(language).unreachable })),
    );
  });
});
