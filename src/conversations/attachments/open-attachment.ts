import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DeliveryError, type OutFile } from '../../channels/index.ts';
import { openSealedFile, readSealedFile } from '../../vault/sealed-file.ts';
import type { ServedFile } from '../../web/serve-file.ts';
import type { Workspace } from '../../workspace.ts';
import { attachmentById, attachmentsFolder, keyOf } from './attachment.ts';
import { shownAs } from './attachment-type.ts';

const GONE = 'The file is no longer here.';

/** A kept file, to be handed out; undefined when there is none. `save`: also what could be shown is to be saved. */
export function openAttachment(ws: Workspace, id: number, { save }: { save: boolean }): ServedFile | undefined {
  const found = keptFile(ws, id);
  if (!found) return undefined;
  const { path, key, name, mime, bytes } = found;
  return { name, mime, bytes, shown: !save && shownAs(mime) !== 'file', read: () => readSealedFile(path, key) };
}

/** The same as a channel sends it. Throws DeliveryError when it is gone. */
export function fileToSend(ws: Workspace, id: number): OutFile {
  const found = keptFile(ws, id);
  if (!found) throw new DeliveryError({ outcome: 'not-sent', permanent: true, says: GONE });
  const { path, key, name, mime, bytes } = found;
  return { name, mime, bytes, read: () => openSealedFile(path, key) };
}

/** Where a kept file lies, and what opens it; undefined when there is none. */
export function sealedAttachment(ws: Workspace, id: number): { path: string; key: Uint8Array } | undefined {
  const found = keptFile(ws, id);
  return found && { path: found.path, key: found.key };
}

/** Whether an attachment belongs to a conversation of this identity. */
export function isAttachmentOf(ws: Workspace, identityId: number, id: number): boolean {
  const found = ws
    .prepare(
      `SELECT 1 FROM conversations WHERE identity_id = (SELECT ?) AND id IN (
         SELECT conversation_id FROM messages WHERE revoked_at IS NULL AND author IN ('customer', 'bot', 'person') AND id IN (
           SELECT message_id FROM message_parts WHERE attachment_id IS NOT NULL AND attachment_id = (SELECT ?)))`,
    )
    .get(identityId, id);
  return found !== undefined;
}

function keptFile(ws: Workspace, id: number) {
  const row = attachmentById(ws, id);
  if (row?.state !== 'kept' || row.path === null || row.keySealed === null) return undefined;
  const path = join(attachmentsFolder(ws.folder), row.path);
  if (!existsSync(path)) return undefined;
  const { name, mime, bytes } = row;
  return { path, key: keyOf(ws, id, row.keySealed), name: name ?? 'file', mime: mime ?? 'application/octet-stream', bytes: bytes ?? 0 };
}
