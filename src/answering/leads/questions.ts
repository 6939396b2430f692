/** Which detail is still to be asked for, and in which words. */
import type { BotSettings } from '../../bots/index.ts';
import { detailOf, leadOf, shapeOf } from '../../contacts/index.ts';
import { fill, textsIn, type Language } from '../../lib/catalogue.ts';
import type { Workspace } from '../../workspace.ts';
import { businessLanguage } from '../language-for.ts';

export type LeadSetting = BotSettings['leads'][number];

/** A needed one is asked a second time; nobody is asked a third. */
const timesFor = ({ required }: LeadSetting): number => (required ? 2 : 1);

/** Those that aren't known, weren't declined, and can be asked for once more, in the editor's order. */
export function openLeads(ws: Workspace, { leads }: BotSettings, contactId: number, when: LeadSetting['when']): LeadSetting[] {
  return leads.filter((lead) => {
    if (lead.when !== when || !shapeOf(ws, lead.field) || detailOf(ws, contactId, lead.field) !== null) return false;
    const before = leadOf(ws, contactId, lead.field);
    return before === undefined || (before.state === 'asked' && before.asked < timesFor(lead));
  });
}

/** The question in the customer's language; in the owner's own words where they are in it. */
export function questionFor(ws: Workspace, { field, says }: LeadSetting, language: Language): string {
  const texts = textsIn(language);
  const shape = shapeOf(ws, field);
  const ours = { name: texts.leadName, email: texts.leadEmail, phone: texts.leadPhone };
  const catalogue = typeof field === 'number' ? fill(texts.leadOther, { field: shape?.name ?? '' }) : ours[field];
  const choices = shape?.kind === 'choice' ? [fill(texts.leadChoices, { choices: shape.choices.join(', ') })] : [];
  return [says !== '' && language === businessLanguage(ws) ? says : catalogue, ...choices, texts.leadFree].join(' ');
}
