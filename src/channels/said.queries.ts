/** What was said, for a channel that speaks of it once more. */
import type { Workspace } from '../workspace.ts';
import type { Choice, Quoted, SentWords } from './channel.ts';

/** Of what the business said, the first part: what one replies to is one bubble. */
const QUOTED = `
  SELECT CASE author WHEN 'customer' THEN external_id
      ELSE coalesce((SELECT external_id FROM deliveries WHERE message_id = messages.id AND external_id IS NOT NULL ORDER BY id LIMIT 1), external_id)
    END AS id,
    CASE author WHEN 'customer' THEN (SELECT external_id FROM identities WHERE id = messages.identity_id) END AS author,
    CASE author WHEN 'customer' THEN text
      ELSE coalesce((SELECT text FROM message_parts WHERE message_id = messages.id AND position = 0), text) END AS text
  FROM messages WHERE id = ? AND revoked_at IS NULL`;

/** The message as its channel knows it; null where the channel never heard of it, and for what was taken back. */
export function quotedMessage(ws: Workspace, messageId: number): Quoted | null {
  const found = ws.prepare(QUOTED).get(messageId) as { id: string | null; author: string | null; text: string } | undefined;
  return found?.id ? { ...found, id: found.id } : null;
}

const SENT = `
  SELECT text, detail ->> '$.choices' AS choices,
    CASE position WHEN 0 THEN (SELECT reply_to FROM messages WHERE id = message_id) END AS replyTo
  FROM message_parts WHERE attachment_id IS NULL
    AND id = (SELECT part_id FROM deliveries WHERE channel_id = (SELECT ?) AND reference = ?)`;

/** The words of a delivery as they were given to its channel; null for a file, and for what is gone. */
export function sentWords(ws: Workspace, channelId: number, reference: string): SentWords | null {
  const found = ws.prepare(SENT).get(channelId, reference) as
    { text: string | null; choices: string | null; replyTo: number | null } | undefined;
  if (typeof found?.text !== 'string') return null;
  const quoted = found.replyTo === null ? null : quotedMessage(ws, found.replyTo);
  const choices = found.choices === null ? [] : (JSON.parse(found.choices) as Choice[]);
  return { text: found.text, choices, ...(quoted ? { replyTo: quoted } : {}) };
}
