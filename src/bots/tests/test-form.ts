/** A test as its form sends and shows it. */
import { z } from 'zod';
import { longText, optionalLine } from '../../web/parse.ts';
import { most, wants, type Wants, type WrittenTest } from './wants.ts';

const phrases = longText('The list', most.phrases * (most.phrase + 1)).transform((typed) => [
  ...new Set(
    typed
      .split('\n')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  ),
]);

const fields = z.strictObject({
  question: longText('The question', most.question).refine((text) => text !== '', { error: 'Write what is asked.' }),
  by: z.enum(['bot', 'person'], { error: 'Choose one of the two.' }),
  holds: phrases.default([]),
  lacks: phrases.default([]),
  cites: optionalLine('The title', most.title).transform((title) => title ?? ''),
  rule: longText('The rule', most.rule).default(''),
});

/** Checked field by field first, then as a whole: what is wrong stands beside its field. */
export const testForm = fields.transform(({ question, ...wanted }, context): WrittenTest => {
  const read = wants.safeParse(wanted);
  if (read.success) return { question, wants: read.data };
  for (const issue of read.error.issues) context.addIssue({ code: 'custom', path: issue.path.slice(0, 1), message: issue.message });
  return z.NEVER;
});

/** As the form shows it; what came back from the form may be anything. */
export type TypedTest = Record<string, unknown>;

export function typedTest(question: string, wanted?: Wants): TypedTest {
  const { by = 'bot', holds = [], lacks = [], cites = '', rule = '' } = wanted ?? {};
  return { question, by, holds: holds.join('\n'), lacks: lacks.join('\n'), cites, rule };
}
