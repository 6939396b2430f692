/** What is taken out before a text goes to a provider, and put back into the answer. Card and account numbers always are. */
import { z } from 'zod';
import { problemWith } from '../providers/index.ts';

export const longestMask = { name: 24, pattern: 200, patterns: 5 };

const pattern = z
  .string()
  .min(1)
  .max(longestMask.pattern)
  .superRefine((text, context) => {
    const problem = problemWith(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

export const maskingSettings = z.strictObject({
  email: z.boolean().default(false),
  phone: z.boolean().default(false),
  patterns: z
    .array(z.strictObject({ name: z.string().trim().min(1).max(longestMask.name), pattern }))
    .max(longestMask.patterns)
    .default([]),
});

export type MaskingSettings = z.infer<typeof maskingSettings>;

/** What publishing would change, one line for each. */
export function maskingInWords({ email, phone, patterns }: MaskingSettings): string {
  return [
    'Card and account numbers',
    ...(email ? ['E-mail addresses'] : []),
    ...(phone ? ['Phone numbers'] : []),
    ...patterns.map(({ name, pattern }) => `${name}: ${pattern}`),
  ].join('\n');
}
