/** Details that a bot asks customers for: what every contact has, or a field of one's own by its number. */
import { z } from 'zod';

export const mostLeads = { leads: 10, says: 300 };

/**
 * before: instead of an answer, which then follows · fits: behind an answer · person: when a person is called. Required: asked a
 * second time where the first answer was none. Nobody is left without an answer for not telling.
 */
export const LEAD_TIMES = ['before', 'fits', 'person'] as const;
export type LeadTime = (typeof LEAD_TIMES)[number];

export const leadShape = z.strictObject({
  field: z.union([z.enum(['name', 'email', 'phone']), z.number().int().positive()]),
  when: z.enum(LEAD_TIMES),
  required: z.boolean().default(false),
  /** The question in the owner's words and the business's language; '' takes the catalogue's. */
  says: z.string().trim().max(mostLeads.says).default(''),
});
export type LeadSetting = z.infer<typeof leadShape>;

export const leadSettings = z
  .array(leadShape)
  .max(mostLeads.leads)
  .refine((leads) => new Set(leads.map(({ field }) => field)).size === leads.length, { error: 'a detail twice' })
  .default([]);

export const LEAD_WHEN: Record<LeadTime, string> = {
  before: 'Before it answers',
  fits: 'When it fits',
  person: 'When a person is called',
};

/** One line for each: what publishing would change. */
export function leadsInWords(leads: readonly LeadSetting[], nameOf: (field: number) => string): string {
  const OURS = { name: 'Name', email: 'E-mail', phone: 'Phone' };
  return leads
    .map(({ field, when, required, says }) => {
      const line = `${typeof field === 'number' ? nameOf(field) : OURS[field]}: ${LEAD_WHEN[when].toLowerCase()}${required ? ', needed' : ''}`;
      return says === '' ? line : `${line}: “${says}”`;
    })
    .join('\n');
}
