import { z } from 'zod';

const number = (what: string) =>
  z
    .string()
    .overwrite((pasted) => pasted.replace(/\s+/g, ''))
    .regex(/^\d{5,20}$/, `This is no ${what}: it has digits only, fifteen or so. Copy it again, whole.`);

/** What a shop owner copies from Meta's console. */
export const whatsappSettings = z.strictObject({
  phoneNumberId: number('phone number ID').meta({
    label: 'Phone number ID',
    hint: 'Not the phone number itself: it stands below it, under WhatsApp, API setup.',
  }),
  businessAccountId: number('account ID').meta({ label: 'WhatsApp Business Account ID', hint: 'It stands beside the phone number ID.' }),
  token: z
    .string()
    .max(2000, 'That is more than a token. Copy the token alone.')
    .overwrite((pasted) => pasted.trim())
    .regex(/^[\w|.-]{20,}$/, 'This is no access token. It begins with EAA and is long. Copy it again, whole.')
    .meta({ secret: true, label: 'Access token', hint: 'It’s sealed at once and never shown again.' }),
  appSecret: z
    .string()
    .overwrite((pasted) => pasted.trim().toLowerCase())
    .regex(/^[0-9a-f]{32}$/, 'This is no app secret. It has 32 letters and digits. Under App settings, Basic, press “Show” and copy it.')
    .meta({ secret: true, label: 'App secret', hint: 'By it Deskbell knows that what comes in was sent by Meta. Sealed, too.' }),
});

export type WhatsappSettings = z.infer<typeof whatsappSettings>;
