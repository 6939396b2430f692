/** What a browser posts of a passkey: JSON in one field of a form. Only the shape is looked at here; what it proves, by who takes it. */
import { z } from 'zod';
import { line } from '../../web/parse.ts';

const LONGEST = 20_000;
const bytes = z.string().regex(/^[\w-]+$/);

const shared = {
  id: bytes,
  rawId: bytes,
  type: z.literal('public-key'),
  clientExtensionResults: z.object({}),
};
const attestation = z.object({ ...shared, response: z.object({ clientDataJSON: bytes, attestationObject: bytes }) });
const assertion = z.object({ ...shared, response: z.object({ clientDataJSON: bytes, authenticatorData: bytes, signature: bytes }) });

export type Attestation = z.infer<typeof attestation>;
export type Assertion = z.infer<typeof assertion>;

const NO_ANSWER = 'The browser gave no passkey. Try it again.';

function json<T>(shape: z.ZodType<T>): z.ZodType<T, string> {
  return z
    .string({ error: NO_ANSWER })
    .max(LONGEST, { error: NO_ANSWER })
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: NO_ANSWER });
        return z.NEVER;
      }
    })
    .pipe(shape);
}

const next = z.string().optional();
export const addForm = z.strictObject({ name: line('The name', 60), answer: json(attestation) });
export const answerForm = z.strictObject({ answer: json(assertion), next });
