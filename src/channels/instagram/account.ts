/**
 * Whether what a shop owner pasted opens an Instagram account, and for how long. With Facebook login the token is that of
 * the Page that the account is linked to; with Instagram login it is the account's own, and ends after sixty days unless
 * it is renewed.
 */
import { z } from 'zod';
import { DeliveryError, type ChannelAccess, type ConnectResult, type Lasting } from '../channel.ts';
import { callGraph, GraphError } from '../meta-graph.ts';
import { PAGE_FIELDS, subscribe } from '../meta-messaging.ts';
import { checkRights, lookAtToken, wrongSetting } from '../meta-token.ts';
import type { InstagramSettings } from './settings.ts';

type Access = ChannelAccess<InstagramSettings>;

const linked = z.object({ instagram_business_account: z.object({ id: z.string(), username: z.string() }).optional() });
/** Its own id is the app's name for it; webhooks name it by `user_id`. */
const own = z.object({ user_id: z.coerce.string(), username: z.string() });
const renewed = z.object({ access_token: z.string().min(1), expires_in: z.number().int().positive() });

const NEEDED = ['instagram_basic', 'instagram_manage_messages', 'pages_manage_metadata'];
const FIELDS = ['messages', 'messaging_postbacks', 'messaging_seen', 'message_reactions', 'message_edit', 'messaging_referral', 'standby'];
const TOKEN_ENDED = 190;
const SIXTY_DAYS_MS = 60 * 24 * 3600_000;

/** Throws as `callGraph`, or DeliveryError. */
export function connectAccount(access: Access): Promise<ConnectResult> {
  return access.settings.login === 'facebook' ? connectByPage(access) : connectItself(access);
}

async function connectByPage(access: Access): Promise<ConnectResult> {
  const token = await lookAtToken(access);
  if (token.type !== 'PAGE')
    throw wrongSetting(
      'token',
      'This token opens a person’s own account, not a Page. Generate one for the Page that the account is linked to.',
    );
  checkRights(token, NEEDED);
  const fields = 'instagram_business_account{id,username}';
  const { instagram_business_account: account } = await callGraph(access, { path: 'me', query: { fields }, shape: linked });
  if (!account)
    throw wrongSetting(
      'token',
      'No Instagram account is linked to this Page. Link it in the Page’s settings, under Linked accounts, then try again.',
    );
  await subscribe(access, PAGE_FIELDS);
  return { name: `@${account.username}`, accountId: account.id, endsAt: token.endsAt };
}

async function connectItself(access: Access): Promise<ConnectResult> {
  const account = await callGraph(access, { path: 'me', query: { fields: 'user_id,username' }, shape: own });
  await subscribe(access, FIELDS);
  // How old a pasted token is nobody says; the next night renews it and knows.
  return { name: `@${account.username}`, accountId: account.user_id, endsAt: access.clock.now() + SIXTY_DAYS_MS };
}

/** Until when the token holds; one of the account's own is renewed by that, for sixty days more. Throws as `callGraph`. */
export async function lastingOf(access: Access): Promise<Lasting<InstagramSettings>> {
  if (access.settings.login === 'facebook') return { endsAt: (await lookAtToken(access)).endsAt };
  const answer = await renewedToken(access);
  return { endsAt: access.clock.now() + answer.expires_in * 1000, settings: { token: answer.access_token } };
}

/** What isn't renewed tonight still holds, mostly since it is younger than a day: no fault of the account. */
async function renewedToken(access: Access): Promise<z.infer<typeof renewed>> {
  try {
    return await callGraph(access, {
      path: 'refresh_access_token',
      unversioned: true,
      // The one call for which Meta wants the token in the address.
      query: { grant_type: 'ig_refresh_token', access_token: access.settings.token },
      shape: renewed,
    });
  } catch (cause) {
    if (!(cause instanceof GraphError) || cause.code === TOKEN_ENDED) throw cause;
    throw new DeliveryError({
      outcome: 'not-sent',
      permanent: false,
      says: 'Instagram didn’t renew the access token. It is asked again tomorrow.',
      cause,
    });
  }
}
