import { z } from 'zod';

export const linkedSettings = z.strictObject({
  groups: z.boolean().default(false).meta({
    label: 'Answer in groups',
    hint: 'Only where somebody mentions this number or replies to it. Off, groups aren’t even read.',
  }),
});

export type LinkedSettings = z.infer<typeof linkedSettings>;
