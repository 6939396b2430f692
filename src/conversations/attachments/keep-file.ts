import { LARGEST_ATTACHMENT } from '../../channels/index.ts';
import { sealFile } from '../../vault/sealed-file.ts';
import type { Workspace } from '../../workspace.ts';
import { attachmentsFolder, removeFile, type KeptFile } from './attachment.ts';
import { HEAD_BYTES, PROGRAM, typeOf } from './attachment-type.ts';

/** A file that isn't kept, whoever sent it. */
export class NotKept extends Error {
  readonly why: 'empty' | 'program';

  constructor(why: 'empty' | 'program') {
    super(`the file is ${why === 'empty' ? 'empty' : 'a program'}`);
    this.why = why;
  }
}

/**
 * Seals a file as it streams in, and tells what it is by its content. It is on the disk when this resolves; whoever calls
 * writes the row, or takes the file away again. Throws TooLarge above 20 MB, NotKept, NoRoom, and what the stream throws;
 * then nothing of it stays.
 */
export async function keepFile(ws: Workspace, content: AsyncIterable<Uint8Array>): Promise<KeptFile> {
  ws.installation.space.needForImport();
  let head = Buffer.alloc(0);
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, piece.subarray(0, HEAD_BYTES)]);
      yield piece;
    }
  }
  const file = await sealFile(attachmentsFolder(ws.folder), watched(), LARGEST_ATTACHMENT);
  const mime = typeOf(head);
  const why = file.bytes === 0 ? 'empty' : mime === PROGRAM ? 'program' : undefined;
  if (why === undefined) return { ...file, mime };
  removeFile(ws, file.name);
  throw new NotKept(why);
}
