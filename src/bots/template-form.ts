/** The fields of a template's questions, in the page of a new bot and in the set-up. */
import { z } from 'zod';
import { longText } from '../web/parse.ts';
import { pluralText } from '../web/formats.ts';
import type { Template } from './templates.ts';

const answer = longText('The answer', 10_000).prefault('');

export const answerFields = {
  template: z.string().max(40).default(''),
  answer1: answer,
  answer2: answer,
  answer3: answer,
  answer4: answer,
  answer5: answer,
  answer6: answer,
};

type Answers = Record<'answer1' | 'answer2' | 'answer3' | 'answer4' | 'answer5' | 'answer6', string>;

export function answersIn({ answer1, answer2, answer3, answer4, answer5, answer6 }: Answers): string[] {
  return [answer1, answer2, answer3, answer4, answer5, answer6];
}

/** A template's questions with what was typed, as the page shows them. */
export function questionFields({ questions }: Template, typed: Record<string, unknown>, errors: Record<string, string>): object[] {
  return questions.map(({ question, example }, at) => {
    const name = `answer${at + 1}`;
    return { name, question, example: `For example: ${example}`, value: typed[name], error: errors[name] };
  });
}

/** Said after a bot began with a template. */
export function keptText(kept: number): string {
  return kept === 0 ? '' : ` ${pluralText(kept, 'answer')} ${kept === 1 ? 'is' : 'are'} in the knowledge.`;
}
