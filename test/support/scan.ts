/** Looks for words in every byte under a folder, in each form in which software keeps words. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A word as it stands, without its case (how an index folds it), in UTF-16, base64 (at each of three places), hex, and in a URL. */
function formsOf(word: string): Buffer[] {
  const plain = Buffer.from(word);
  const inner = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), plain]).toString('base64');
    // The first and last characters depend on the neighbours.
    return Buffer.from(encoded.slice(shift === 0 ? 0 : 4, -4));
  });
  return [
    plain,
    Buffer.from(word.toLowerCase()),
    Buffer.from(word, 'utf16le'),
    Buffer.from(plain.toString('hex')),
    Buffer.from(encodeURIComponent(word)),
    ...inner.filter((each) => each.length >= 8),
  ];
}

function* filesUnder(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

/** Which of the words stand somewhere under the folder, as `word in file`. */
export function scan(folder: string, words: readonly string[]): string[] {
  const found: string[] = [];
  for (const file of filesUnder(folder)) {
    const bytes = readFileSync(file);
    for (const word of words)
      if (formsOf(word).some((form) => bytes.includes(form))) found.push(`${word} in ${file.slice(folder.length + 1)}`);
  }
  return found;
}
