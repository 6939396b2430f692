/**
 * What a message of Messenger or Instagram consists of. Stories are named and never fetched: Meta forbids to keep them.
 * What somebody shared of others' is a link that soon ends, so it is named as well.
 */
import type { InPart } from './channel.ts';
import { attachment, type Attachment, type Message } from './meta-messaging-shapes.ts';

const FILES: Record<string, 'image' | 'video' | 'audio' | 'file'> = { image: 'image', video: 'video', audio: 'audio', file: 'file' };
/** What is others', by Meta's own names, which change every other year. */
const ABOUT: Record<string, string> = {
  ...{ story_mention: 'story-mention', ig_story: 'story' },
  ...{ share: 'post', ig_post: 'post', post: 'post', reel: 'reel', ig_reel: 'reel' },
};
const CHOICE = /^[a-z0-9-]{1,40}$/;
const NAME_AT_MOST = 200;

/** Its parts, files first; what can't be read is one part that says so, so that a person sees that something came. */
export function partsOf(said: Message): InPart[] {
  const attached = (said.attachments ?? []).map((each) => attachment.safeParse(each).data ?? null);
  const parts = withoutTwins(attached).flatMap((each) => (each ? partOf(each, said.text ?? '') : [unreadable('attachment')]));
  if (said.text) parts.push(wordsOf(said, said.text));
  if (parts.length === 0) return [unreadable(said.is_unsupported ? 'unsupported' : 'empty')];
  return parts;
}

function wordsOf({ quick_reply, reply_to }: Message, text: string): InPart {
  if (reply_to?.story !== undefined) return { kind: 'text', text, detail: { about: 'story-reply' } };
  return touchedPart(text, quick_reply?.payload);
}

/** What stands on a button; with its id where it is one of those that we offer. */
export function touchedPart(text: string, payload: string | undefined): InPart {
  return { kind: 'text', text, ...(payload !== undefined && CHOICE.test(payload) ? { detail: { choice: payload } } : {}) };
}

/** While Meta changes a form it sends both: a sticker that is also a picture, a post that is also a share. */
function withoutTwins(attached: (Attachment | null)[]): (Attachment | null)[] {
  const has = (type: string, key: string, value: unknown): boolean =>
    value !== undefined && attached.some((other) => other?.type === type && other.payload?.[key] === value);
  return attached.filter((each) => {
    if (each?.type === 'image') return !has('sticker', 'sticker_id', each.payload?.sticker_id);
    if (each?.type === 'share') return !has('ig_post', 'ig_post_media_id', each.payload?.['ig_post_media_id']);
    return true;
  });
}

function partOf(each: Attachment, said: string): InPart[] {
  const { type, payload } = each;
  const about = named(ABOUT, type);
  if (about) return [{ kind: 'unknown', ...titled(each), detail: { about } }];
  if (type === 'fallback') return linkPart(each, said);
  const place = payload?.coordinates;
  if (type === 'location' && place) return [{ kind: 'location', ...titled(each), detail: { latitude: place.lat, longitude: place.long } }];
  const kind = payload?.sticker_id !== undefined || type === 'sticker' ? 'sticker' : named(FILES, type);
  if (kind === undefined || payload?.url === undefined) return [unreadable(type)];
  const name = kind === 'file' ? nameIn(payload.url) : undefined;
  return [{ kind, file: { reference: payload.url, ...(name === undefined ? {} : { name }) } }];
}

function named<Value>(names: Record<string, Value>, type: string): Value | undefined {
  return Object.hasOwn(names, type) ? names[type] : undefined;
}

function titled({ title, payload }: Attachment): Pick<InPart, 'text'> {
  const text = payload?.title ?? title ?? '';
  return text === '' ? {} : { text };
}

/** A link that Meta shows as a card; mostly it stands in the words as well. */
function linkPart({ title, url, payload }: Attachment, said: string): InPart[] {
  const address = url ?? payload?.url ?? '';
  if (address !== '' && said.includes(address)) return [];
  const text = [title ?? payload?.title ?? '', address].filter((each) => each !== '').join('\n');
  return text === '' ? [unreadable('fallback')] : [{ kind: 'text', text }];
}

/** A document's name stands at the end of its address. */
function nameIn(url: string): string | undefined {
  const last = URL.parse(url)?.pathname.split('/').at(-1) ?? '';
  if (!last.includes('.')) return undefined;
  try {
    return decodeURIComponent(last).slice(0, NAME_AT_MOST);
  } catch {
    return last.slice(0, NAME_AT_MOST); // a % that begins no letter
  }
}

function unreadable(type: string): InPart {
  return { kind: 'unknown', detail: { type: type.slice(0, 50) } };
}
