/**
 * A bot as a file, to be carried to another workspace or kept beside the website's code. It names what it needs and holds
 * none of it: no key and no secret, and knowledge, channels and labels by their names alone, since numbers mean nothing elsewhere.
 */
import { z } from 'zod';
import { handoffSettings, most } from './handoff-settings.ts';
import { leadShape, mostLeads } from './lead-settings.ts';
import { botSettings, longest } from './settings.ts';
import { most as mostOfTests, writtenTest } from './tests/wants.ts';

export const FORMAT = 'deskbell-bot';
/** Rises when a file of today could no longer be read by the release before. */
export const SCHEMA = 1;
export const LARGEST_BOT_FILE = 1024 * 1024;

const name = z.string().max(500);
const namedModel = z.strictObject({ provider: name, key: name, model: z.string().max(longest.model) });
const { places } = handoffSettings.shape;
const names = z.array(name).max(most.places).default([]);

const shape = z.strictObject({
  format: z.literal(FORMAT),
  schema: z.literal(SCHEMA),
  bot: botSettings.omit({ providerKeyId: true, model: true, backups: true, handoff: true, tools: true, leads: true }).extend({
    /** Null: no AI, it quotes the knowledge. */
    model: namedModel.nullable(),
    backups: z.array(namedModel).max(2).default([]),
    /** By their names: what they do and their secrets stay where they are. */
    tools: z.array(name).max(longest.tools).default([]),
    /** Fields of one's own by their names; what every contact has as it is called here. */
    leads: z
      .array(leadShape.extend({ field: name }))
      .max(mostLeads.leads)
      .default([]),
    handoff: handoffSettings
      .omit({ places: true })
      .extend({ places: places.unwrap().omit({ channels: true, labels: true }).extend({ channels: names, labels: names }).prefault({}) })
      .prefault({}),
  }),
  /** What the workspace knew: sources by kind and title. */
  knowledge: z
    .array(z.strictObject({ kind: name, title: z.string().max(1000) }))
    .max(5000)
    .default([]),
  tests: z.array(writtenTest).max(mostOfTests.tests).default([]),
});

export type BotFile = z.output<typeof shape>;
export type NamedModel = z.output<typeof namedModel>;
export type ReadFile = { ok: true; file: BotFile } | { ok: false; says: string };

const opened = z.object({ format: z.literal(FORMAT), schema: z.number().int() });

/** Reads a file's text. What is wrong is said in plain words with the place in the file. Never throws. */
export function readBotFile(text: string): ReadFile {
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return { ok: false, says: 'This file isn’t whole: it can’t be read as JSON. Download it again and choose the new one.' };
  }
  const head = opened.safeParse(content);
  if (!head.success) return { ok: false, says: 'This is no file of a bot. Choose one that was downloaded from a bot’s page.' };
  if (head.data.schema > SCHEMA)
    return { ok: false, says: 'This file comes from a newer release of Deskbell. Update this server, then import it again.' };
  const read = shape.safeParse(content);
  if (read.success) return { ok: true, file: read.data };
  const [issue] = read.error.issues;
  const place = issue?.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : (issue?.path ?? []);
  return { ok: false, says: `The file doesn’t fit at “${place.join('.').slice(0, 200)}”. Mend that place, or download the bot again.` };
}
