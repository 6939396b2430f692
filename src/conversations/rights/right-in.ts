import { languages, type Language } from '../../lib/catalogue.ts';
import { once } from '../../lib/once.ts';
import { RIGHTS_WORDS, type Right } from './rights-words.ts';

type Meaning = Right | 'yes' | 'no';

/** What a whole message means, with the languages in which it means that. */
export interface Meant {
  right: Right;
  languages: Language[];
}

/** Longer than any of the words with a courtesy around them. */
const LONGEST = 60;
const POLITE = plainly(
  / (?:please|bitte|por favor|s il vous plaît|svp|merci|per favore|grazie|alsjeblieft|graag|proszę|lütfen|пожалуйста|будь ласка|من فضلك|בבקשה)$/u,
);
const BEFORE = plainly(/^(?:please|bitte|por favor|per favore|proszę|lütfen|пожалуйста|будь ласка|من فضلك|בבקשה) /u);

const known = once((): ReadonlyMap<string, { meaning: Meaning; language: Language }[]> => {
  const found = new Map<string, { meaning: Meaning; language: Language }[]>();
  for (const language of languages)
    for (const [meaning, words] of Object.entries(RIGHTS_WORDS[language]) as [Meaning, string][])
      for (const word of words.split('|').map(plain)) found.set(word, [...(found.get(word) ?? []), { meaning, language }]);
  return found;
});

/** Small letters, no marks, no accents: people leave them out. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\p{P}\p{S}\s]+/gu, ' ')
    .trim();
}

function meaningsOf(text: string): { meaning: Meaning; language: Language }[] {
  if (text.length > LONGEST) return [];
  const words = plain(text);
  const bare = words.replace(POLITE, '').replace(BEFORE, '');
  return known().get(words) ?? known().get(bare) ?? [];
}

/** The pattern, as `plain` leaves what it is to fit. */
function plainly(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.normalize('NFKD').replace(/\p{M}/gu, ''), 'u');
}

/** The right that a message asks for in so many words, in whatever language; undefined for all that says more than that. */
export function rightIn(text: string): Meant | undefined {
  const all = meaningsOf(text);
  const right = all.find(({ meaning }) => meaning !== 'yes' && meaning !== 'no')?.meaning;
  if (right === undefined || right === 'yes' || right === 'no') return undefined;
  return { right, languages: all.filter(({ meaning }) => meaning === right).map(({ language }) => language) };
}

/** Whether it is a plain yes or no, in whatever language. */
export function yesOrNo(text: string): boolean | undefined {
  const all = meaningsOf(text);
  if (all.some(({ meaning }) => meaning === 'yes')) return true;
  return all.some(({ meaning }) => meaning === 'no') ? false : undefined;
}
