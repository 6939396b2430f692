/** The secrets that Messenger and Instagram ask for alike. */
import { z } from 'zod';

const metaToken = (hint: string) =>
  z
    .string()
    .max(2000, 'That is more than a token. Copy the token alone.')
    .overwrite((pasted) => pasted.trim())
    .regex(/^[\w|.-]{20,}$/, 'This is no access token. It’s long, with letters and digits alone. Copy it again, whole.')
    .meta({ secret: true, label: 'Access token', hint });

const metaAppSecret = (hint: string) =>
  z
    .string()
    .overwrite((pasted) => pasted.trim().toLowerCase())
    .regex(/^[0-9a-f]{32}$/, 'This is no app secret. It has 32 letters and digits. Press “Show” beside it and copy it.')
    .meta({ secret: true, label: 'App secret', hint });

/** Whose they are stands in the hints. */
export const metaSecrets = (hints: { token: string; appSecret: string }) =>
  z.strictObject({ token: metaToken(hints.token), appSecret: metaAppSecret(hints.appSecret) });
