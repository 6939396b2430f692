import { z } from 'zod';
import { callApi, type Access } from './api.ts';
import { isMarkupError } from './errors.ts';
import { markdownToTelegram } from './markup.ts';

export const sentMessage = z.object({ message_id: z.number().int() });

/** Where a message goes, and what goes with it: as every method that sends takes it. */
export interface About {
  chat_id: number;
  business_connection_id?: string;
  reply_parameters?: { message_id: number; allow_sending_without_reply: boolean };
  reply_markup?: { inline_keyboard: { text: string; callback_data: string }[][] };
}

/** Throws as `callApi`. */
export async function sendText(access: Access, about: About, text: string): Promise<z.infer<typeof sentMessage>> {
  try {
    return await callApi(access, 'sendMessage', { ...about, text: markdownToTelegram(text), parse_mode: 'HTML' }, sentMessage);
  } catch (error) {
    if (!isMarkupError(error)) throw error;
    return callApi(access, 'sendMessage', { ...about, text }, sentMessage);
  }
}
