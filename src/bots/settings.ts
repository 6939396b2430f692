/** What a bot is set to: one JSON document per version, checked by this schema wherever it comes from. */
import { z } from 'zod';
import { handoffSettings } from './handoff-settings.ts';
import { leadSettings } from './lead-settings.ts';
import { maskingSettings } from './masking-settings.ts';

/** How long things may be, in characters (`starters`, `tools`: how many). The editor's form says the same. */
export const longest = {
  name: 60,
  avatar: 16,
  greeting: 500,
  instructions: 20_000,
  fallback: 1000,
  starter: 120,
  starters: 6,
  model: 200,
  tools: 40,
};

/** Characters are counted as people see most of them, by code point: the forms count so too. */
function text(atMost: number) {
  return z
    .string()
    .trim()
    .refine((value) => [...value].length <= atMost, { error: `longer than ${atMost} characters` });
}

export const botSettings = z.strictObject({
  /** Part of a version, so that a new name waits for its publication as everything else does. */
  name: text(longest.name)
    .refine((value) => value !== '')
    .default('Assistant'),
  /** One or two characters or an emoji, drawn in a disc. */
  avatar: text(longest.avatar).default(''),
  greeting: text(longest.greeting).default(''),
  instructions: text(longest.instructions).default(''),
  tone: z.enum(['plain', 'warm', 'formal', 'playful']).default('plain'),
  /** 'customer' answers in the customer's language; else a BCP 47 tag. */
  language: text(20).default('customer'),
  /** Null: the built-in provider `quote`. */
  providerKeyId: z.number().int().positive().nullable().default(null),
  model: text(longest.model).default(''),
  /** Asked in this order where the model above fails before its first word. */
  backups: z
    .array(z.strictObject({ providerKeyId: z.number().int().positive(), model: text(longest.model) }))
    .max(2)
    .default([]),
  /** Null leaves it to the model; some models have none. */
  temperature: z.number().min(0).max(2).nullable().default(null),
  length: z.enum(['short', 'medium', 'long']).default('short'),
  fallback: text(longest.fallback).default(''),
  starters: z
    .array(text(longest.starter).refine((value) => value !== ''))
    .max(longest.starters)
    .default([]),
  groundedOnly: z.boolean().default(true),
  /** What a customer sends besides words goes to the model, too: voice notes as a transcript, documents as their text. */
  hearsVoice: z.boolean().default(true),
  readsDocuments: z.boolean().default(true),
  /** Null: where its model is known to see. */
  seesPictures: z.boolean().nullable().default(null),
  handoff: handoffSettings.prefault({}),
  /** Actions of the workspace's that it may call, by their ids. */
  tools: z.array(z.number().int().positive()).max(longest.tools).default([]),
  /** What it may do with our own hands. */
  builtIns: z.array(z.enum(['hand-over', 'hours', 'end'])).default([]),
  /** What it asks customers for. */
  leads: leadSettings,
  /** What a provider doesn't get to read. */
  masking: maskingSettings.prefault({}),
});

export type BotSettings = z.infer<typeof botSettings>;
