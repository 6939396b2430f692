/** The form in which a key is pasted, on the keys' page and in the set-up. */
import { z } from 'zod';
import { optionalLine } from '../web/parse.ts';

export const keyForm = z.strictObject({
  provider: z.enum(['openai', 'anthropic', 'compatible'], { error: 'Choose whose key it is.' }),
  key: z.string().max(2000, { error: 'That is too long for a key. Copy it again.' }).default(''),
  baseUrl: optionalLine('The address', 500).transform((text) => text ?? ''),
  name: optionalLine('The name', 60).transform((text) => text ?? ''),
});

export const providerChoices = [
  { value: 'openai', label: 'OpenAI' },
  { value: 'anthropic', label: 'Anthropic' },
  { value: 'compatible', label: 'Another' },
];
