import type { InPart } from '../channels/index.ts';

/** A channel gives back what it has; more than this of one message isn't read. */
export const TEXT_AT_MOST = 20_000;

/** What is read in lists and by the bot: the words, and in brackets what isn't words. */
export function textOf(parts: Pick<InPart, 'kind' | 'text'>[]): string {
  const words = parts.flatMap((part) =>
    part.kind === 'text' ? [part.text ?? ''] : [part.text ? `[${part.kind}] ${part.text}` : `[${part.kind}]`],
  );
  return words.join('\n').slice(0, TEXT_AT_MOST).toWellFormed();
}
