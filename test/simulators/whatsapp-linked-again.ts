/** The customer's file isn't in the store any more: the owner's phone, which has it, puts it there again, or says that it can't. */
import { randomBytes } from 'node:crypto';
import * as B from './whatsapp-linked-library.ts';
import { child, leaf } from './whatsapp-linked-nodes.ts';
import type { Words } from './whatsapp-linked-person.ts';
import type { MediaStore } from './whatsapp-linked-store.ts';

const NOT_THERE = '2';

/** What the phone answers to a device that asks for the file of a message. */
export function fileAgain(receipt: B.BinaryNode, words: Words | undefined, store: MediaStore): B.BinaryNode {
  const { id = '' } = receipt.attrs;
  const { mediaKey, directPath } = words?.imageMessage ?? {};
  const path = directPath ? store.restore(directPath) : null;
  const answer = {
    tag: 'notification',
    attrs: { type: 'mediaretry', id, from: 's.whatsapp.net', t: '1' },
    content: [child(receipt, 'rmr')],
  };
  if (path === null || !mediaKey) return { ...answer, content: [...answer.content, { tag: 'error', attrs: { code: NOT_THERE } }] };
  const told = B.proto.MediaRetryNotification.encode({
    stanzaId: id,
    directPath: path,
    result: B.proto.MediaRetryNotification.ResultType.SUCCESS,
  }).finish();
  const iv = randomBytes(12);
  const key = B.hkdf(Buffer.from(mediaKey), 32, { info: 'WhatsApp Media Retry Notification' });
  const locked = B.aesEncryptGCM(told, key, iv, Buffer.from(id));
  return { ...answer, content: [...answer.content, { tag: 'encrypt', attrs: {}, content: [leaf('enc_p', locked), leaf('enc_iv', iv)] }] };
}
