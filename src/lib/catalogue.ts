/**
 * Texts for customers, by language. A text is a string with names in braces: `fill(textsIn('de').joined, { name })`.
 * No plural rules are needed so far; i18next would bring them at 40 kB.
 */
import { ar } from './texts/ar.ts';
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';
import { es } from './texts/es.ts';
import { fr } from './texts/fr.ts';
import { he } from './texts/he.ts';
import { it } from './texts/it.ts';
import { nl } from './texts/nl.ts';
import { pl } from './texts/pl.ts';
import { pt } from './texts/pt.ts';
import { ru } from './texts/ru.ts';
import { tr } from './texts/tr.ts';
import { uk } from './texts/uk.ts';

export type Texts = typeof en;

const catalogue = { en, de, fr, es, it, pt, nl, pl, tr, ru, uk, ar, he };

/** A language that every text for customers exists in. */
export type Language = keyof typeof catalogue;

export const languages = Object.keys(catalogue) as Language[];

export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(catalogue, tag);
}

export function textsIn(language: Language): Texts {
  return catalogue[language];
}

/** Which way the language is written. */
export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' || language === 'he' ? 'rtl' : 'ltr';
}

/** Puts values in the place of `{name}`; a name without a value stays as it is. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

const READ_AT_MOST = 200;

/**
 * The language to speak, from an `Accept-Language` header or a BCP 47 tag ("pt-BR" gives "pt"): the best that the
 * catalogue has, else `otherwise`. Never throws.
 */
export function chooseLanguage(wanted: string | undefined, otherwise: Language = 'en'): Language {
  if (!wanted) return otherwise;
  let best: Language | undefined;
  let weight = 0;
  for (const entry of wanted.slice(0, READ_AT_MOST).split(',')) {
    const [tag = '', ...more] = entry.trim().toLowerCase().split(';');
    const [primary = ''] = tag.split(/[-_]/);
    const q = Number(
      more
        .map((part) => part.trim())
        .find((part) => part.startsWith('q='))
        ?.slice(2) ?? 1,
    );
    if (!isLanguage(primary) || !(q > weight)) continue;
    best = primary;
    weight = q;
  }
  return best ?? otherwise;
}
