import { createHash } from 'node:crypto';

/** What a passage is known by from one reading to the next: it says the same under the same headings. */
export function chunkHash(path: string, text: string): string {
  return createHash('sha256').update(`${path}\n${text}`).digest('base64url');
}
