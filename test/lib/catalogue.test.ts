import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { chooseLanguage, directionOf, fill, languages, textsIn } from '../../src/lib/catalogue.ts';

describe('texts for customers', () => {
  it('have the same names to fill in, in every language, and none is empty', () => {
    const names = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const language of languages) {
      for (const [key, english] of Object.entries(textsIn('en'))) {
        const text = Object.entries(textsIn(language)).find(([name]) => name === key)?.[1] ?? '';
        ok(text.trim().length > 0, `${language}.${key}`);
        deepEqual(names(text), names(english), `${language}.${key}`);
      }
      equal(Object.keys(textsIn(language)).length, Object.keys(textsIn('en')).length, language);
    }
  });

  it('use no exclamation marks, and German no straight quotation marks', () => {
    for (const language of languages) for (const text of Object.values(textsIn(language))) ok(!/[!¡！]/.test(text), text);
    for (const text of Object.values(textsIn('de'))) ok(!/["']/.test(text), text);
  });

  it('are chosen by what a browser asks for, best first, else English', () => {
    equal(chooseLanguage('de-AT,de;q=0.9,en;q=0.8'), 'de');
    equal(chooseLanguage('ja, fr;q=0.4, es;q=0.7'), 'es');
    equal(chooseLanguage('pt_BR'), 'pt');
    equal(chooseLanguage('ja'), 'en');
    equal(chooseLanguage('ja', 'de'), 'de');
    equal(chooseLanguage(undefined), 'en');
    equal(chooseLanguage('*'), 'en');
    equal(chooseLanguage('de;q=0, en;q=0.1'), 'en');
    equal(chooseLanguage(';;;,q=,,de;q=x'), 'en');
    equal(chooseLanguage('constructor'), 'en');
    equal(chooseLanguage(`${'x,'.repeat(100_000)}de`), 'en');
  });

  it('are filled in as text, once', () => {
    equal(fill(textsIn('en').joined, { name: '{name} $& <b>' }), '{name} $& <b> has joined.');
    match(fill('{a} {unknown}', { a: '1' }), /^1 \{unknown\}$/);
  });

  it('Arabic and Hebrew read from the right, the others from the left', () => {
    deepEqual(
      languages.filter((language) => directionOf(language) === 'rtl'),
      ['ar', 'he'],
    );
  });
});
