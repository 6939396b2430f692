/** What the Send API takes as a message to a customer, and what it says of anything else. */
import { GraphRefusal, needs, objectIn, only, textIn, type Upload } from './meta-sends.ts';
import { newMid } from './meta-messaging-webhooks.ts';
import type { Json } from './meta-webhooks.ts';

export interface Messaging {
  mid: string;
  to: string;
  text: string;
  /** Our reference, where the product hands one back. */
  metadata: string | undefined;
  tagged: boolean;
  choices: { id: string; title: string }[];
  file?: Upload & { as: string };
}

export interface Rules {
  textTooLong: (text: string) => boolean;
  metadata: boolean;
  files: Record<string, { mimes: RegExp; largest: number }>;
  asciiNames: boolean;
}

const MB = 1 << 20;
const ANY = { mimes: /./, largest: 25 * MB };

export const RULES: Record<'messenger' | 'instagram', Rules> = {
  messenger: {
    textTooLong: (text) => text.length > 2000,
    metadata: true,
    files: {
      image: { mimes: /^image\//, largest: 25 * MB },
      audio: { mimes: /^audio\//, largest: 25 * MB },
      video: { mimes: /^video\//, largest: 25 * MB },
      file: ANY,
    },
    asciiNames: false,
  },
  instagram: {
    textTooLong: (text) => Buffer.byteLength(text) > 1000,
    metadata: false,
    files: {
      image: { mimes: /^image\/(png|jpeg|gif)$/, largest: 8 * MB },
      audio: { mimes: /^audio\/(aac|mp4|wav)$/, largest: 25 * MB },
      video: { mimes: /^video\/(mp4|ogg|quicktime|webm)$/, largest: 25 * MB },
      file: { mimes: /^application\/pdf$/, largest: 25 * MB },
    },
    asciiNames: true,
  },
};

/** Throws GraphRefusal. */
export function checkMessage(body: Json, rules: Rules, uploads: Map<string, Upload & { as: string }>): Messaging {
  only(body, 'request', 'recipient', 'messaging_type', 'tag', 'message');
  const to = textIn(objectIn(body, 'recipient'), 'id', 100);
  const tagged = body['messaging_type'] === 'MESSAGE_TAG';
  needs(tagged || body['messaging_type'] === 'RESPONSE', 'messaging_type');
  // The other tags were taken away in April 2026.
  needs(tagged ? body['tag'] === 'HUMAN_AGENT' : body['tag'] === undefined, 'tag');
  const message = objectIn(body, 'message');
  only(message, 'message', 'text', 'attachment', 'quick_replies', ...(rules.metadata ? ['metadata'] : []));
  needs((message['text'] === undefined) !== (message['attachment'] === undefined), 'either a text or an attachment');
  const { metadata } = message;
  needs(metadata === undefined || (typeof metadata === 'string' && metadata.length <= 1000), 'metadata');
  const about = { mid: newMid(), to, tagged, metadata: metadata as string | undefined, choices: choicesIn(message) };
  if (message['attachment'] !== undefined) return { ...about, text: '', file: fileIn(objectIn(message, 'attachment'), uploads) };
  const text = textIn(message, 'text', 100_000);
  if (rules.textTooLong(text)) throw new GraphRefusal(100, '(#100) Length of param message[text] is too long');
  return { ...about, text };
}

function choicesIn(message: Json): Messaging['choices'] {
  const replies = (message['quick_replies'] ?? []) as Json[];
  needs(Array.isArray(replies) && replies.length <= 13, 'at most 13 quick_replies');
  return replies.map((reply) => {
    only(reply, 'a quick reply', 'content_type', 'title', 'payload');
    needs(reply['content_type'] === 'text', 'content_type');
    return { id: textIn(reply, 'payload', 1000), title: textIn(reply, 'title', 20) };
  });
}

function fileIn(attachment: Json, uploads: Map<string, Upload & { as: string }>): Upload & { as: string } {
  only(attachment, 'attachment', 'type', 'payload');
  const payload = objectIn(attachment, 'payload');
  only(payload, 'payload', 'attachment_id');
  const upload = uploads.get(textIn(payload, 'attachment_id', 100));
  if (!upload || upload.as !== attachment['type']) throw new GraphRefusal(100, '(#100) Invalid attachment_id', 400, 2018074);
  return upload;
}

/** A file that is handed over before it is sent. Throws GraphRefusal. */
export async function checkUpload(form: FormData, rules: Rules, platform: string | null): Promise<Upload & { as: string }> {
  needs(form.get('platform') === platform, 'platform');
  const message = JSON.parse(String(form.get('message'))) as Json;
  const attachment = objectIn(message, 'attachment');
  only(attachment, 'attachment', 'type', 'payload');
  needs(objectIn(attachment, 'payload')['is_reusable'] === true, 'is_reusable');
  const as = String(attachment['type']);
  const file = form.get('filedata');
  if (!(file instanceof File)) throw new GraphRefusal(100, 'The parameter filedata is required.');
  const rule = rules.files[as];
  needs(rule !== undefined, 'type');
  if (!rule?.mimes.test(file.type)) throw new GraphRefusal(100, '(#100) Upload attachment failure.', 400, 2018047);
  if (file.size > rule.largest) throw new GraphRefusal(100, '(#100) Attachment size exceeds allowable limit', 400, 2018109);
  needs(!rules.asciiNames || /^[\x20-\x7e]+$/.test(file.name), 'a name of plain letters');
  return { as, mime: file.type, name: file.name, content: Buffer.from(await file.arrayBuffer()) };
}
