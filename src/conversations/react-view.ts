/** How a customer's message is reacted to, as its page offers it. */
import { REACTIONS } from '../channels/index.ts';

export interface ReactView {
  action: string;
  emojis: { emoji: string; label: string; /** '' takes it back. */ value: string; chosen: boolean }[];
}

const NAMES: Record<(typeof REACTIONS)[number], string> = {
  '👍': 'Thumbs up',
  '❤️': 'A heart',
  '😁': 'A smile',
  '🎉': 'A party',
  '🙏': 'Thanks',
  '👏': 'Applause',
};

/** `chosen` is what was reacted with so far. */
export function reactView(action: string, chosen: string | null): ReactView {
  const offered = (emoji: (typeof REACTIONS)[number]) => ({
    emoji,
    label: NAMES[emoji],
    value: emoji === chosen ? '' : emoji,
    chosen: emoji === chosen,
  });
  return { action, emojis: REACTIONS.map(offered) };
}
