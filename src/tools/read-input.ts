/** Whether what a model wrote as arguments is what a tool takes. */
import { z } from 'zod';
import type { JsonObject } from '../providers/index.ts';

export type ReadInput = { values: JsonObject; wrong?: undefined } | { values?: undefined; wrong: string };

/** Of what a model writes; it is kept whole. */
export const LONGEST_INPUT = 16 * 1024;
const object = z.record(z.string(), z.unknown());

/** `wrong` is for the model: what to mend. `parameters` is a JSON Schema that `plainSchema` made, or one of ours. */
export function readInput(text: string, parameters: JsonObject): ReadInput {
  if (text.length > LONGEST_INPUT) return { wrong: 'The arguments are too long.' };
  let value: unknown;
  try {
    value = JSON.parse(text.trim() === '' ? '{}' : text);
  } catch {
    return { wrong: 'The arguments are not valid JSON. Write them again, whole.' };
  }
  const read = z.fromJSONSchema({ ...parameters }).safeParse(value);
  if (read.success) return { values: object.parse(read.data) };
  const [issue] = read.error.issues;
  const place = issue?.path.join('.') ?? '';
  return { wrong: `The arguments don’t fit${place === '' ? '' : ` at “${place}”`}: ${issue?.message ?? 'they are no object'}.` };
}
