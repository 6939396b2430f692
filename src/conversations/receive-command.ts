import type { ChannelEvent } from '../channels/index.ts';
import { chooseLanguage, textsIn } from '../lib/catalogue.ts';
import type { Workspace } from '../workspace.ts';
import { conversationFor } from './conversation.ts';
import { takeAwaySentence } from './hours/away.ts';
import { startersAsChoices } from './offer-choices.ts';
import type { OpenChannel } from './open-channel.ts';
import type { Received } from './receive-events.ts';
import { conversationOf } from './receive-message.ts';
import { sayAsBusiness } from './reply.ts';
import { askWhetherMeant } from './rights/take-right.ts';
import { markSeen } from './seen.ts';
import { storeEvent } from './store-message.ts';
import { handToPerson } from './want-person.ts';

type Command = Extract<ChannelEvent, { type: 'command' }>;

/** What a customer asks of the channel itself, by its own means: to begin, to reach a person, to be forgotten. */
export function receiveCommand(ws: Workspace, channel: OpenChannel, event: Command): Received {
  const hash = ws.hash('command', String(channel.id), event.thread, event.externalId);
  if (!markSeen(ws, hash)) return { outcome: 'duplicate' };
  const conversation = conversationOf(ws, channel, event);
  const own = chooseLanguage(businessLanguage(ws));
  const language = chooseLanguage(event.sender.language, own);
  const texts = textsIn(language);
  if (event.command === 'start') {
    if (event.payload !== undefined) storeEvent(ws, conversation.id, 'came-by', `The customer came by the link “${event.payload}”.`);
    const { greeting, starters, speaks } = beginningOf(ws, channel.botId);
    // The owner's own sentence is in the business's language; a customer who has another gets the catalogue's.
    const fits = language === own || speaks !== 'customer';
    sayAsBusiness(ws, conversation.id, (fits && greeting) || texts.greeting, { choices: startersAsChoices(starters, channel.kind.limits) });
  } else if (event.command === 'human') {
    if (handToPerson(ws, conversation, 'The customer asked for a person.'))
      sayAsBusiness(ws, conversation.id, takeAwaySentence(ws, conversation.id, language) ?? texts.personCalled);
  } else {
    const { identityId } = conversationFor(ws, conversation.id);
    askWhetherMeant(ws, { conversationId: conversation.id, identityId, language }, 'delete', language);
  }
  return { outcome: 'stored', conversationId: conversation.id };
}

function businessLanguage(ws: Workspace): string {
  return (ws.prepare('SELECT language FROM business WHERE id = 1').get() as { language: string }).language;
}

/** conversations and bots stand side by side in the order of rooms, so the greeting is read here, not through bots' door. */
function beginningOf(ws: Workspace, botId: number | null): { greeting: string; starters: string[]; speaks: string } {
  const row = ws
    .prepare(
      `SELECT v.settings ->> '$.greeting' AS greeting, v.settings -> '$.starters' AS starters, v.settings ->> '$.language' AS speaks
       FROM bots b JOIN bot_versions v ON v.id = b.published_version_id WHERE b.id = ?`,
    )
    .get(botId) as { greeting: string | null; starters: string | null; speaks: string | null } | undefined;
  return { greeting: row?.greeting ?? '', starters: JSON.parse(row?.starters ?? '[]') as string[], speaks: row?.speaks ?? 'customer' };
}
