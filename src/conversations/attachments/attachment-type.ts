/** What a file is, told by its first bytes alone: its name and what the sender says of it may be anything. */

/** How much of a file's beginning tells it. */
export const HEAD_BYTES = 1024;

/** What isn't kept, whoever sent it. */
export const PROGRAM = 'application/x-executable';

/** How the inbox and the chat show it. What isn't on these lists can only be saved. */
export type Shown = 'image' | 'audio' | 'video' | 'file';

const latin = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

const BY_START: readonly (readonly [start: RegExp, mime: string])[] = [
  [/^\x89PNG\r\n\x1a\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF[^]{4}WEBP/, 'image/webp'],
  [/^RIFF[^]{4}WAVE/, 'audio/wav'],
  [/^OggS\0[^]{0,80}(?:OpusHead|\x01vorbis|Speex)/, 'audio/ogg'],
  [/^ID3[\x02-\x04]|^\xff[\xfb\xf3\xf2][^\xff]/, 'audio/mpeg'],
  [/^\xff[\xf1\xf9]/, 'audio/aac'],
  [/^fLaC/, 'audio/flac'],
  [/^[^]{4}ftypM4A/, 'audio/mp4'],
  [/^[^]{4}ftyp(?:isom|iso[2-6]|mp4[12]|avc1|dash|M4V|MSNV|3gp|qt {2})/, 'video/mp4'],
  [/^\x1a\x45\xdf\xa3[^]{0,64}webm/, 'video/webm'],
  [/^%PDF-/, 'application/pdf'],
  [/^PK\x03\x04/, 'application/zip'],
  [/^(?:MZ|\x7fELF|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe|#!)/, PROGRAM],
  // A shortcut of Windows starts programs, too.
  [/^L\0\0\0\x01\x14\x02\0/, PROGRAM],
];

const SHOWN: Record<string, Shown> = {
  'image/png': 'image',
  'image/jpeg': 'image',
  'image/gif': 'image',
  'image/webp': 'image',
  'audio/wav': 'audio',
  'audio/ogg': 'audio',
  'audio/mpeg': 'audio',
  'audio/aac': 'audio',
  'audio/flac': 'audio',
  'audio/mp4': 'audio',
  'video/mp4': 'video',
  'video/webm': 'video',
};

/** The type of a file that begins like this; `application/octet-stream` for what isn't known. HTML and SVG are text like any. */
export function typeOf(head: Uint8Array): string {
  const start = latin(head.subarray(0, HEAD_BYTES));
  const [, mime] = BY_START.find(([pattern]) => pattern.test(start)) ?? [];
  return mime ?? (isText(start) ? 'text/plain' : 'application/octet-stream');
}

/** How a file of this type is shown. */
export function shownAs(mime: string | null): Shown {
  return (mime !== null && Object.hasOwn(SHOWN, mime) ? SHOWN[mime] : undefined) ?? 'file';
}

function isText(start: string): boolean {
  return start !== '' && !/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(start);
}
