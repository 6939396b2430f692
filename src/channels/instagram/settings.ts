import { z } from 'zod';
import { metaSecrets } from '../meta-messaging-settings.ts';

/** What a shop owner copies from Meta's app dashboard. The token itself says which account it opens. */
export const instagramSettings = z.strictObject({
  login: z.enum(['instagram', 'facebook']).meta({
    label: 'How the app signs in',
    hint: 'As the app’s Instagram page calls it: “API setup with …”.',
    choices: { instagram: 'With Instagram login: the account alone', facebook: 'With Facebook login: the account’s Page' },
  }),
  ...metaSecrets({
    token: 'With Facebook login, that of the Page. It’s sealed at once and never shown again.',
    appSecret: 'With Instagram login, the “Instagram app secret”. By it Deskbell knows what Meta sent. Sealed, too.',
  }).shape,
});

export type InstagramSettings = z.infer<typeof instagramSettings>;
