/**
 * Optional request fields that not every host or model takes. A host that refuses one with 400 is asked again without it,
 * and it is remembered, by model: OpenAI's own models differ in what they take.
 */
import type { ProviderAccess } from '../provider.ts';
import { refusalOf } from './failure.ts';

export type Fields = Record<string, unknown>;

/** A field under the other name that some hosts have for it. */
const ALSO_CALLED: Record<string, string> = { max_tokens: 'max_completion_tokens' };

/**
 * Makes the call with the optional fields this host is not known to refuse, once more for each that it refuses now.
 * What a refused field is remembered as: `field@model`. Throws what the call throws.
 */
export async function withOptionalFields<T>(
  access: ProviderAccess,
  model: string,
  optional: Fields,
  ask: (fields: Fields) => Promise<T>,
): Promise<T> {
  const refused = new Set(access.refusedFields);
  const fields = { ...optional };
  const drop = (field: string) => {
    const other = ALSO_CALLED[field];
    if (other !== undefined && !refused.has(`${other}@${model}`)) fields[other] = fields[field];
    delete fields[field];
  };
  for (const field of Object.keys(optional)) if (refused.has(`${field}@${model}`)) drop(field);
  for (;;) {
    try {
      return await ask(fields);
    } catch (cause) {
      const field = refusedField(cause, Object.keys(fields));
      if (field === undefined) throw cause;
      drop(field);
      refused.add(`${field}@${model}`);
      access.onRefusedField(`${field}@${model}`);
    }
  }
}

/** The first of our optional fields that a 400 or 422 speaks of. */
function refusedField(cause: unknown, fields: string[]): string | undefined {
  const refusal = refusalOf(cause);
  if (!refusal || (refusal.status !== 400 && refusal.status !== 422)) return undefined;
  return fields.find((field) => new RegExp(`\\b${field}\\b`).test(refusal.body));
}
