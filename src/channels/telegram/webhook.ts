/** Telegram calls us: the webhook is set, then watched, since Telegram alone knows whether its posts arrive. */
import { setTimeout as pause } from 'node:timers/promises';
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ListenError, type Channel } from '../channel.ts';
import { callApi, done, TelegramError, type Access } from './api.ts';
import { listenError, TAKEN_OVER } from './errors.ts';
import { UPDATES } from './shapes.ts';

const LOOK_EVERY_MS = 60_000;
/** Telegram tries again within minutes: an error that is older is over. */
const ERROR_HOLDS_MS = 15 * 60_000;
const HEADER = 'x-telegram-bot-api-secret-token';

export const NO_PUBLIC_ADDRESS =
  'Telegram calls public addresses with https alone, and this server has none. Choose “Deskbell asks Telegram”, or ask who runs this server to set BASE_URL.';

const ANYWHERE = '“Deskbell asks Telegram” below works without a public address.';

const info = z.object({
  url: z.string(),
  pending_update_count: z.number().int().default(0),
  last_error_date: z.number().optional(),
  last_error_message: z.string().optional(),
});

type Info = z.infer<typeof info>;

export function isFromTelegram(headers: Record<string, string | string[] | undefined>, secret: string): boolean {
  const [wanted, got] = [Buffer.from(secret), Buffer.from(String(headers[HEADER] ?? ''))];
  return secret !== '' && wanted.length === got.length && timingSafeEqual(wanted, got);
}

/** Its own address is where this channel is posted to; anything else was set by another program. */
export async function hasOwnWebhook(access: Access): Promise<boolean> {
  const { url } = await webhookInfo(access);
  return url !== '' && url === access.webhook?.().url;
}

/** What waits at Telegram was written by customers: it is never dropped. */
export async function deleteWebhook(access: Access): Promise<void> {
  await callApi(access, 'deleteWebhook', { drop_pending_updates: false }, done);
}

/**
 * Sets the webhook anew at each start, so that it follows this server's address and what this release reads; then looks
 * how it fares, until the signal aborts. The first time "heard" is left to the first post: that it is set doesn't show
 * that it arrives. Throws ListenError.
 */
export async function keepWebhook(access: Access, onEvents: Parameters<NonNullable<Channel['listen']>>[1]): Promise<void> {
  const { url, secret } = access.webhook?.() ?? { url: null, secret: '' };
  if (url === null) throw new ListenError({ fatal: true, says: NO_PUBLIC_ADDRESS });
  try {
    const known = (await webhookInfo(access)).url === url;
    await setWebhook(access, url, secret);
    while (!access.signal.aborted) {
      const now = await webhookInfo(access);
      if (now.url !== url) throw new ListenError({ fatal: true, says: TAKEN_OVER });
      const says = webhookTrouble(now, access.clock.now());
      if (says !== null) throw new ListenError({ fatal: false, says, cause: new Error(now.last_error_message) });
      if (known) await onEvents([], access.state);
      await pause(LOOK_EVERY_MS, undefined, { signal: access.signal });
    }
  } catch (error) {
    if (access.signal.aborted) return;
    throw error instanceof ListenError ? error : listenError(error);
  }
}

async function setWebhook(access: Access, url: string, secret_token: string): Promise<void> {
  try {
    await callApi(access, 'setWebhook', { url, secret_token, allowed_updates: UPDATES, drop_pending_updates: false }, done);
  } catch (error) {
    if (!(error instanceof TelegramError && error.code === 400)) throw error;
    throw new ListenError({ fatal: false, says: `${reasonOf(error.description, hostOf(url))} ${ANYWHERE}`, cause: error });
  }
}

export function webhookInfo(access: Access): Promise<Info> {
  return callApi(access, 'getWebhookInfo', {}, info);
}

/** Why posts don't arrive, in words; null while they do. */
export function webhookTrouble(
  { url, pending_update_count: waiting, last_error_date: since, last_error_message: error = '' }: Info,
  now: number,
): string | null {
  if (waiting === 0 || since === undefined || now - since * 1000 > ERROR_HOLDS_MS) return null;
  const waits = waiting === 1 ? 'One thing waits' : `${waiting} things wait`;
  return `${reasonOf(error, hostOf(url))} ${waits} there, for a day at most, and ${waiting === 1 ? 'comes' : 'come'} in once this is mended. ${ANYWHERE}`;
}

const hostOf = (url: string) => URL.parse(url)?.host ?? url;

function reasonOf(error: string, host: string): string {
  if (/ports? 80/i.test(error)) return `Telegram calls the ports 443, 80, 88 and 8443 alone, not ${host}.`;
  if (/certificate|ssl/i.test(error)) return `Telegram doesn’t trust the certificate of ${host}. Whoever runs this server renews it.`;
  if (/resolve/i.test(error)) return `Telegram finds no address for the name ${host}. Check its DNS.`;
  const [, status] = /wrong response.*?\b(\d{3})\b/i.exec(error) ?? [];
  if (status !== undefined)
    return `Telegram gets an error (${status}) where it calls ${host}. Look at what stands before this server, a proxy or a sign-in.`;
  return `Telegram can’t reach ${host}. Check that this server can be reached from the internet.`;
}
