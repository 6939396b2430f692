/** What a bot may call, as the editor's form sends and shows it. */
import { z } from 'zod';
import { listTools } from '../tools/index.ts';
import type { Workspace } from '../workspace.ts';
import { BUILT_IN_WORDS } from './differences.ts';
import { longest, type BotSettings } from './settings.ts';

const CHOOSE = { error: 'Choose of those offered.' };
const id = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, CHOOSE)
  .transform(Number);
const builtIn = z.enum(['hand-over', 'hours', 'end'], CHOOSE);

/** Ticked boxes of one name: none, one, or several. */
export const toolsForm = z.strictObject({
  part: z.literal('tools'),
  tools: z
    .union([z.array(id), id.transform((one) => [one])], CHOOSE)
    .default([])
    .refine((ids) => ids.length <= longest.tools, { error: `${longest.tools} tools at most.` }),
  builtIns: z.union([z.array(builtIn), builtIn.transform((one) => [one])], CHOOSE).default([]),
});

export function toolsChanges({ tools, builtIns }: z.output<typeof toolsForm>): Partial<BotSettings> {
  return { tools, builtIns };
}

/** What the form offers; ticked as it is kept. */
export function toolChoices(ws: Workspace, { tools, builtIns, providerKeyId }: BotSettings): object {
  return {
    keyless: providerKeyId === null,
    builtInChoices: builtIn.options.map((value) => ({ value, label: BUILT_IN_WORDS[value], checked: builtIns.includes(value) })),
    toolChoices: listTools(ws).map(({ id: value, title, changes, service }) => ({
      value,
      label: title,
      hint: `Asks ${service}. ${changes ? 'Each call waits for a person.' : 'It only looks.'}`,
      checked: tools.includes(value),
    })),
  };
}
