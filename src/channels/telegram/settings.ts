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
  /** Channels that were connected before there was a choice have none, and ask. */
  mode: z
    .enum(['polling', 'webhook'], { error: 'Choose one of the two ways.' })
    .default('polling')
    .meta({
      label: 'How messages come in',
      hint: 'What waits at Telegram comes in by either way. After choosing a call, write to your bot once: the check turns green with the first thing that comes.',
      choices: { polling: 'Deskbell asks Telegram (works anywhere)', webhook: 'Telegram calls Deskbell (needs a public address)' },
      later: true,
    }),
});

export type TelegramSettings = z.infer<typeof telegramSettings>;
