/** What is taken out before sending, as the editor's form sends and shows it. */
import { z } from 'zod';
import { Masker, problemWith } from '../providers/index.ts';
import { longText, ticked } from '../web/parse.ts';
import type { Workspace } from '../workspace.ts';
import { longestMask, type MaskingSettings } from './masking-settings.ts';
import type { BotSettings } from './settings.ts';

/** A line is "Customer number: KD-\d{6}"; the pattern itself may hold colons. */
const LINE = /^([^:：]*)[:：]\s*(.*)$/;
const LONGEST_SAMPLE = 1000;

const patterns = longText('The list', longestMask.patterns * (longestMask.name + longestMask.pattern + 2)).transform((text, context) => {
  const wrong = (message: string): never => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const lines = text
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (lines.length > longestMask.patterns) return wrong(`${longestMask.patterns} patterns at most. Take some out.`);
  const list: MaskingSettings['patterns'] = [];
  for (const [at, each] of lines.entries()) {
    const [, name = '', pattern = ''] = LINE.exec(each)?.map((part) => part.trim()) ?? [];
    const problem = problemIn(name, pattern);
    if (problem !== null) return wrong(lines.length === 1 ? problem : `Line ${at + 1}: ${problem}`);
    list.push({ name, pattern });
  }
  return list;
});

function problemIn(name: string, pattern: string): string | null {
  if (name === '' || pattern === '') return 'Write a name, a colon, and the pattern: Customer number: KD-\\d{6}';
  if (name.length > longestMask.name) return `A name can have ${longestMask.name} characters at most.`;
  if (pattern.length > longestMask.pattern) return `A pattern can have ${longestMask.pattern} characters at most.`;
  return problemWith(pattern);
}

export const maskingForm = z.strictObject({
  part: z.literal('masking'),
  maskEmail: ticked(),
  maskPhone: ticked(),
  maskPatterns: patterns,
  /** Not kept: what the page shows as it would be sent. */
  sample: longText('The text', LONGEST_SAMPLE).default(''),
});

export function maskingChanges({ maskEmail, maskPhone, maskPatterns }: z.output<typeof maskingForm>): Partial<BotSettings> {
  return { masking: { email: maskEmail, phone: maskPhone, patterns: maskPatterns } };
}

/** What is kept, in the form's fields. */
export function typedMasking({ email, phone, patterns }: MaskingSettings): Record<string, unknown> {
  return { maskEmail: email, maskPhone: phone, maskPatterns: patterns.map(({ name, pattern }) => `${name}: ${pattern}`).join('\n') };
}

/** A text as these settings would send it; null where there is none, or the form can't be read. */
export function triedMasking(ws: Workspace, typed: Record<string, unknown>): string | null {
  const form = z.object(maskingForm.shape).safeParse(typed);
  if (!form.success || form.data.sample === '') return null;
  const { maskEmail: email, maskPhone: phone, maskPatterns } = form.data;
  return new Masker(ws, { email, phone, patterns: maskPatterns }, null).text(form.data.sample);
}
