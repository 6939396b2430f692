/** What is said in the parts that its channel takes, each of which is one delivery. */
import type { Choice, FilledTemplate } from '../channels/index.ts';
import { withoutCitations } from '../lib/citations.ts';
import { splitText } from '../lib/text.ts';
import type { Workspace } from '../workspace.ts';
import { insertKept, type NamedFile } from './attachments/attachment.ts';
import { shownAs } from './attachments/attachment-type.ts';
import { choicesDetail } from './offer-choices.ts';
import type { OpenChannel } from './open-channel.ts';
import type { NewPart } from './store-message.ts';

interface Saying {
  author: 'bot' | 'person';
  text: string;
  notice: string | null;
  template?: FilledTemplate;
  files: NamedFile[];
  choices: Choice[];
  replyTo?: number | null;
}

/** Of the message that is replied to, where it is quoted in words. */
const QUOTED = 100;

/** In order. Its files are rows from then on: inside the transaction of the verb that says it. */
export function partsOf(
  ws: Workspace,
  channel: OpenChannel,
  { author, text, notice, template, files, choices, replyTo }: Saying,
): NewPart[] {
  // A person's "table [2]" is no citation.
  const written = author === 'bot' ? withoutCitations(text) : text;
  const said = channel.kind.repliesTo ? written : quoteOf(ws, replyTo ?? null) + written;
  if (template) return [{ kind: 'text', text: said, detail: { template: JSON.stringify(template) } }];
  const words = piecesOf(channel, said, notice).map((piece): NewPart => ({ kind: 'text', text: piece }));
  const offered = choices.length === 0 ? words : withChoices(channel, words, choices);
  return files.length === 0 ? offered : withFiles(ws, channel, files, said === '' ? [] : offered);
}

/** The first line of what is replied to, as people quote in a letter; '' where there is nothing to quote. */
function quoteOf(ws: Workspace, messageId: number | null): string {
  if (messageId === null) return '';
  const text = ws.prepare('SELECT text FROM messages WHERE id = ? AND revoked_at IS NULL').pluck().get(messageId) as string | undefined;
  const [first = ''] = withoutCitations(text ?? '')
    .trim()
    .split('\n', 1);
  const letters = [...first];
  return first === '' ? '' : `> ${letters.length > QUOTED ? `${letters.slice(0, QUOTED).join('')}…` : first}\n\n`;
}

/** Files before words, as one reads them. Where the channel takes a caption, one file and a short text are one part. */
function withFiles(ws: Workspace, { id, kind }: OpenChannel, files: NamedFile[], words: NewPart[]): NewPart[] {
  const parts = files.map((file): NewPart => ({ kind: shownAs(file.file.mime), attachmentId: insertKept(ws, id, file) }));
  const [only, ...others] = parts;
  const [caption, ...more] = words;
  const { captionLength = 0 } = kind.limits;
  const fits = caption?.text && caption.text.length <= captionLength && !caption.detail;
  if (!only || others.length > 0 || more.length > 0 || !fits) return [...parts, ...words];
  return [{ ...only, text: caption.text }];
}

/** The last words carry the choices. Where they are more than may stand with choices, only their end does. */
function withChoices({ kind }: OpenChannel, words: NewPart[], choices: Choice[]): NewPart[] {
  const { textLength, textUnit, choicesTextLength = textLength } = kind.limits;
  const last = kind.fromStore ? [] : splitText(words.at(-1)?.text ?? '', { length: choicesTextLength, unit: textUnit });
  const all = last.length > 1 ? [...words.slice(0, -1), ...last.map((text): NewPart => ({ kind: 'text', text }))] : words;
  return all.map((part, at) => (at === all.length - 1 ? { ...part, detail: choicesDetail(choices) } : part));
}

function piecesOf({ kind }: OpenChannel, text: string, notice: string | null): string[] {
  if (kind.fromStore) return [text];
  const limit = { length: kind.limits.textLength, unit: kind.limits.textUnit };
  if (notice === null) return splitText(text, limit);
  return kind.limits.oneBubble ? splitText(`${notice}\n\n${text}`, limit) : [notice, ...splitText(text, limit)];
}
