/** What a bot is set to: one JSON document per version, checked by this schema wherever it comes from. */
import { z } from 'zod';

export const botSettings = z.strictObject({
  /** Part of a version, so that a new name waits for its publication as everything else does. */
  name: z.string().trim().min(1).max(60).default('Assistant'),
  /** One or two characters or an emoji, drawn in a disc. */
  avatar: z.string().trim().max(8).default(''),
  greeting: z.string().trim().max(500).default(''),
  instructions: z.string().trim().max(20_000).default(''),
  tone: z.enum(['plain', 'warm', 'formal', 'playful']).default('plain'),
  /** 'customer' answers in the customer's language; else a BCP 47 tag. */
  language: z.string().trim().max(20).default('customer'),
  /** Null: the built-in provider `quote`. */
  providerKeyId: z.number().int().positive().nullable().default(null),
  model: z.string().trim().max(200).default(''),
  /** Null leaves it to the model; some models have none. */
  temperature: z.number().min(0).max(2).nullable().default(null),
  length: z.enum(['short', 'medium', 'long']).default('short'),
  fallback: z.string().trim().max(1000).default(''),
  starters: z.array(z.string().trim().min(1).max(120)).max(6).default([]),
  groundedOnly: z.boolean().default(true),
});

export type BotSettings = z.infer<typeof botSettings>;
