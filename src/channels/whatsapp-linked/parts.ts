/** What a message consists of, out of the envelopes that WhatsApp puts around it. */
import type { InPart, PartKind } from '../channel.ts';
import { referenceOfMedia, type MediaKind } from './media.ts';
import { content, type Content, type MediaShape, type Said } from './shapes.ts';

/** Messages within messages: they vanish, are seen once, carry a caption, or were changed. */
const ENVELOPES = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'deviceSentMessage',
  'lottieStickerMessage',
  'groupMentionedMessage',
];
const DEEPEST = 6;
/** What only keeps devices in step with each other, and was said by nobody. */
const UNSAID = new Set(['messageContextInfo', 'senderKeyDistributionMessage', 'fastRatchetKeySenderKeyDistributionMessage']);

/** The innermost message; null for a shape that is none. */
export function contentOf(message: unknown): Content | null {
  let inner = message;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const outer: object | null = typeof inner === 'object' ? inner : null;
    const next = ENVELOPES.map((name) => fieldOf(fieldOf(outer, name), 'message')).find((each) => each !== undefined);
    if (next === undefined) break;
    inner = next;
  }
  return content.safeParse(inner).data ?? null;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** Whether anybody said anything with it. */
export function isSaid(message: Content): boolean {
  return kindsOf(message).some((name) => !UNSAID.has(name));
}

function kindsOf(message: Content): string[] {
  return Object.entries(message).flatMap(([name, value]) => (value === undefined || value === null ? [] : [name]));
}

/** Its parts; what can't be read is one part that says so, so that a person sees that something came. */
export function partsOf(message: Content, key: Said['key']): InPart[] {
  return (
    textPart(message) ??
    answerPart(message) ??
    filePart(message, key) ??
    placePart(message) ??
    contactParts(message) ??
    orderPart(message) ?? [unreadable(message)]
  );
}

function textPart({ conversation, extendedTextMessage }: Content): InPart[] | null {
  const text = conversation ?? extendedTextMessage?.text;
  return text === undefined ? null : [{ kind: 'text', text }];
}

function answerPart({ buttonsResponseMessage, templateButtonReplyMessage, listResponseMessage }: Content): InPart[] | null {
  if (buttonsResponseMessage) return [chosen(buttonsResponseMessage.selectedDisplayText, buttonsResponseMessage.selectedButtonId)];
  if (templateButtonReplyMessage) return [chosen(templateButtonReplyMessage.selectedDisplayText, templateButtonReplyMessage.selectedId)];
  if (!listResponseMessage) return null;
  const { title, description, singleSelectReply } = listResponseMessage;
  return [chosen([title, description].filter(Boolean).join('\n'), singleSelectReply?.selectedRowId)];
}

function chosen(text: string | undefined, choice: string | undefined): InPart {
  return { kind: 'text', text: text ?? choice ?? '', ...(choice === undefined ? {} : { detail: { choice } }) };
}

const FILES: [string, PartKind, MediaKind][] = [
  ['imageMessage', 'image', 'image'],
  ['videoMessage', 'video', 'video'],
  ['ptvMessage', 'video', 'video'],
  ['audioMessage', 'audio', 'audio'],
  ['documentMessage', 'file', 'document'],
  ['stickerMessage', 'sticker', 'sticker'],
];

function filePart(message: Content, key: Said['key']): InPart[] | null {
  for (const [name, kind, media] of FILES) {
    const file = message[name] as MediaShape | undefined;
    if (file) return [fileOf(file, kind, media, key)];
  }
  return null;
}

function fileOf(file: MediaShape, kind: PartKind, media: MediaKind, key: Said['key']): InPart {
  const reference = referenceOfMedia(media, file, key);
  const part: InPart = { kind };
  if (file.caption) part.text = file.caption;
  if (file.ptt === true) part.detail = { voice: true };
  // Seen once, it isn't handed to other devices than the phone: there is nothing to fetch.
  if (reference === null) return part;
  part.file = {
    reference,
    ...(file.fileName ? { name: file.fileName } : {}),
    ...(file.mimetype ? { mime: file.mimetype } : {}),
    ...(file.fileLength === undefined ? {} : { bytes: file.fileLength }),
  };
  return part;
}

function placePart({ locationMessage, liveLocationMessage }: Content): InPart[] | null {
  const place = locationMessage ?? liveLocationMessage;
  if (!place) return null;
  const { degreesLatitude: latitude, degreesLongitude: longitude, name, address } = place;
  const text = [name, address].filter(Boolean).join(', ');
  return [{ kind: 'location', detail: { latitude, longitude }, ...(text ? { text } : {}) }];
}

function contactParts({ contactMessage, contactsArrayMessage }: Content): InPart[] | null {
  const cards = contactMessage ? [contactMessage] : (contactsArrayMessage?.contacts ?? []);
  if (cards.length === 0) return null;
  return cards.map(({ displayName: name = '', vcard = '' }) => {
    const phone = /^(?:item\d+\.)?TEL[^:\r\n]*:([^\r\n]+)/m.exec(vcard)?.[1]?.trim() ?? '';
    return { kind: 'contact', text: [name, phone].filter(Boolean).join(', '), detail: { name, phone } };
  });
}

function orderPart({ orderMessage }: Content): InPart[] | null {
  if (!orderMessage) return null;
  const { orderTitle, message, itemCount } = orderMessage;
  const items = itemCount === undefined ? '' : `${itemCount} ${itemCount === 1 ? 'item' : 'items'}`;
  return [{ kind: 'order', text: [orderTitle, message, items].filter(Boolean).join('\n') }];
}

function unreadable(message: Content): InPart {
  const name = kindsOf(message).find((each) => !UNSAID.has(each)) ?? 'unknown';
  return { kind: 'unknown', detail: { type: name.slice(0, 50) } };
}

/** What goes with it: the message that it replies to, who said that, and who is mentioned. */
export function contextOf(message: Content): { replyTo?: string; saidBy?: string; mentioned: string[] } {
  for (const value of Object.values(message)) {
    const { stanzaId, participant, mentionedJid } = (fieldOf(value, 'contextInfo') ?? {}) as {
      stanzaId?: string;
      participant?: string;
      mentionedJid?: string[];
    };
    if (stanzaId === undefined && mentionedJid === undefined) continue;
    return {
      ...(stanzaId === undefined ? {} : { replyTo: stanzaId }),
      ...(participant === undefined ? {} : { saidBy: participant }),
      mentioned: mentionedJid ?? [],
    };
  }
  return { mentioned: [] };
}
