/** A rating in words and marks, as the team reads it. */
import { SCALES, type Scale } from './ask-rating.ts';

export interface Rating {
  scale: Scale;
  value: number;
}

/** Beside a conversation, in a list and in its head. */
export interface RatingMark {
  icon: 'thumb-up' | 'thumb-down' | 'star';
  says: string;
}

export function ratingMark({ scale, value }: Rating): RatingMark {
  if (scale === 'stars') return { icon: 'star', says: `${value} of 5` };
  return value >= 4 ? { icon: 'thumb-up', says: 'Good' } : { icon: 'thumb-down', says: 'Bad' };
}

/** "👍", "4 of 5". */
export function ratingInWords({ scale, value }: Rating): string {
  return scale === 'thumbs' ? (SCALES.thumbs.find((each) => each.value === value)?.title ?? '') : `${value} of 5`;
}
