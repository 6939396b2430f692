/** Telegram's updates as channel events. Pure: every update of a batch, in order; what is unknown is kept as it came. */
import { z } from 'zod';
import type { ChannelEvent, InPart, Sender } from '../channel.ts';

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

const message = z.looseObject({
  message_id: z.number().int(),
  date: z.number().int(),
  edit_date: z.number().int().optional(),
  chat: z.object({ id: z.number().int(), type: z.string() }),
  from: person,
  text: z.string().optional(),
  caption: z.string().optional(),
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

const update = z.looseObject({ update_id: z.number().int(), message: message.optional(), edited_message: message.optional() });

type Message = z.infer<typeof message>;
type File = z.infer<typeof file>;

/** What a customer says with, though we can't read it: a person should see that something came. The rest are service notes. */
const UNREADABLE = ['poll', 'dice', 'game', 'story', 'paid_media', 'giveaway', 'checklist', 'invoice'];
const COMMAND = /^\/(start|human|delete)(?:@\w+)?(?:\s+([\s\S]*\S))?\s*$/i;

/** The events of one update, or of an array of them. */
export function parseUpdates(body: unknown): ChannelEvent[] {
  return Array.isArray(body) ? body.flatMap(parseUpdate) : parseUpdate(body);
}

function parseUpdate(body: unknown): ChannelEvent[] {
  const read = update.safeParse(body);
  // Reactions, blocks, buttons, groups and channels are no message to this business: none may wake the bot.
  const events = read.success ? eventsOf(read.data) : [];
  return events.length > 0 ? events : [{ type: 'unrecognised', body: JSON.stringify(body) ?? 'undefined' }];
}

function eventsOf({ update_id, message: fresh, edited_message: edited }: z.infer<typeof update>): ChannelEvent[] {
  const said = fresh ?? edited;
  if (!said || said.chat.type !== 'private' || said.from.is_bot) return [];
  const about = { thread: String(said.chat.id), sender: senderOf(said), externalId: String(said.message_id), saidAt: said.date * 1000 };
  if (!fresh) {
    const parts = partsOf(said);
    // Two edits within one second have the same date; the number of the update tells them apart.
    const revision = (said.edit_date ?? said.date) * 1000 + (update_id % 1000);
    return parts.length > 0 ? [{ type: 'message', ...about, parts, revision }] : [];
  }
  const [, name, words] = COMMAND.exec(said.text ?? '') ?? [];
  const command = name?.toLowerCase();
  if (command === 'start' || (command === 'delete' && words === undefined)) return [{ type: 'command', command, ...about }];
  if (command === 'human') {
    const asked: ChannelEvent = { type: 'command', command, ...about };
    return words === undefined ? [asked] : [{ type: 'message', ...about, parts: [{ kind: 'text', text: words }] }, asked];
  }
  const parts = partsOf(said);
  return parts.length > 0 ? [{ type: 'message', ...about, parts }] : [];
}

function senderOf({ from }: Message): Sender {
  const displayName = [from.first_name, from.last_name].filter(Boolean).join(' ');
  return {
    externalId: String(from.id),
    ...(displayName ? { displayName } : {}),
    ...(from.username ? { username: from.username } : {}),
    ...(from.language_code ? { language: from.language_code } : {}),
  };
}

function partsOf(said: Message): InPart[] {
  if (said.text !== undefined) return [{ kind: 'text', text: said.text }];
  const part = filePart(said) ?? placePart(said) ?? contactPart(said) ?? unreadablePart(said);
  if (!part) return [];
  return [said.caption ? { ...part, text: said.caption } : part];
}

function filePart(said: Message): InPart | null {
  const { animation, document, audio, voice, video, video_note: round, sticker } = said;
  const largest = said.photo?.toSorted((a, b) => (b.file_size ?? 0) - (a.file_size ?? 0))[0];
  if (largest) return { kind: 'image', file: fileOf(largest, 'image/jpeg') };
  // An animation comes as a document, too; once is enough.
  if (animation) return { kind: 'video', file: fileOf(animation, 'video/mp4'), ...seconds(animation) };
  if (document) return { kind: document.mime_type?.startsWith('image/') ? 'image' : 'file', file: fileOf(document) };
  if (audio) return { kind: 'audio', file: fileOf(audio, 'audio/mpeg'), ...seconds(audio) };
  if (voice) return { kind: 'audio', file: fileOf(voice, 'audio/ogg'), detail: { voice: true, ...seconds(voice).detail } };
  if (video) return { kind: 'video', file: fileOf(video, 'video/mp4'), ...seconds(video) };
  if (round) return { kind: 'video', file: fileOf(round, 'video/mp4'), ...seconds(round) };
  if (sticker) return { kind: 'sticker', file: fileOf(sticker), ...(sticker.emoji ? { text: sticker.emoji } : {}) };
  return null;
}

function fileOf({ file_id, file_name, mime_type, file_size }: File, usual?: string): InPart['file'] {
  const mime = mime_type ?? usual;
  return {
    reference: file_id,
    ...(file_name ? { name: file_name } : {}),
    ...(mime ? { mime } : {}),
    ...(file_size === undefined ? {} : { bytes: file_size }),
  };
}

function seconds({ duration }: { duration?: number | undefined }): { detail?: { seconds: number } } {
  return duration === undefined ? {} : { detail: { seconds: duration } };
}

function placePart({ venue, location }: Message): InPart | null {
  const at = venue?.location ?? location;
  if (!at) return null;
  const detail = { latitude: at.latitude, longitude: at.longitude };
  return { kind: 'location', detail, ...(venue ? { text: `${venue.title}, ${venue.address}` } : {}) };
}

function contactPart({ contact }: Message): InPart | null {
  if (!contact) return null;
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(' ');
  return { kind: 'contact', text: `${name}, ${contact.phone_number}`, detail: { name, phone: contact.phone_number } };
}

function unreadablePart(said: Message): InPart | null {
  const type = UNREADABLE.find((name) => said[name] !== undefined);
  return type ? { kind: 'unknown', detail: { type } } : null;
}
