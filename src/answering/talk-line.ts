import type { Said } from '../conversations/index.ts';
import { withoutCitations } from '../lib/citations.ts';

const WHO: Record<Said['author'], string> = { customer: 'Customer', bot: 'Assistant', person: 'Team' };

/** What was said, as a model reads it that is to sum it up. */
export function talkLine({ author, text }: Said): string {
  return `${WHO[author]}: ${author === 'bot' ? withoutCitations(text) : text}`;
}
