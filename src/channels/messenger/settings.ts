import type { z } from 'zod';
import { metaSecrets } from '../meta-messaging-settings.ts';

/** What a shop owner copies from Meta's app dashboard. The token itself says which Page it opens. */
export const messengerSettings = metaSecrets({
  token: 'That of your Page. It’s sealed at once and never shown again.',
  appSecret: 'By it Deskbell knows that what comes in was sent by Meta. Sealed, too.',
});

export type MessengerSettings = z.infer<typeof messengerSettings>;
