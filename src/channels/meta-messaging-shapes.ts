/** What a webhook of Messenger or Instagram holds, as far as it is read. Loose: Meta adds fields without notice. */
import { z } from 'zod';

const id = z.string().min(1).max(500);
/** UTC ms. */
const time = z.number().int().nonnegative().max(9_999_999_999_999);
const list = z.array(z.unknown()).optional();
const person = z.object({ id });

export const envelope = z.object({ object: z.string(), entry: z.array(z.unknown()) });

export const entry = z.looseObject({ id, time: time.optional(), messaging: list, standby: list });

export const item = z.looseObject({ sender: person, recipient: person.optional(), timestamp: time.optional() });

export const message = z.object({
  mid: id,
  text: z.string().optional(),
  attachments: list,
  is_echo: z.boolean().optional(),
  is_deleted: z.boolean().optional(),
  is_unsupported: z.boolean().optional(),
  metadata: z.string().max(1000).optional(),
  quick_reply: z.object({ payload: z.string() }).optional(),
  reply_to: z.object({ mid: id.optional(), story: z.unknown().optional() }).optional(),
});

export const postback = z.object({ mid: id.optional(), title: z.string(), payload: z.string().optional() });

export const edit = z.object({ mid: id, text: z.string(), num_edit: z.number().int().positive() });

export const reaction = z.object({
  mid: id,
  action: z.enum(['react', 'unreact']),
  emoji: z.string().optional(),
  reaction: z.string().optional(),
});

export const delivery = z.object({ mids: z.array(id).max(1000).optional(), watermark: time });

/** Messenger tells up to when, Instagram which. */
export const read = z.union([z.object({ watermark: time }), z.object({ mid: id })]);

export const attachment = z.looseObject({
  type: z.string(),
  title: z.string().nullish(),
  url: z.string().nullish(),
  payload: z
    .looseObject({
      url: z.string().optional(),
      title: z.string().optional(),
      sticker_id: z.union([z.number(), z.string()]).optional(),
      coordinates: z.object({ lat: z.number(), long: z.number() }).optional(),
    })
    .nullish(),
});

export type Message = z.infer<typeof message>;
export type Attachment = z.infer<typeof attachment>;
