/** Parts of a message that aren't words, as the thread draws them. What is drawn goes by what a file is, never by its name. */
import { shownAs, type Shown } from './attachments/attachment-type.ts';
import type { MessageView } from './inbox.queries.ts';

type Part = MessageView['parts'][number];

export interface FileView {
  /** 'line': words alone, since it is no file, or one that isn't here. */
  kind: Shown | 'sticker' | 'line';
  icon: string;
  name: string;
  /** Where its content is; '' for a line. */
  href: string;
  bytes: number | null;
  /** Under its name: an address, or why it isn't here. */
  says: string;
  waits: boolean;
  /** What its bot made of it: what was spoken, or why that isn't known; null where it was never asked. */
  read: ReadView | null;
  /** Where a person asks for it again; null when that can't help. */
  again: string | null;
}

interface ReadView {
  /** What was spoken; '' for anything else. */
  text: string;
  says: string;
  /** How it was written down. */
  run: string | null;
}

const KINDS: Record<string, [icon: string, name: string]> = {
  image: ['photo', 'Picture'],
  audio: ['microphone', 'Voice note'],
  video: ['video', 'Video'],
  file: ['file', 'File'],
  sticker: ['mood-smile', 'Sticker'],
  location: ['map-pin', 'Place'],
  contact: ['address-book', 'Contact'],
  order: ['shopping-cart', 'Order'],
  unknown: ['help', 'Something that can’t be shown here'],
};
/** Of others' stories and posts: channels forbid to keep them, so it is said what came, and a person looks there. */
const ABOUT: Record<string, string> = {
  'story-mention': 'They mentioned you in their story. It isn’t kept here.',
  story: 'They shared a story. It isn’t kept here.',
  post: 'They shared a post',
  reel: 'They shared a reel',
};
const WORDS = new Set(['text', 'order']);

/** A message's text for one line: "[image] Like this" as "Picture: Like this". */
export function namedParts(text: string): string {
  return text.replace(/^\[(\w+)\]( ?)/gm, (mark, kind: string, space: string) => {
    const [, name] = KINDS[kind] ?? [];
    return name === undefined ? mark : `${name}${space && ':'}${space}`;
  });
}

/** What stands beside the words of a message. `base`: the workspace's path. */
export function filesOf(
  { parts, conversationId }: Pick<MessageView, 'parts' | 'conversationId'>,
  { base, mayAnswer }: { base: string; mayAnswer: boolean },
): FileView[] {
  const at = { base, runs: `${base}/conversations/${conversationId}/runs`, mayAnswer };
  return parts.filter(({ kind }) => !WORDS.has(kind)).map((part) => (part.file ? fileOf(part, part.file, at) : lineOf(part)));
}

/** The words of a message: what was written, also under a file. */
export function wordsOf({ parts }: Pick<MessageView, 'parts'>): string {
  const written = parts.filter(({ kind, file }) => WORDS.has(kind) || file !== null);
  return written.flatMap(({ text }) => (text === null || text === '' ? [] : [text])).join('\n');
}

function lineOf({ kind, text, detail }: Part): FileView {
  const [icon, name] = KINDS[kind] ?? ['help', kind];
  const line = { kind: 'line' as const, icon, name, href: '', bytes: null, says: '', waits: false, read: null, again: null };
  if (kind === 'location') return { ...line, name: place(detail), says: text ?? '' };
  const about = typeof detail?.['about'] === 'string' ? ABOUT[detail['about']] : undefined;
  if (about !== undefined) return { ...line, icon: 'photo-off', name: about, says: text ?? '' };
  return kind === 'contact' ? { ...line, says: text ?? '' } : line;
}

/** As maps take it when it is pasted. No link: it would tell a map's owner where a customer is. */
function place(detail: Part['detail']): string {
  const { latitude, longitude } = detail ?? {};
  return typeof latitude === 'number' && typeof longitude === 'number' ? `Place: ${latitude.toFixed(5)}, ${longitude.toFixed(5)}` : 'Place';
}

interface At {
  base: string;
  runs: string;
  mayAnswer: boolean;
}

function fileOf(part: Part, file: NonNullable<Part['file']>, { base, runs, mayAnswer }: At): FileView {
  const [icon, usual] = KINDS[part.kind] ?? KINDS['file'] ?? ['file', 'File'];
  const path = `${base}/attachments/${file.id}`;
  const view = { icon, name: file.name ?? usual, href: '', bytes: file.bytes, says: '', waits: false, read: null, again: null };
  if (file.state === 'wanted') return { ...view, kind: 'line', waits: true, says: file.says ?? 'Being fetched' };
  if (file.state !== 'kept') {
    const again = file.state === 'failed' && mayAnswer ? `${path}/fetch` : null;
    return { ...view, kind: 'line', says: file.says ?? 'It isn’t here.', again };
  }
  const shown = shownAs(file.mime);
  const kind = shown === 'image' && part.kind === 'sticker' ? 'sticker' : shown;
  return { ...view, kind, href: path, read: file.read && readOf(file.read, runs) };
}

const READ: Record<'voice' | 'picture' | 'document', { wanted: string; read: string }> = {
  voice: { wanted: 'Being written down', read: '' },
  picture: { wanted: '', read: '' },
  document: { wanted: 'Being read by the bot', read: 'Read by the bot' },
};

function readOf({ kind, state, text, says, runId }: NonNullable<NonNullable<Part['file']>['read']>, runs: string): ReadView {
  const said = state === 'failed' ? (says ?? '') : READ[kind][state];
  return { text: text ?? '', says: said, run: runId === null ? null : `${runs}/${runId}` };
}
