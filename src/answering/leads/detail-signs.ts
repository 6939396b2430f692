/** How a model tells us what a customer told it: by signs at the end of its answer, which no customer sees. No call more is paid. */
import type { BotSettings } from '../../bots/index.ts';
import { shapeOf } from '../../contacts/index.ts';
import type { Workspace } from '../../workspace.ts';
import { openLeads } from './questions.ts';

const SIGN = /\[\[\s*(?:detail\s+(\d{1,2})\s*:\s*([^\]]{1,500})|declined\s+(\d{1,2}))\s*\]\]/gi;
/** Taken out is also what a model wrote a little differently, or what broke off; not read, since a guess would be kept of a person. */
const LIKE_SIGN = /\[\[\s*(?:detail|declin)[^\]]*(?:\]+|$)|\[\[\s*d(?:et?a?i?|ecl?i?)?$/gi;

export interface SignedDetail {
  /** Which of the bot's details, from 1. */
  n: number;
  /** As the customer wrote it; null: they don't want to tell. */
  value: string | null;
}

export function detailsIn(text: string): SignedDetail[] {
  return [...text.matchAll(SIGN)].map(([, given, value, declined]) =>
    given === undefined ? { n: Number(declined), value: null } : { n: Number(given), value: (value ?? '').trim() },
  );
}

export function withoutDetails(text: string): string {
  return text.includes('[[') ? text.replace(SIGN, '').replace(LIKE_SIGN, '') : text;
}

const FITS: Record<string, string> = {
  email: 'an e-mail address',
  phone: 'a phone number',
  number: 'a number',
  date: 'a date, written as 2026-11-24',
};

/** What a model is told to ask for; none where there is nothing to ask. */
export function detailRules(ws: Workspace, settings: BotSettings, contactId: number): string[] {
  if (settings.leads.length === 0) return [];
  const open = new Set((['before', 'fits'] as const).flatMap((when) => openLeads(ws, settings, contactId, when)));
  const lines = settings.leads.flatMap((lead, at) => {
    const shape = open.has(lead) ? shapeOf(ws, lead.field) : undefined;
    if (!shape) return [];
    const fits = shape.kind === 'choice' ? `one of: ${shape.choices.join(', ')}` : FITS[shape.kind];
    return [`${at + 1}. ${shape.name}${fits === undefined ? '' : ` (${fits})`}`];
  });
  if (lines.length === 0) return [];
  return [
    [
      `The business would like to know of this customer:\n${lines.join('\n')}`,
      'Once you have answered, and when it fits, ask for one of these in one short sentence; never for what they told or declined, and never twice.',
      'When the customer tells one of them, thank them, which needs no passage, and write at the very end of your answer [[detail 1: what they wrote]], with its number, once for each. When they don’t want to tell it, write [[declined 1]] there. The customer never sees these.',
    ].join('\n\n'),
  ];
}
