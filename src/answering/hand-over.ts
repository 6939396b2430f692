/** Whether a bot hands over by one of its own rules: why, for the team, and in which words to the customer. */
import { keywordIn, type BotSettings } from '../bots/index.ts';
import { awayNow } from '../conversations/index.ts';
import type { Passage } from '../knowledge/index.ts';
import { courtesyOf } from '../lib/courtesy.ts';
import type { Workspace } from '../workspace.ts';

export interface HandsOver {
  why: string;
  /** The owner's own sentence; '' takes the catalogue's. */
  says: string;
}

/** Before anything is searched. `conversation` is null in the playground, where there is no channel and no label. */
export function handsOverBefore(
  ws: Workspace,
  { handoff }: BotSettings,
  question: string,
  conversation: { id: number; channelId: number } | null,
): HandsOver | undefined {
  const { keywords, places, outsideHours } = handoff;
  const word = keywords.on ? keywordIn(question, keywords.words) : undefined;
  if (word !== undefined) return { why: `The customer wrote “${word}”.`, says: keywords.says };
  if (places.on && conversation && isPlace(ws, places, conversation))
    return { why: 'The bot hands over on this channel, or with this label.', says: places.says };
  if (outsideHours.on && awayNow(ws)) return { why: 'It is outside the opening hours.', says: outsideHours.says };
  return undefined;
}

/** Once it is known what fits. Greetings and thanks need no passage. */
export function isUnsure({ handoff: { unsure } }: BotSettings, question: string, [best]: readonly Passage[]): HandsOver | undefined {
  const score = best?.score ?? 0;
  if (!unsure.on || score >= unsure.below || courtesyOf(question) !== null) return undefined;
  return { why: `The bot was unsure: what fits best fits ${score.toFixed(2)}, and ${unsure.below} is asked for.`, says: unsure.says };
}

/** After one more failure than `before` in a row. */
export function handsOverAfter({ handoff: { failures } }: BotSettings, before: number): HandsOver | undefined {
  if (!failures.on || before + 1 < failures.after) return undefined;
  return { why: failures.after === 1 ? 'The bot didn’t help.' : `The bot didn’t help ${before + 1} times in a row.`, says: failures.says };
}

function isPlace(
  ws: Workspace,
  { channels, labels }: BotSettings['handoff']['places'],
  { id, channelId }: { id: number; channelId: number },
): boolean {
  if (channels.includes(channelId)) return true;
  if (labels.length === 0) return false;
  const worn = ws.prepare('SELECT label_id FROM conversation_labels WHERE conversation_id = ?').pluck().all(id) as number[];
  return worn.some((label) => labels.includes(label));
}

const LAST_ANSWERS = `
  SELECT m.rating = 'bad' OR (SELECT r.state FROM runs r WHERE r.id = m.run_id) = 'fell-back' AS failed
  FROM messages m
  WHERE m.conversation_id = ? AND m.author = 'bot' AND m.run_id IS NOT NULL AND NOT m.cut_off
    AND m.id > coalesce((SELECT max(e.id) FROM messages e WHERE e.conversation_id = m.conversation_id AND e.event IN ('took-over', 'handed-back')), 0)
  ORDER BY m.id DESC LIMIT 5`;

/** How many of the bot's latest answers failed, one after the other, since it has had the conversation. */
export function failuresInRow(ws: Workspace, conversationId: number): number {
  const failed = ws.prepare(LAST_ANSWERS).pluck().all(conversationId) as (number | null)[];
  const helped = failed.findIndex((each) => each !== 1);
  return helped === -1 ? failed.length : helped;
}
