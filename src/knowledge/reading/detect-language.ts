import { detectAll } from 'tinyld';
import { languageOf } from '../../lib/language.ts';

/** Shorter than this and the trained model's guess is worth nothing. */
const SHORTEST = 25;
const READ_AT_MOST = 1500;
/** A language that less of a source is in was a wrong guess. */
const SHARE = 0.1;
/** A guess costs as much as indexing a passage; so many of them, spread over a long source, tell whether it is in one language. */
const ASKED_FIRST = 300;

interface Languages {
  main: string | null;
  each: (string | null)[];
}

/**
 * A language (ISO 639-1) for each text of one source, and the one that most of it is in. Short texts and odd guesses
 * take the main one: a word that was stemmed in the wrong language isn't found by its other forms.
 */
export function languagesOf(texts: readonly string[]): Languages {
  const every = Math.floor(texts.length / ASKED_FIRST);
  if (every > 1) {
    const { main, each } = guessed(texts.filter((_text, place) => place % every === 0));
    if (each.every((language) => language === main)) return { main, each: texts.map(() => main) };
  }
  return guessed(texts);
}

function guessed(texts: readonly string[]): Languages {
  const guesses = texts.map((text) => (text.length >= SHORTEST ? languageOfText(text) : null));
  const letters = new Map<string, number>();
  guesses.forEach((language, place) => {
    if (language !== null) letters.set(language, (letters.get(language) ?? 0) + (texts[place]?.length ?? 0));
  });
  const all = [...letters.values()].reduce((sum, count) => sum + count, 0);
  const [most] = [...letters].sort(([, a], [, b]) => b - a);
  const main = most?.[0] ?? languageOfText(texts.join('\n'));
  const kept = new Set([...letters].filter(([, count]) => count >= all * SHARE).map(([language]) => language));
  return { main, each: guesses.map((language) => (language !== null && kept.has(language) ? language : main)) };
}

/** The trained model knows the languages of which `lib` has no little words. It runs in the reading threads alone. */
export function languageOfText(text: string): string | null {
  return languageOf(text, new Map(detectAll(text.slice(0, READ_AT_MOST)).map(({ lang, accuracy }) => [lang, accuracy])));
}
