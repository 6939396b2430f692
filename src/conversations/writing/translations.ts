/** A message in another language: kept beside it, shown under it, and gone with it. */
import type { Workspace } from '../../workspace.ts';
import { touch } from '../conversation.ts';

export interface Translation {
  /** 'original': what a member had written, before it was translated and sent. */
  kind: 'translation' | 'original';
  language: string;
  text: string;
  run: { id: number; costMicros: number | null; currency: string | null } | null;
}

const OF = `
  SELECT t.message_id AS messageId, t.kind, t.language, t.text, t.run_id AS runId, r.cost_micros AS costMicros, r.currency
  FROM message_translations t LEFT JOIN runs r ON r.id = t.run_id
  WHERE t.message_id IN (SELECT value FROM json_each(?)) AND (t.language = ? OR t.kind = 'original')`;

type Row = Omit<Translation, 'run'> & { messageId: number; runId: number | null; costMicros: number | null; currency: string | null };

/** What stands under these messages for who reads `language`, by the message's id. */
export function translationsOf(ws: Workspace, messageIds: number[], language: string): ReadonlyMap<number, Translation> {
  const rows = ws.prepare(OF).all(JSON.stringify(messageIds), language) as Row[];
  return new Map(
    rows.map(({ messageId, kind, language, text, runId, costMicros, currency }) => [
      messageId,
      { kind, language, text, run: runId === null ? null : { id: runId, costMicros, currency } },
    ]),
  );
}

/** Translated before. */
export function isTranslated(ws: Workspace, messageId: number, language: string): boolean {
  return ws.prepare('SELECT 1 FROM message_translations WHERE message_id = ? AND language = ?').get(messageId, language) !== undefined;
}

interface NewTranslation {
  conversationId: number;
  messageId: number;
  language: string;
  /** The message's words when it was asked for: what was changed or taken back meanwhile has no translation. */
  of: string;
  text: string;
  /** Null where no model made it. */
  runId: number | null;
}

/** Inside a transaction. False where the message isn't the same any more. */
export function keepTranslation(ws: Workspace, { conversationId, messageId, language, of, text, runId }: NewTranslation): boolean {
  const kept = ws
    .prepare(
      `INSERT INTO message_translations (message_id, language, kind, text, run_id, made_at)
       SELECT id, ?, 'translation', ?, ?, ? FROM messages WHERE id = ? AND text = ? AND revoked_at IS NULL
       ON CONFLICT DO UPDATE SET text = excluded.text, run_id = excluded.run_id, made_at = excluded.made_at`,
    )
    .run(language, text, runId, ws.clock.now(), messageId, of).changes;
  if (kept === 0) return false;
  ws.prepare('UPDATE messages SET revision = ? WHERE id = ?').run(ws.nextRevision(), messageId);
  touch(ws, conversationId);
  return true;
}

/** What a member wrote, under what was sent of it. Inside the transaction that sends it. */
export function keepOriginal(ws: Workspace, { messageId, language, text }: { messageId: number; language: string; text: string }): void {
  ws.prepare("INSERT INTO message_translations (message_id, language, kind, text, made_at) VALUES (?, ?, 'original', ?, ?)").run(
    messageId,
    language,
    text,
    ws.clock.now(),
  );
}

/** The message says something else from now on, or nothing. Inside that transaction. */
export function forgetTranslations(ws: Workspace, messageId: number): void {
  ws.prepare('DELETE FROM message_translations WHERE message_id = ?').run(messageId);
}
