/** A file that came or goes with a message: its row, and where it lies. */
import { join } from 'node:path';
import { Secret } from '../../lib/secret.ts';
import { removeSealedFile, type SealedFile } from '../../vault/sealed-file.ts';
import type { Workspace } from '../../workspace.ts';
import { touch } from '../conversation.ts';
import { readIfWanted } from './attachment-text.ts';

export interface Attachment {
  id: number;
  channelId: number;
  reference: string | null;
  name: string | null;
  mime: string | null;
  bytes: number | null;
  state: 'wanted' | 'kept' | 'failed' | 'refused';
  /** Why it isn't here. */
  says: string | null;
  path: string | null;
  keySealed: Buffer | null;
}

/** A file that is sealed and on the disk, with the type that its content shows. No row leads to it yet. */
export interface KeptFile extends SealedFile {
  mime: string;
}

export interface NamedFile {
  /** As its sender called it; says nothing of what it is. */
  name: string;
  file: KeptFile;
}

export function attachmentsFolder(workspaceFolder: string): string {
  return join(workspaceFolder, 'attachments');
}

export function attachmentById(ws: Workspace, id: number): Attachment | undefined {
  return ws
    .prepare(
      'SELECT id, channel_id AS channelId, reference, name, mime, bytes, state, says, path, key_sealed AS keySealed FROM attachments WHERE id = ?',
    )
    .get(id) as Attachment | undefined;
}

/** The row of a file that was given with a message. Inside its transaction. */
export function insertKept(ws: Workspace, channelId: number, { name, file }: NamedFile): number {
  const insert = ws.prepare("INSERT INTO attachments (channel_id, name, state, created_at) VALUES (?, ?, 'kept', ?)");
  const id = Number(insert.run(channelId, name, ws.clock.now()).lastInsertRowid);
  markKept(ws, id, file);
  return id;
}

/** From here on the row leads to the file. Inside a transaction. */
export function markKept(ws: Workspace, id: number, file: KeptFile): void {
  const key = ws.seal(keyPlace(id), new Secret(Buffer.from(file.key).toString('base64')));
  ws.prepare("UPDATE attachments SET state = 'kept', says = NULL, mime = ?, bytes = ?, path = ?, key_sealed = ? WHERE id = ?").run(
    file.mime,
    file.bytes,
    file.name,
    key,
    id,
  );
}

export function keyOf(ws: Workspace, id: number, sealed: Buffer): Uint8Array {
  return Buffer.from(ws.open(keyPlace(id), sealed).reveal(), 'base64');
}

function keyPlace(row: number): { table: string; column: string; row: number } {
  return { table: 'attachments', column: 'key_sealed', row };
}

/** Takes away a file that no row leads to, or none any more. */
export function removeFile(ws: Workspace, name: string): void {
  removeSealedFile(attachmentsFolder(ws.folder), name);
}

/** Pages that show its message draw it anew, and a bot that waits for it looks again. Inside a transaction. */
export function attachmentChanged(ws: Workspace, id: number): void {
  readIfWanted(ws, id);
  const messages = ws
    .prepare(
      `SELECT id, conversation_id AS conversationId FROM messages
       WHERE id IN (SELECT message_id FROM message_parts WHERE attachment_id IS NOT NULL AND attachment_id = (SELECT ?))`,
    )
    .all(id) as { id: number; conversationId: number }[];
  for (const message of messages) {
    ws.prepare('UPDATE messages SET revision = ? WHERE id = ?').run(ws.nextRevision(), message.id);
    touch(ws, message.conversationId);
  }
}
