/** Texts in the encodings before Unicode, which Node reads and doesn't write: each letter by the bytes that are read as it. */
const written = new Map<string, Map<string, number[]>>();

function lettersOf(encoding: string): Map<string, number[]> {
  const known = written.get(encoding);
  if (known) return known;
  const letters = new Map<string, number[]>();
  const decoder = new TextDecoder(encoding, { fatal: true });
  const learn = (...bytes: number[]): void => {
    try {
      const letter = decoder.decode(Uint8Array.from(bytes));
      if ([...letter].length === 1 && !letters.has(letter)) letters.set(letter, bytes);
    } catch {
      return; // no letter of this encoding
    }
  };
  for (let byte = 0; byte < 256; byte++) learn(byte);
  if (!/^(?:iso|windows|koi)/.test(encoding))
    for (let first = 0x81; first < 0xff; first++) for (let second = 0x40; second < 0xff; second++) learn(first, second);
  written.set(encoding, letters);
  return letters;
}

/** Throws for a letter that the encoding doesn't have. */
export function encoded(text: string, encoding: string): Uint8Array {
  const letters = lettersOf(encoding);
  return Uint8Array.from(
    [...text].flatMap((letter) => {
      const bytes = letters.get(letter);
      if (!bytes) throw new Error(`${encoding} has no ${letter}`);
      return bytes;
    }),
  );
}
