/** What the stand-ins of OpenAI and Anthropic make of a message that isn't words alone. */
import type { Body } from './http-ai.ts';

/** How pictures of each kind begin. */
const BEGINNINGS: Record<string, RegExp> = {
  'image/png': /^\x89PNG\r\n\x1a\n/,
  'image/jpeg': /^\xff\xd8\xff/,
  'image/gif': /^GIF8[79]a/,
  'image/webp': /^RIFF[^]{4}WEBP/,
};
/** Anthropic's, of what stands in the request: base64. */
const LARGEST = 5 * 1024 * 1024;

/** What is wrong with a message's content; null where it is well. `blind`: why its model sees nothing. */
export type Wrong = { is: 'blind' } | { is: 'wrong'; at: string; says: string } | null;

/** Parts of a Chat Completions message. */
export function wrongWithChat(role: unknown, content: Body[], blind: boolean): Wrong {
  if (content.length === 0) return { is: 'wrong', at: 'content', says: 'Invalid value: content must not be empty.' };
  for (const [index, part] of content.entries()) {
    const at = `content[${index}]`;
    const unknown = Object.keys(part).find((field) => !['type', 'text', 'image_url'].includes(field));
    if (unknown !== undefined) return { is: 'wrong', at, says: `Unknown parameter: '${unknown}'.` };
    if (part['type'] === 'text') {
      if (typeof part['text'] !== 'string' || part['text'] === '') return { is: 'wrong', at, says: 'Invalid text.' };
      continue;
    }
    if (part['type'] !== 'image_url') return { is: 'wrong', at: `${at}.type`, says: `Invalid value: '${String(part['type'])}'.` };
    if (role !== 'user') return { is: 'wrong', at, says: "Image URLs are only allowed for messages with role 'user'." };
    if (blind) return { is: 'blind' };
    const [, mime = '', data = ''] = /^data:([\w/+.-]+);base64,([A-Za-z0-9+/]+=*)$/.exec(String((part['image_url'] as Body)['url'])) ?? [];
    if (!isPicture(mime, data))
      return {
        is: 'wrong',
        at,
        says: "You uploaded an unsupported image. Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp'].",
      };
  }
  return null;
}

/** Blocks of an Anthropic message. */
export function wrongWithMessage(role: unknown, content: Body[], blind: boolean): Wrong {
  if (content.length === 0) return { is: 'wrong', at: 'content', says: 'all messages must have non-empty content' };
  for (const [index, block] of content.entries()) {
    const at = `content.${index}`;
    if (block['type'] === 'text') {
      if (typeof block['text'] !== 'string' || block['text'].trim() === '')
        return { is: 'wrong', at, says: 'text content blocks must be non-empty' };
      continue;
    }
    if (block['type'] !== 'image') continue;
    if (role !== 'user') return { is: 'wrong', at, says: 'Images are only allowed in user messages' };
    if (blind) return { is: 'blind' };
    const source = block['source'] as Body;
    const data = String(source['data']);
    if (source['type'] !== 'base64' || !(String(source['media_type']) in BEGINNINGS))
      return {
        is: 'wrong',
        at: `${at}.image.source.base64.media_type`,
        says: "Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
      };
    if (data.length > LARGEST)
      return { is: 'wrong', at: `${at}.image.source.base64`, says: `image exceeds 5 MB maximum: ${data.length} bytes > ${LARGEST} bytes` };
    if (!isPicture(String(source['media_type']), data)) return { is: 'wrong', at, says: 'Could not process image' };
  }
  return null;
}

function isPicture(mime: string, data: string): boolean {
  return BEGINNINGS[mime]?.test(Buffer.from(data.slice(0, 64), 'base64').toString('latin1')) ?? false;
}

/** The words of a content, as a cache would know them again. */
export function wordsIn(content: unknown): string {
  if (!Array.isArray(content)) return String(content);
  return (content as Body[]).map((part) => JSON.stringify(part)).join('\n');
}
