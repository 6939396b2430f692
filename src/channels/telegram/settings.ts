import { z } from 'zod';

const TOKEN = /\d{5,}:[\w-]{30,}/;

/** What a shop owner gives: the token, or the whole message of @BotFather with the token in it. */
export const telegramSettings = z.strictObject({
  token: z
    .string()
    .max(2000, 'That is more than a token. Copy the token alone.')
    .overwrite((pasted) => TOKEN.exec(pasted)?.[0] ?? pasted.trim())
    .regex(new RegExp(`^${TOKEN.source}$`), 'This is no bot token. It looks like 123456789:AAH… Copy it again, whole.')
    .meta({ secret: true, label: 'Bot token', hint: 'It’s sealed at once and never shown again.' }),
});

export type TelegramSettings = z.infer<typeof telegramSettings>;
