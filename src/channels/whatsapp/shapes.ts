/** What a WhatsApp webhook holds, as far as it is read. Loose: Meta adds fields without notice. */
import { z } from 'zod';

/** Seconds, as text or number; ms from here on. */
const time = z
  .union([z.string().regex(/^\d{1,11}$/), z.number().int().nonnegative().max(99_999_999_999)])
  .transform((seconds) => Number(seconds) * 1000);
const id = z.string().min(1).max(500);
const file = z.object({
  id,
  mime_type: z.string().optional(),
  caption: z.string().optional(),
  filename: z.string().optional(),
  voice: z.boolean().optional(),
});

export const content = z.looseObject({
  type: z.string(),
  text: z.object({ body: z.string() }).optional(),
  image: file.optional(),
  video: file.optional(),
  document: file.optional(),
  audio: file.optional(),
  sticker: file.optional(),
  location: z
    .object({ latitude: z.number(), longitude: z.number(), name: z.string().optional(), address: z.string().optional() })
    .optional(),
  contacts: z
    .array(
      z.object({
        name: z.object({ formatted_name: z.string().optional() }).optional(),
        phones: z.array(z.object({ phone: z.string().optional(), wa_id: z.string().optional() })).optional(),
      }),
    )
    .optional(),
  interactive: z
    .object({
      button_reply: z.object({ id: z.string().max(256).optional(), title: z.string() }).optional(),
      list_reply: z.object({ id: z.string().max(256).optional(), title: z.string(), description: z.string().optional() }).optional(),
    })
    .optional(),
  button: z.object({ text: z.string() }).optional(),
  order: z
    .object({
      text: z.string().optional(),
      product_items: z.array(
        z.object({
          product_retailer_id: z.string(),
          quantity: z.coerce.number().optional(),
          item_price: z.coerce.number().optional(),
          currency: z.string().optional(),
        }),
      ),
    })
    .optional(),
});

export const message = content.extend({
  id,
  timestamp: time,
  from: id.optional(),
  from_user_id: id.optional(),
  group_id: z.string().optional(),
  context: z.object({ id: id.optional() }).optional(),
  reaction: z.object({ message_id: id, emoji: z.string().optional() }).optional(),
  system: z.object({ type: z.string().optional(), wa_id: id.optional(), new_wa_id: id.optional(), user_id: id.optional() }).optional(),
  edit: z.object({ original_message_id: id, message: content.optional() }).optional(),
  revoke: z.object({ original_message_id: id }).optional(),
});

export const echo = content.extend({ id, timestamp: time, to: id.optional(), to_user_id: id.optional() });

export const contact = z.object({
  profile: z.object({ name: z.string().optional(), username: z.string().optional() }).optional(),
  wa_id: id.optional(),
  user_id: id.optional(),
});

export const status = z.object({
  id,
  status: z.string(),
  timestamp: time,
  biz_opaque_callback_data: z.string().optional(),
  errors: z.array(z.object({ code: z.number().int() })).optional(),
});

export const userIdUpdate = z.object({
  user_id: z.object({ previous: id, current: id }),
  wa_id: id.optional(),
  timestamp: time,
});

const list = z.array(z.unknown()).optional();

export const change = z.object({
  field: z.string(),
  value: z.looseObject({
    metadata: z.object({ phone_number_id: id }).optional(),
    contacts: list,
    messages: list,
    statuses: list,
    message_echoes: list,
    user_id_update: list,
  }),
});

export const envelope = z.object({
  object: z.literal('whatsapp_business_account'),
  entry: z.array(z.looseObject({ changes: z.array(z.unknown()) })),
});

export type Message = z.infer<typeof message>;
export type Content = z.infer<typeof content>;
export type Contact = z.infer<typeof contact>;
