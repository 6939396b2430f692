/** What the stand-in for OpenAI answers when it is asked to write down what was spoken. */
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Refusal } from './http-ai.ts';
import { error, noModel } from './openai-errors.ts';

/** A recording as it came in. */
export interface Heard {
  model: string;
  name: string;
  type: string;
  bytes: Buffer;
}

const FIELDS = new Set(['model', 'language', 'prompt', 'response_format', 'temperature', 'include[]', 'timestamp_granularities[]']);
const LARGEST = 25 * 1024 * 1024;
/** How sound of each kind begins, by the end of its file's name. */
const SOUNDS: Record<string, RegExp> = {
  ogg: /^OggS/,
  mp3: /^(?:ID3|\xff[\xfb\xf3\xf2])/,
  wav: /^RIFF....WAVE/s,
  flac: /^fLaC/,
  m4a: /^....ftyp/s,
  mp4: /^....ftyp/s,
  webm: /^\x1a\x45\xdf\xa3/,
};

interface Form {
  fields: Record<string, string>;
  files: { field: string; name: string; type: string; bytes: Buffer }[];
}

/** Reads the form; undefined for what is none. */
async function readForm(headers: IncomingHttpHeaders, raw: Buffer): Promise<Form | undefined> {
  if (!headers['content-type']?.startsWith('multipart/form-data')) return undefined;
  const form: Form = { fields: {}, files: [] };
  const parser = busboy({ headers, defParamCharset: 'utf8' });
  parser.on('field', (name, value) => void (form.fields[name] = value));
  parser.on('file', (field, stream, { filename: name, mimeType: type }) => {
    const pieces: Buffer[] = [];
    stream.on('data', (piece: Buffer) => pieces.push(piece));
    stream.on('end', () => form.files.push({ field, name, type, bytes: Buffer.concat(pieces) }));
  });
  await new Promise((resolve, reject) => Readable.from([raw]).pipe(parser).on('close', resolve).on('error', reject));
  return form;
}

function refusalOf({ fields, files }: Form, models: readonly string[]): Refusal | null {
  const unknown = Object.keys(fields).find((field) => !FIELDS.has(field));
  if (unknown !== undefined) return error(400, `Unknown parameter: '${unknown}'.`, { param: unknown, code: 'unknown_parameter' });
  const model = fields['model'] ?? '';
  if (!models.includes(model)) return noModel(model);
  if (!/whisper|transcri/.test(model)) return error(400, `${model} is not supported in this endpoint.`, { param: 'model' });
  const [file, ...more] = files;
  if (file?.field !== 'file' || more.length > 0) return error(400, 'file is a required property');
  if (file.bytes.length > LARGEST) return error(413, `Maximum content size limit (${LARGEST}) exceeded (${file.bytes.length} bytes read)`);
  const ending = /\.(\w+)$/.exec(file.name)?.[1] ?? '';
  const begins = SOUNDS[ending];
  if (!begins) return error(400, `Unrecognized file format. Supported formats: ${Object.keys(SOUNDS).join(', ')}.`);
  if (!begins.test(file.bytes.subarray(0, 64).toString('latin1')))
    return error(400, 'The audio file could not be decoded or its format is not supported.', { code: 'audio_unsupported' });
  return null;
}

/** The transcript, or what is wrong with the request; `heard` is null where it is no form at all. */
export async function transcription(
  headers: IncomingHttpHeaders,
  raw: Buffer,
  models: readonly string[],
  says: string,
): Promise<{ heard: Heard | null; answer: Refusal }> {
  const form = await readForm(headers, raw);
  if (!form) return { heard: null, answer: error(400, 'Could not parse multipart form') };
  const [file] = form.files;
  const model = form.fields['model'] ?? '';
  const heard = file ? { model, name: file.name, type: file.type, bytes: file.bytes } : null;
  const refused = refusalOf(form, models);
  if (refused) return { heard, answer: refused };
  const seconds = Math.ceil((file?.bytes.length ?? 0) / 2000);
  const usage = /^gpt-4o/.test(model)
    ? { type: 'tokens', input_tokens: seconds * 10, output_tokens: Math.ceil(says.length / 4), total_tokens: seconds * 10 }
    : { type: 'duration', seconds };
  return { heard, answer: { status: 200, body: { text: says, usage } } };
}
