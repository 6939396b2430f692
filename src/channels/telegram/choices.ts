import { z } from 'zod';
import type { Choice } from '../channel.ts';
import { callApi, done, type Access } from './api.ts';

/** A button for each choice, one below the other: titles of any language and length stay readable. */
export function buttonsOf(choices: Choice[]): { inline_keyboard: { text: string; callback_data: string }[][] } {
  return { inline_keyboard: choices.map(({ id, title }) => [{ text: title, callback_data: id }]) };
}

const touch = z.object({ callback_query: z.object({ id: z.string() }) });

/** What lets a touched button come to rest, as the answer to the post it came by; null for any other update. */
export function restOf(body: unknown): { method: 'answerCallbackQuery'; callback_query_id: string } | null {
  const read = touch.safeParse(body);
  return read.success ? { method: 'answerCallbackQuery', callback_query_id: read.data.callback_query.id } : null;
}

/** The same by a call for each. Best effort: the message is stored, and the button comes to rest by itself in a while. */
export async function letRest(access: Access, updates: unknown[]): Promise<void> {
  const touches = updates.flatMap((update) => restOf(update) ?? []);
  await Promise.allSettled(
    touches.map(({ callback_query_id }) => callApi(access, 'answerCallbackQuery', { callback_query_id }, done, 5000)),
  );
}
