/** What a message holds, in the core's words. */
import type { InPart } from '../channel.ts';
import type { File, Message } from './shapes.ts';

/** What a customer says with, though we can't read it: a person should see that something came. The rest are service notes. */
const UNREADABLE = ['poll', 'dice', 'game', 'story', 'paid_media', 'giveaway', 'checklist', 'invoice'];

/** What a message says; none where it is a note of Telegram's own. */
export function partsOf(said: Message): InPart[] {
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
