/** The details that a bot asks for, as the editor's form sends and shows them: three fields for each that a contact can have. */
import { z } from 'zod';
import { contactFields } from '../contacts/index.ts';
import { longText, ticked } from '../web/parse.ts';
import type { Workspace } from '../workspace.ts';
import { LEAD_TIMES, LEAD_WHEN, mostLeads, type LeadSetting } from './lead-settings.ts';
import type { BotSettings } from './settings.ts';

interface Offered {
  field: LeadSetting['field'];
  label: string;
}

const OURS: Offered[] = [
  { field: 'name', label: 'Name' },
  { field: 'email', label: 'E-mail' },
  { field: 'phone', label: 'Phone' },
];

function offered(ws: Workspace): Offered[] {
  return [...OURS, ...contactFields(ws).map(({ id, name }) => ({ field: id, label: name }))];
}

const when = z.enum(['', ...LEAD_TIMES], { error: 'Choose one of those offered.' });
const says = longText('The question', mostLeads.says).transform((text) => text.replace(/\n/g, ' '));

/** What is sent is read into settings; a field that was removed meanwhile is no field of the form any more. */
export function leadForm(ws: Workspace): z.ZodType<Partial<BotSettings>> {
  const all = offered(ws);
  const shape = Object.fromEntries<z.ZodType>(
    all.flatMap(({ field }) => [
      [`when-${field}`, when],
      [`required-${field}`, ticked()],
      [`says-${field}`, says],
    ]),
  );
  return z
    .strictObject(shape)
    .transform((typed: Record<string, unknown>) =>
      all.flatMap(({ field }): LeadSetting[] => {
        const time = LEAD_TIMES.find((each) => each === typed[`when-${field}`]);
        if (!time) return [];
        const own = typed[`says-${field}`];
        return [{ field, when: time, required: typed[`required-${field}`] === true, says: typeof own === 'string' ? own : '' }];
      }),
    )
    .refine((leads) => leads.length <= mostLeads.leads, {
      error: `It can ask for ${mostLeads.leads} details at most.`,
      path: ['when-name'],
    })
    .transform((leads) => ({ leads }));
}

/** What the form shows: each detail with how it is asked for, as kept or as typed. */
export function leadChoices(ws: Workspace, leads: readonly LeadSetting[], typed?: Record<string, unknown>): object {
  const times = [{ value: '', label: 'Doesn’t ask' }, ...LEAD_TIMES.map((value) => ({ value, label: LEAD_WHEN[value] }))];
  return {
    details: offered(ws).map(({ field, label }) => {
      const kept = leads.find((lead) => lead.field === field);
      return {
        field,
        label,
        when: typed?.[`when-${field}`] ?? kept?.when ?? '',
        required: typed ? typed[`required-${field}`] !== undefined : (kept?.required ?? false),
        says: typed?.[`says-${field}`] ?? kept?.says ?? '',
        times,
      };
    }),
  };
}
