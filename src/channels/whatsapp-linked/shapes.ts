/** What a message of WhatsApp's own protocol holds, as far as it is read. Loose: it grows without notice. */
import { z } from 'zod';

const id = z.string().min(1).max(256);
const words = z.string();
/** Seconds or milliseconds since 1970, up to a year that a date can hold. */
const whole = z.number().int().nonnegative().max(8e15);

const context = z
  .object({
    stanzaId: id.optional(),
    /** Who said what is replied to. */
    participant: id.optional(),
    mentionedJid: z.array(z.string()).optional(),
  })
  .optional();

const file = z.object({
  mimetype: z.string().max(200).optional(),
  caption: words.optional(),
  fileName: words.optional(),
  fileLength: whole.optional(),
  mediaKey: z.base64().optional(),
  directPath: z.string().startsWith('/').max(2000).optional(),
  ptt: z.boolean().optional(),
  contextInfo: context,
});
export type MediaShape = z.infer<typeof file>;

const place = z.object({
  degreesLatitude: z.number(),
  degreesLongitude: z.number(),
  name: words.optional(),
  address: words.optional(),
  contextInfo: context,
});

const card = z.object({ displayName: words.optional(), vcard: words.optional(), contextInfo: context });

export const content = z.looseObject({
  conversation: words.optional(),
  extendedTextMessage: z.object({ text: words.optional(), contextInfo: context }).optional(),
  imageMessage: file.optional(),
  videoMessage: file.optional(),
  ptvMessage: file.optional(),
  audioMessage: file.optional(),
  documentMessage: file.optional(),
  stickerMessage: file.optional(),
  locationMessage: place.optional(),
  liveLocationMessage: place.optional(),
  contactMessage: card.optional(),
  contactsArrayMessage: z.object({ contacts: z.array(card), contextInfo: context }).optional(),
  buttonsResponseMessage: z
    .object({ selectedButtonId: id.optional(), selectedDisplayText: words.optional(), contextInfo: context })
    .optional(),
  templateButtonReplyMessage: z
    .object({ selectedId: id.optional(), selectedDisplayText: words.optional(), contextInfo: context })
    .optional(),
  listResponseMessage: z
    .object({
      title: words.optional(),
      description: words.optional(),
      singleSelectReply: z.object({ selectedRowId: id.optional() }).optional(),
      contextInfo: context,
    })
    .optional(),
  orderMessage: z
    .object({ orderTitle: words.optional(), message: words.optional(), itemCount: whole.optional(), contextInfo: context })
    .optional(),
  reactionMessage: z.object({ key: z.object({ id }), text: words.optional() }).optional(),
  protocolMessage: z
    .object({
      type: z.number().optional(),
      key: z.object({ id: id.optional() }).optional(),
      editedMessage: z.unknown().optional(),
      timestampMs: whole.optional(),
    })
    .optional(),
});
export type Content = z.infer<typeof content>;

export const said = z.object({
  key: z.object({
    id,
    remoteJid: id,
    remoteJidAlt: id.optional(),
    fromMe: z.boolean().nullish(),
    participant: id.optional(),
    participantAlt: id.optional(),
    isViewOnce: z.boolean().optional(),
  }),
  /** Seconds. */
  messageTimestamp: whole.max(8e12),
  pushName: z.string().nullish(),
  messageStubType: z.number().nullish(),
  message: z.unknown().optional(),
});
export type Said = z.infer<typeof said>;

export const update = z.object({
  key: z.object({ id, fromMe: z.boolean().nullish() }),
  update: z.object({
    status: z.number().int().nullish(),
    messageTimestamp: whole.max(8e12).nullish(),
    messageStubParameters: z.array(z.string()).nullish(),
  }),
});

export const body = z.object({
  /** The account's own phone number and LID, without servers: who "we" are in a message. */
  own: z.array(z.string()),
  groups: z.boolean(),
  messages: z.array(z.unknown()).default([]),
  updates: z.array(z.unknown()).default([]),
  /** UTC ms, where an update has no time of its own. */
  at: whole,
});
export type Body = z.infer<typeof body>;
