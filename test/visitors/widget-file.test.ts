import { deepEqual, doesNotMatch, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { languages, textsIn } from '../../src/lib/catalogue.ts';
import { widgetFile } from '../../src/visitors/widget-file.ts';

const file = readFileSync(new URL('../../public/widget.js', import.meta.url), 'utf8');
const parts = ['widget-drafts.js', 'widget-files.js', 'widget-sound.js'].map((name) =>
  readFileSync(new URL(`../../public/${name}`, import.meta.url), 'utf8'),
);
const all = [file, ...parts].join('');

describe('the widget’s files', () => {
  it('is under 15 kB compressed', () => {
    ok(widgetFile.zipped.length < 15_000, `${widgetFile.zipped.length} bytes`);
  });

  it('sends no comments, and each line stands where it stands here', () => {
    const sent = widgetFile.body.toString();
    doesNotMatch(sent, /^\s*(?:\/\/|\/\*\*)/m);
    const lineOf = (text: string) => text.slice(0, text.indexOf("addEventListener('pagehide'")).split('\n').length;
    equal(lineOf(sent), lineOf(file));
  });

  it('turns no text into HTML or code, and sets no cookie', () => {
    deepEqual(
      all.match(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\(|new Function|document\.cookie|setAttribute\('style'/g,
      ),
      null,
    );
  });

  it('loads nothing from anywhere else, and from its own server its own parts alone', () => {
    deepEqual(
      all.match(/\bimport\(.*?\)\)/g),
      ['drafts', 'sound', 'files'].map((part) => `import(new URL('widget-${part}.js', script.src))`),
    );
    deepEqual(all.match(/\bimport\b(?!\()|https?:\/\/(?!chat\.example\.com|www\.w3\.org\/2000\/svg)[\w.-]+/g), null);
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
