/** Telegram's updates, as far as they are read. */
import { z } from 'zod';

const file = z.object({
  file_id: z.string(),
  file_size: z.number().optional(),
  file_name: z.string().optional(),
  mime_type: z.string().optional(),
});
const timed = file.extend({ duration: z.number().optional() });
const place = z.object({ latitude: z.number(), longitude: z.number() });

const person = z.object({
  id: z.number().int(),
  is_bot: z.boolean().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  username: z.string().optional(),
  language_code: z.string().optional(),
});

const chat = z.object({
  id: z.number().int(),
  type: z.string(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  username: z.string().optional(),
});

/** A piece of a text that means something: offsets count UTF-16 units, as strings here do. */
const entity = z.object({
  type: z.string(),
  offset: z.number().int(),
  length: z.number().int(),
  user: z.object({ id: z.number().int() }).optional(),
});

const message = z.looseObject({
  message_id: z.number().int(),
  date: z.number().int(),
  edit_date: z.number().int().optional(),
  chat,
  /** Absent where a channel speaks in a group. */
  from: person.optional(),
  business_connection_id: z.string().optional(),
  /** The bot that said it for a business account. */
  sender_business_bot: z.object({ id: z.number().int() }).optional(),
  /** Said by Telegram itself for a business account: an away message, a greeting. */
  is_from_offline: z.boolean().optional(),
  reply_to_message: z.looseObject({ message_id: z.number().int(), from: z.object({ id: z.number().int() }).optional() }).optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
  entities: z.array(entity).optional(),
  caption_entities: z.array(entity).optional(),
  photo: z.array(file).min(1).optional(),
  animation: timed.optional(),
  document: file.optional(),
  audio: timed.extend({ title: z.string().optional(), performer: z.string().optional() }).optional(),
  voice: timed.optional(),
  video: timed.optional(),
  video_note: timed.optional(),
  sticker: file.extend({ emoji: z.string().optional() }).optional(),
  venue: z.object({ location: place, title: z.string(), address: z.string() }).optional(),
  location: place.optional(),
  contact: z.object({ phone_number: z.string(), first_name: z.string(), last_name: z.string().optional() }).optional(),
});

const button = z.looseObject({ text: z.string(), callback_data: z.string().optional() });

const touched = z.object({
  id: z.string(),
  from: person,
  data: z.string().min(1),
  /** The message with the button; long after it there is little more than its number. */
  message: z.looseObject({
    chat,
    business_connection_id: z.string().optional(),
    reply_markup: z.object({ inline_keyboard: z.array(z.array(button)) }).optional(),
  }),
});

const reaction = z.object({
  chat,
  message_id: z.number().int(),
  user: person,
  date: z.number().int(),
  new_reaction: z.array(z.looseObject({ type: z.string(), emoji: z.string().optional() })),
});

const membership = z.object({
  chat,
  from: person,
  date: z.number().int(),
  new_chat_member: z.object({ status: z.string() }),
});

const deleted = z.object({ business_connection_id: z.string(), chat, message_ids: z.array(z.number().int()) });

export const update = z.looseObject({
  update_id: z.number().int(),
  message: message.optional(),
  edited_message: message.optional(),
  business_message: message.optional(),
  edited_business_message: message.optional(),
  deleted_business_messages: deleted.optional(),
  callback_query: touched.optional(),
  message_reaction: reaction.optional(),
  my_chat_member: membership.optional(),
  business_connection: z.looseObject({ id: z.string() }).optional(),
});

/** All kinds that are read. Of the others Telegram sends none: it is asked for these by name. */
export const UPDATES = [
  'message',
  'edited_message',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'callback_query',
  'message_reaction',
  'my_chat_member',
  'business_connection',
] as const;

const inGroup = z.looseObject({ chat: z.looseObject({ type: z.enum(['group', 'supergroup', 'channel']) }) });
const anything = z.record(z.string(), z.unknown());

/** Whether an update is about a group or a channel, whatever else is in it. */
export function isInGroup(body: unknown): boolean {
  const read = anything.safeParse(body);
  return read.success && Object.values(read.data).some((content) => inGroup.safeParse(content).success);
}

export type Update = z.infer<typeof update>;
export type Message = z.infer<typeof message>;
export type Person = z.infer<typeof person>;
export type Chat = z.infer<typeof chat>;
export type Entity = z.infer<typeof entity>;
export type File = z.infer<typeof file>;
export type Touched = z.infer<typeof touched>;
