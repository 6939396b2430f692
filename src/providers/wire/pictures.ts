/** Pictures in both protocols: how they are shown, and how a host says that it can't look at any. */
import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';
import { ProviderError, type AnswerRequest, type Picture, type Turn } from '../provider.ts';
import { refusalOf } from './failure.ts';

type Chat = OpenAI.ChatCompletionMessageParam;
type Message = Anthropic.MessageParam;

/** A turn as Chat Completions has it: words alone stay a string, which every host takes. */
export function chatTurn({ role, text, pictures = [] }: Turn): Chat {
  if (role === 'assistant' || pictures.length === 0) return { role, content: text };
  const shown = pictures.map((picture) => ({
    type: 'image_url' as const,
    image_url: { url: `data:${picture.mime};base64,${base64(picture)}` },
  }));
  return { role, content: text.trim() === '' ? shown : [...shown, { type: 'text', text }] };
}

/** The same for Anthropic, which looks best at what comes before the words. */
export function messageTurn({ role, text, pictures = [] }: Turn): Message {
  if (role === 'assistant' || pictures.length === 0) return { role, content: text };
  const shown = pictures.map((picture) => ({
    type: 'image' as const,
    source: { type: 'base64' as const, media_type: picture.mime as Anthropic.Base64ImageSource['media_type'], data: base64(picture) },
  }));
  return { role, content: text.trim() === '' ? shown : [...shown, { type: 'text', text }] };
}

function base64({ bytes }: Picture): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** Hosts say it each in their own way; of a single bad picture they speak otherwise. */
const NO_SIGHT =
  /image_url is only supported|(not|n't|cannot|no)\b[^"]{0,40}\bsupport[^"]{0,20}\b(image|vision|multi-?modal)|support image input|image (input|content|url)s?\b[^"]{0,20}\bnot (supported|allowed|enabled)|not a multimodal|At most 0 image|unknown variant `image_url`|content"?'? must be a string|expected a string|vision is not/i;

/** What a call with pictures failed of, where the host can't look at pictures at all; else the cause as it is. */
export function withoutSight(cause: unknown, { model, turns }: AnswerRequest, name: string): unknown {
  const refusal = turns.some(({ pictures = [] }) => pictures.length > 0) ? refusalOf(cause) : null;
  if (!refusal || ![400, 404, 415, 422, 500].includes(refusal.status) || !NO_SIGHT.test(refusal.body)) return cause;
  return new ProviderError(
    'no-sight',
    `${model} of ${name} doesn’t look at pictures. Choose a model that does, or switch pictures off for this bot.`,
    {
      cause,
    },
  );
}
