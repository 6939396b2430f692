import { spanText } from '../../web/formats.ts';
import type { Workspace } from '../../workspace.ts';
import type { Conversation } from '../conversation.ts';
import type { OpenChannel } from '../open-channel.ts';
import { wantPerson } from '../want-person.ts';
import { waitingTimesOf, YOUNGEST_TOO_OLD_MS } from './waiting-times.ts';

/**
 * What comes long after it was said, since the server or the channel was away, is no bot's to answer: a person is called, and
 * decides. The channel's own time window, after which no bot may answer, is such an age too. A younger message of the same
 * customer the bot answers as ever; it reads the old one as talk, and answers that only when it is handed back.
 */
export function leftToPerson(
  ws: Workspace,
  { kind }: OpenChannel,
  conversation: Pick<Conversation, 'id'>,
  { saidAt, messageId }: { saidAt: number; messageId: number },
): boolean {
  const age = ws.clock.now() - saidAt;
  const windowMs = kind.limits.windowMs ?? Infinity;
  // The common case reads no setting.
  if (age < Math.min(YOUNGEST_TOO_OLD_MS, windowMs)) return false;
  const { tooOldMs } = waitingTimesOf(ws);
  if (age < Math.min(tooOldMs, windowMs)) return false;
  ws.prepare('UPDATE messages SET too_old = 1 WHERE id = ?').run(messageId);
  const shut = age >= windowMs ? `, longer than ${kind.name} lets a bot answer` : '';
  wantPerson(ws, conversation, `A message came ${spanText(age)} after it was written${shut}: too old for the bot.`);
  return true;
}
