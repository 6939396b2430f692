/** What stands in the address of the list of contacts: of its page, and of its CSV. */
import { z } from 'zod';

const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).nullable().catch(null).default(null);
const place = z
  .string()
  .regex(/^\d{1,15}-\d{1,15}$/)
  .transform((text) => {
    const [seenAt = 0, row = 0] = text.split('-').map(Number);
    return { seenAt, id: row };
  })
  .optional()
  .catch(undefined);
const words = z.string().trim().max(200).catch('');

/** Forgiving, as an address that is typed and kept. */
export const listAddress = z
  .object({
    q: words,
    channel: id,
    label: id,
    field: id,
    value: words,
    blocked: z.literal('1').optional().catch(undefined),
    after: place,
    before: place,
  })
  .transform(({ q, blocked, after, before, ...rest }) => ({ ...rest, query: q, blocked: blocked === '1', after, before }));
