/** What the Cloud API takes as a message to a customer, and what it says of anything else. */
import { newId, type Json } from './meta-webhooks.ts';

export interface SentOut {
  id: string;
  /** A number, or a user id. */
  to: string;
  text: string;
  reference: string;
  template?: { name: string; language: string; values: string[] };
  /** The answers it offers, and what opens their list. */
  choices?: { id: string; title: string }[];
  opener?: string;
  /** The message it replies to. */
  replyTo?: string;
  file?: Upload & { as: string };
}

export interface Upload {
  mime: string;
  name: string;
  content: Buffer;
}

const MEDIA = ['image', 'audio', 'video', 'document'] as const;
/** Bytes; a document may have 100 MB. */
const LARGEST = { image: 5 << 20, audio: 16 << 20, video: 16 << 20, document: 100 << 20 };
const MIMES = { image: /^image\/(jpeg|png)$/, audio: /^audio\/(aac|amr|mpeg|mp4|ogg)$/, video: /^video\/(mp4|3gpp)$/, document: /./ };

/** What Graph answers instead of a result. */
export class GraphRefusal extends Error {
  readonly code: number;
  readonly status: number;
  readonly subcode: number | undefined;
  constructor(code: number, message: string, status = 400, subcode?: number) {
    super(message);
    this.code = code;
    this.status = status;
    this.subcode = subcode;
  }
}

export function needs(holds: boolean, what: string): void {
  if (!holds) throw new GraphRefusal(100, `(#100) Invalid parameter: ${what}`);
}

/** No field that Meta doesn't know. */
export function only(object: Json, where: string, ...fields: string[]): void {
  for (const field of Object.keys(object)) needs(fields.includes(field), `${where} has no ${field}`);
}

export function objectIn(holder: Json, field: string): Json {
  const value = holder[field];
  needs(typeof value === 'object' && value !== null && !Array.isArray(value), field);
  return value as Json;
}

/** Throws GraphRefusal. */
export function checkSend(body: Json, templates: Json[], uploads: Map<string, Upload>): SentOut {
  only(
    body,
    'message',
    'messaging_product',
    'recipient_type',
    'to',
    'recipient',
    'biz_opaque_callback_data',
    'type',
    'text',
    'template',
    'interactive',
    'context',
    ...MEDIA,
  );
  needs(body['messaging_product'] === 'whatsapp', 'messaging_product');
  needs(body['recipient_type'] === 'individual', 'recipient_type');
  const to = body['to'] ?? body['recipient'];
  if (typeof to !== 'string' || to === '') throw new GraphRefusal(100, 'The parameter to is required');
  needs(body['to'] === undefined || /^\d{5,17}$/.test(to), 'to');
  const reference = body['biz_opaque_callback_data'];
  if (typeof reference !== 'string' || reference.length > 512) throw new GraphRefusal(100, 'biz_opaque_callback_data');
  const about = { id: newId(), to, reference, ...replyIn(body) };
  if (body['type'] === 'template') return { ...about, ...checkTemplate(objectIn(body, 'template'), templates) };
  const media = MEDIA.find((type) => type === body['type']);
  if (media) return { ...about, ...checkMedia(media, objectIn(body, media), uploads) };
  if (body['type'] === 'interactive') return { ...about, ...checkInteractive(objectIn(body, 'interactive')) };
  if (body['type'] !== 'text') throw new GraphRefusal(131051, 'Message type unknown');
  const text = objectIn(body, 'text');
  only(text, 'text', 'body', 'preview_url');
  const said = text['body'];
  if (typeof said !== 'string' || said.trim() === '') throw new GraphRefusal(100, "The parameter text['body'] is required.");
  needs(said.length <= 4096, "text['body'] must be at most 4096 characters long");
  return { ...about, text: said };
}

/** What a message was reacted with; '' takes it back. */
export function reactionIn(body: Json): { to: string; messageId: string; emoji: string } {
  only(body, 'message', 'messaging_product', 'recipient_type', 'to', 'recipient', 'type', 'reaction');
  const reaction = objectIn(body, 'reaction');
  only(reaction, 'reaction', 'message_id', 'emoji');
  const { emoji } = reaction;
  if (typeof emoji !== 'string') throw new GraphRefusal(100, '(#100) Invalid parameter: emoji');
  needs(emoji === '' || /^\p{RGI_Emoji}$/v.test(emoji), 'one emoji');
  return { to: textIn(body, body['to'] === undefined ? 'recipient' : 'to', 50), messageId: textIn(reaction, 'message_id', 500), emoji };
}

function replyIn(body: Json): { replyTo?: string } {
  if (body['context'] === undefined) return {};
  const context = objectIn(body, 'context');
  only(context, 'context', 'message_id');
  return { replyTo: textIn(context, 'message_id', 500) };
}

/** `value` is a text of 1 to `atMost` characters. */
export function textIn(object: Json, field: string, atMost: number): string {
  const value = object[field];
  if (typeof value !== 'string') throw new GraphRefusal(100, `(#100) Invalid parameter: ${field}`);
  needs(value.trim() !== '' && value.length <= atMost, field);
  return value;
}

function checkInteractive(interactive: Json): Pick<SentOut, 'text' | 'choices' | 'opener'> {
  only(interactive, 'interactive', 'type', 'body', 'action');
  const text = textIn(objectIn(interactive, 'body'), 'text', 1024);
  const action = objectIn(interactive, 'action');
  const ofButtons = interactive['type'] === 'button';
  needs(ofButtons || interactive['type'] === 'list', 'interactive type');
  only(action, 'action', ...(ofButtons ? ['buttons'] : ['button', 'sections']));
  const rows = ofButtons
    ? (action['buttons'] as Json[]).map((button) => objectIn(button, 'reply'))
    : (action['sections'] as Json[]).flatMap((section) => section['rows'] as Json[]);
  for (const row of rows) only(row, 'a choice', 'id', 'title');
  const choices = rows.map((row) => ({ id: textIn(row, 'id', ofButtons ? 256 : 200), title: textIn(row, 'title', ofButtons ? 20 : 24) }));
  needs(choices.length >= 1 && choices.length <= (ofButtons ? 3 : 10), 'as many choices as there may be');
  needs(new Set(choices.map(({ id }) => id)).size === choices.length, 'ids that differ');
  needs(!ofButtons || new Set(choices.map(({ title }) => title)).size === choices.length, 'titles that differ');
  return { text, choices, ...(ofButtons ? {} : { opener: textIn(action, 'button', 20) }) };
}

function checkTemplate(template: Json, templates: Json[]): Pick<SentOut, 'text' | 'template'> {
  only(template, 'template', 'name', 'language', 'components');
  const language = objectIn(template, 'language')['code'];
  const known = templates.find((one) => one['name'] === template['name'] && one['language'] === language);
  if (known?.['status'] !== 'APPROVED') throw new GraphRefusal(132001, 'Template name does not exist in the translation', 404);
  const components = template['components'] as { type: string; parameters: { type: string; text: string }[] }[];
  const values = components.flatMap(({ parameters }) => parameters.map(({ text }) => text));
  const wanted = (known['components'] as Json[])
    .map((component) => new Set(JSON.stringify(component).match(/\{\{\w+\}\}/g)).size)
    .reduce((sum, each) => sum + each, 0);
  if (values.length !== wanted) throw new GraphRefusal(132000, 'Number of parameters does not match');
  needs(
    values.every((value) => value !== '' && !/\n|\t| {5}/.test(value)),
    'a parameter is empty or has lines',
  );
  return { text: '', template: { name: String(template['name']), language: String(language), values } };
}

function checkMedia(as: (typeof MEDIA)[number], media: Json, uploads: Map<string, Upload>): Pick<SentOut, 'text' | 'file'> {
  only(media, as, 'id', ...(as === 'audio' ? [] : ['caption']), ...(as === 'document' ? ['filename'] : []));
  const upload = uploads.get(String(media['id']));
  if (!upload) throw new GraphRefusal(131009, 'Media not found');
  if (!MIMES[as].test(upload.mime) || upload.content.length > LARGEST[as]) throw new GraphRefusal(131053, 'Media upload error');
  const { caption = '' } = media;
  needs(typeof caption === 'string' && caption.length <= 1024, 'caption');
  return { text: String(caption), file: { ...upload, as } };
}
