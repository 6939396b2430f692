/** What a bot may do with our own hands: each is switched on in the bot's settings. */
import type { BotSettings } from '../../bots/index.ts';
import { hoursForModel } from '../../conversations/index.ts';
import type { JsonObject, Tool } from '../../providers/index.ts';
import type { Workspace } from '../../workspace.ts';

export type BuiltIn = BotSettings['builtIns'][number];

interface Told {
  tool: Tool;
  title: string;
}

const NOTHING: JsonObject = { type: 'object', properties: {}, required: [], additionalProperties: false };

const asking = (name: string, about: string): JsonObject => ({
  type: 'object',
  properties: { [name]: { type: 'string', description: about } },
  required: [name],
  additionalProperties: false,
});

export const BUILT_INS: Record<BuiltIn, Told> = {
  'hand-over': {
    title: 'Hand over to a person',
    tool: {
      name: 'hand_over',
      description: 'Gives the conversation to a person of the team, who answers from then on. For what you can’t or mustn’t settle.',
      parameters: asking('reason', 'For the team, in one sentence: what the customer wants, and what is known so far.'),
    },
  },
  hours: {
    title: 'Opening hours',
    tool: { name: 'opening_hours', description: 'When people of the business are there: today, this week, and next.', parameters: NOTHING },
  },
  end: {
    title: 'End the conversation',
    tool: {
      name: 'end_conversation',
      description: 'Marks the conversation as done, after your last words. Only when the customer has said that nothing is left.',
      parameters: NOTHING,
    },
  },
};

/** What the model reads of a built-in tool. What it does to the conversation is done where the answer ends. */
export function resultOf(ws: Workspace, id: BuiltIn): string {
  switch (id) {
    case 'hours':
      return JSON.stringify(hoursForModel(ws));
    case 'hand-over':
      return 'A person takes over.';
    case 'end':
      return 'The conversation ends once you have said goodbye. Say it now, in one sentence.';
  }
}
