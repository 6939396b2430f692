/** The editor's form: what each of its parts sends, and what that changes in the draft. */
import { z } from 'zod';
import { languages } from '../lib/catalogue.ts';
import { line, longText, optionalLine, ticked } from '../web/parse.ts';
import { longest, type BotSettings } from './settings.ts';
import { once } from '../lib/once.ts';

const graphemes = once(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));
const notOffered = { error: 'Choose one of those offered.' };

const starters = longText('The list', longest.starters * (longest.starter + 1))
  .transform((text) =>
    text
      .split('\n')
      .map((each) => each.trim())
      .filter(Boolean),
  )
  .refine((list) => list.length <= longest.starters, { error: `${longest.starters} questions at most. Take some out.` })
  .refine((list) => list.every((each) => [...each].length <= longest.starter), {
    error: `A question can have ${longest.starter} characters at most.`,
  });

export const voiceForm = z.strictObject({
  part: z.literal('voice'),
  name: line('The name', longest.name),
  avatar: optionalLine('The letter', longest.avatar)
    .transform((text) => text ?? '')
    .refine((text) => [...graphemes().segment(text)].length <= 2, { error: 'One or two letters, or one emoji.' }),
  greeting: longText('The greeting', longest.greeting),
  instructions: longText('The instructions', longest.instructions),
  tone: z.enum(['plain', 'warm', 'formal', 'playful'], notOffered),
  language: z.enum(['customer', ...languages], notOffered),
  length: z.enum(['short', 'medium', 'long'], notOffered),
  fallback: longText('The sentence', longest.fallback),
  starters,
  groundedOnly: ticked(),
});

const CHOICE = /^(?:[1-9]\d{0,14}:.*)?$/s;

export const modelForm = z.strictObject({
  part: z.literal('model'),
  /** Key and model in one field, `3:gpt-5-mini`: so the list needs no script to follow the key. Empty: no AI. */
  model: z.string().regex(CHOICE, notOffered),
  /** For hosts that open more than they list: `model` is then the key alone, `3:`. */
  typedModel: optionalLine('The model', longest.model),
  /** What is asked instead, in the same form; empty for none. */
  backup1: z.string().regex(CHOICE, notOffered).default(''),
  backup2: z.string().regex(CHOICE, notOffered).default(''),
  temperature: z
    .string()
    .trim()
    .transform((text) => (text === '' ? null : Number(text.replace(',', '.'))))
    .refine((number) => number === null || (number >= 0 && number <= 2), { error: 'A number from 0 to 2, or nothing.' }),
  hearsVoice: ticked(),
  readsDocuments: ticked(),
  seesPictures: ticked(),
  /** How the switch for pictures stood before: one that nobody touched goes on following the model. Absent where there are no switches. */
  picturesWere: z.enum(['on', 'off']).optional(),
});

export type Part = 'voice' | 'model' | 'handoff' | 'masking' | 'tools';

export function voiceChanges({ part: _part, ...changes }: z.output<typeof voiceForm>): Partial<BotSettings> {
  return changes;
}

export function modelChanges(form: z.output<typeof modelForm>): Partial<BotSettings> {
  const { model, typedModel, temperature, backup1, backup2 } = form;
  const backups = [backup1, backup2].flatMap((choice) => chosenIn(choice) ?? []);
  const first = chosenIn(model);
  const chosen = first ? { ...first, model: first.model || (typedModel ?? '') } : { providerKeyId: null, model: '' };
  return { ...chosen, temperature, backups, ...opened(form) };
}

function opened({ hearsVoice, readsDocuments, seesPictures, picturesWere }: z.output<typeof modelForm>): Partial<BotSettings> {
  if (picturesWere === undefined) return {};
  return { hearsVoice, readsDocuments, ...(seesPictures === (picturesWere === 'on') ? {} : { seesPictures }) };
}

function chosenIn(choice: string): { providerKeyId: number; model: string } | undefined {
  const colon = choice.indexOf(':');
  return colon < 0 ? undefined : { providerKeyId: Number(choice.slice(0, colon)), model: choice.slice(colon + 1) };
}
