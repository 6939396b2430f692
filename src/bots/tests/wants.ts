/** What is wanted of an answer, and what came of each wish. */
import { z } from 'zod';

/** Characters, and how many. */
export const most = { question: 4000, phrase: 300, phrases: 20, title: 300, rule: 1000, tests: 1000 };

const phrase = z
  .string()
  .trim()
  .min(1)
  .refine((text) => [...text].length <= most.phrase, { error: `A phrase can have ${most.phrase} characters at most.` });
const phrases = z
  .array(phrase)
  .max(most.phrases, { error: `${most.phrases} phrases are the most.` })
  .default([]);

export const wants = z
  .strictObject({
    /** 'person': it refuses, or hands over. */
    by: z.enum(['bot', 'person']).default('bot'),
    /** Words or phrases that must stand in the answer, each of them. */
    holds: phrases,
    /** None of these may. */
    lacks: phrases,
    /** The title of a source; '' wants none. By its title, as in a bot's file: numbers mean nothing elsewhere. */
    cites: z.string().trim().max(most.title).default(''),
    /** Judged by a model. '' for none. */
    rule: z.string().trim().max(most.rule).default(''),
  })
  .refine(({ by, holds, lacks, cites, rule }) => by === 'person' || holds.length + lacks.length > 0 || cites !== '' || rule !== '', {
    path: ['holds'],
    error: 'Nothing is wanted of the answer yet. Write what it must contain, or fill one of the fields below.',
  })
  .refine(({ by, holds, lacks, cites, rule }) => by === 'bot' || (holds.length + lacks.length === 0 && cites === '' && rule === ''), {
    path: ['by'],
    error: 'Where a person is called there is no answer to look into. Empty the other fields, or let the bot answer.',
  });

export type Wants = z.output<typeof wants>;

/** A question with what is wanted of its answer, as a bot's file and a CSV hold it. */
export const writtenTest = z.strictObject({ question: z.string().trim().min(1).max(most.question), wants });
export type WrittenTest = z.output<typeof writtenTest>;

export interface Check {
  kind: 'by' | 'holds' | 'lacks' | 'cites' | 'rule';
  /** The phrase, the title, the rule; '' for 'by'. */
  asked: string;
  /** Null: nobody could tell, or it wasn't looked at. */
  passed: boolean | null;
  /** Why, in plain words. '' where there is nothing to add. */
  says: string;
}
