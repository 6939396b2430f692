/** Files go with their messages. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cancelJob } from '../../jobs/enqueue.ts';
import type { Workspace } from '../../workspace.ts';
import { attachmentsFolder, removeFile } from './attachment.ts';
import { READ_ATTACHMENT } from './attachment-text.ts';

const OF_MESSAGE = 'SELECT attachment_id FROM message_parts WHERE message_id = (SELECT ?) AND attachment_id IS NOT NULL';
const OF_CONVERSATION = `
  SELECT attachment_id FROM message_parts
  WHERE attachment_id IS NOT NULL AND message_id IN (SELECT id FROM messages WHERE conversation_id = (SELECT ?))`;
/** A file that is being given has no row yet. */
const UNDER_WAY_MS = 24 * 3600_000;

interface Dropped {
  id: number;
  path: string | null;
}

/** The customer took a message back: its files are gone, the row says so. Inside that transaction. */
export function dropFilesOf(ws: Workspace, messageId: number): void {
  const dropped = filesOf(ws, OF_MESSAGE, messageId);
  const drop = ws.prepare(
    "UPDATE attachments SET state = 'refused', says = 'Taken back by the customer.', reference = NULL, name = NULL, path = NULL, key_sealed = NULL WHERE id = ?",
  );
  for (const { id } of dropped) {
    drop.run(id);
    ws.prepare('DELETE FROM attachment_texts WHERE attachment_id = ?').run(id);
  }
  removeAfterwards(ws, dropped);
}

/** Before a conversation's messages are purged: their files with all that is known of them. Inside the purge's transaction. */
export function forgetAttachments(ws: Workspace, conversationId: number): void {
  forget(ws, filesOf(ws, OF_CONVERSATION, conversationId));
}

/** Another file stands in its place. Inside that transaction. */
export function forgetAttachment(ws: Workspace, id: number): void {
  forget(ws, filesOf(ws, 'SELECT ?', id));
}

function forget(ws: Workspace, dropped: Dropped[]): void {
  for (const { id } of dropped) {
    ws.prepare('UPDATE message_parts SET attachment_id = NULL WHERE attachment_id IS NOT NULL AND attachment_id = (SELECT ?)').run(id);
    ws.prepare('DELETE FROM attachments WHERE id = ?').run(id);
  }
  removeAfterwards(ws, dropped);
}

function filesOf(ws: Workspace, ids: string, of: number): Dropped[] {
  return ws.prepare(`SELECT id, path FROM attachments WHERE id IN (${ids})`).all(of) as Dropped[];
}

/** The key goes with the transaction, so that the file is worth nothing from then on; a kill before its end leaves it to the night. */
function removeAfterwards(ws: Workspace, dropped: Dropped[]): void {
  for (const { id } of dropped) {
    cancelJob(ws, 'fetch-attachment', String(id));
    cancelJob(ws, READ_ATTACHMENT, String(id));
  }
  ws.afterCommit(() => {
    for (const { path } of dropped) if (path !== null) removeFile(ws, path);
  });
}

/** At night: files that no row leads to, left by a kill. Nothing can open them. */
export function sweepAttachments(ws: Workspace): void {
  const folder = attachmentsFolder(ws.folder);
  if (!existsSync(folder)) return;
  const known = new Set(ws.prepare('SELECT path FROM attachments WHERE path IS NOT NULL').pluck().all());
  for (const name of readdirSync(folder))
    if (!known.has(name) && statSync(join(folder, name)).mtimeMs < ws.clock.now() - UNDER_WAY_MS) removeFile(ws, name);
}
