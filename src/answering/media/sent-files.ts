/** The files that customers sent with their messages, and what is known of each. */
import { shownAs, type AttachmentText } from '../../conversations/index.ts';
import type { Workspace } from '../../workspace.ts';

export interface SentFile {
  messageId: number;
  part: 'image' | 'audio' | 'video' | 'file' | 'unknown';
  /** Null where its channel gave no file. */
  attachmentId: number | null;
  name: string | null;
  mime: string | null;
  bytes: number | null;
  state: 'wanted' | 'kept' | 'failed' | 'refused' | null;
  /** Why the file isn't here. */
  fileSays: string | null;
  /** What was understood of it so far. */
  understood: AttachmentText['state'] | null;
  text: string | null;
  says: string | null;
  wantedAt: number | null;
}

/** In the order in which they were sent. */
export function sentFiles(ws: Workspace, messageIds: readonly number[]): SentFile[] {
  return ws
    .prepare(
      `SELECT p.message_id AS messageId, p.kind AS part, a.id AS attachmentId, a.name, a.mime, a.bytes, a.state, a.says AS fileSays,
         t.state AS understood, t.text, t.says, t.wanted_at AS wantedAt
       FROM json_each(?) m JOIN message_parts p ON p.message_id = m.value
       LEFT JOIN attachments a ON a.id = p.attachment_id LEFT JOIN attachment_texts t ON t.attachment_id = a.id
       WHERE p.kind IN ('image', 'audio', 'video', 'file', 'unknown') ORDER BY p.message_id, p.position`,
    )
    .all(JSON.stringify(messageIds)) as SentFile[];
}

/** What a file is taken for: by what its content shows, and by what its channel calls it until it is here. Null: nothing a bot opens. */
export function kindOf({ part, mime }: Pick<SentFile, 'part' | 'mime'>): AttachmentText['kind'] | null {
  if (part === 'video' || part === 'unknown') return null;
  const shown = shownAs(mime);
  if (part === 'audio' || shown === 'audio') return 'voice';
  if (part === 'image' || shown === 'image') return 'picture';
  return shown === 'video' ? null : 'document';
}
