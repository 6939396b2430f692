/** Of a group's questions, the one that best stands for all. */

/** Words of a sentence that one reads at a glance. */
const SHORT = 3;
const LONG = 18;

/** The same, the clearest first: what shares most words with the others, is asked in one whole sentence, and is new. `asked` is the newest first. */
export function clearest<T extends { text: string; words: string }>(asked: readonly T[]): T[] {
  const counts = new Map<string, number>();
  for (const { words } of asked) for (const word of words.split(' ')) counts.set(word, (counts.get(word) ?? 0) + 1);
  const clarity = ({ text, words }: T): number => {
    const each = words.split(' ');
    const shared = each.reduce((sum, word) => sum + (counts.get(word) ?? 0), 0) / (each.length * asked.length);
    const length = text.split(/\s+/).length;
    const reads = Number(/[?？؟]\s*$/u.test(text)) + Number(length >= SHORT && length <= LONG) + Number(!text.includes('\n'));
    return shared + reads / 3;
  };
  return asked.toSorted((a, b) => clarity(b) - clarity(a));
}
