/** Answers that are offered with a message: by a member, line by line, or a bot's starter questions with its greeting. */
import { z } from 'zod';
import { CHOICE_TITLE, CHOICES_AT_MOST, type Choice, type ChannelLimits } from '../channels/index.ts';
import { line } from '../web/parse.ts';

const TYPED_AT_MOST = 2000;
const title = line('An answer', TYPED_AT_MOST);

/** What a member typed, an answer on each line; those that no channel has to cut. */
export const offeredChoices: z.ZodType<Choice[], string | undefined> = z
  .string()
  .max(TYPED_AT_MOST, { error: `Offer ${CHOICES_AT_MOST} answers at most.` })
  .default('')
  .transform((typed) => typed.split('\n').flatMap((each) => title.safeParse(each).data ?? []))
  .refine((titles) => titles.length <= CHOICES_AT_MOST, { error: `Offer ${CHOICES_AT_MOST} answers at most.` })
  .refine((titles) => titles.every(({ length }) => length <= CHOICE_TITLE), {
    error: `An answer to offer can have ${CHOICE_TITLE} characters at most: that is what fits on a button.`,
  })
  .refine((titles) => new Set(titles).size === titles.length, { error: 'Two of the answers to offer are the same.' })
  .transform(choicesOf);

/** Of a bot's starter questions those that a channel shows whole. */
export function startersAsChoices(starters: string[], { choiceTitleLength = CHOICE_TITLE }: ChannelLimits): Choice[] {
  const whole = starters.filter(({ length }) => length <= choiceTitleLength);
  return choicesOf([...new Set(whole)].slice(0, CHOICES_AT_MOST));
}

function choicesOf(titles: string[]): Choice[] {
  return titles.map((each, at) => ({ id: String(at + 1), title: each }));
}

/** As they are stored with a part: the detail of a part holds no lists. */
export function choicesDetail(choices: Choice[]): { choices: string } {
  return { choices: JSON.stringify(choices) };
}

/** What `choicesDetail` stored. */
export function storedChoices(detail: unknown): Choice[] {
  return typeof detail === 'string' ? (JSON.parse(detail) as Choice[]) : [];
}
