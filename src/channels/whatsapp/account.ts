/** Whether what a shop owner pasted opens a number, and for how long. */
import { z } from 'zod';
import { DeliveryError, type ChannelAccess, type ConnectResult } from '../channel.ts';
import { callGraph, GraphError, type GraphCall } from '../meta-graph.ts';
import type { WhatsappSettings } from './settings.ts';

type Access = ChannelAccess<WhatsappSettings>;

const number = z.object({ id: z.string(), display_phone_number: z.string(), verified_name: z.string().optional() });
const numbers = z.object({ data: z.array(z.object({ id: z.string() })) });
const token = z.object({
  data: z.object({ is_valid: z.boolean(), expires_at: z.number().optional(), scopes: z.array(z.string()).optional() }),
});
const done = z.object({ success: z.literal(true) });

const NEEDED = ['whatsapp_business_messaging', 'whatsapp_business_management'];
/** "It doesn't exist, or this token may not see it": Meta doesn't say which. */
const NOT_SEEN = 100;

/**
 * Opens the number and lets Meta post what comes to it: an app that isn't subscribed to the account hears nothing, which
 * is the step that people miss.
 */
export async function connect(access: Access): Promise<ConnectResult> {
  const { phoneNumberId, businessAccountId } = access.settings;
  const opened = await seen(access, 'phoneNumberId', {
    path: phoneNumberId,
    query: { fields: 'id,display_phone_number,verified_name' },
    shape: number,
  });
  const { data } = await seen(access, 'businessAccountId', {
    path: `${businessAccountId}/phone_numbers`,
    query: { fields: 'id', limit: '100' },
    shape: numbers,
  });
  if (!data.some(({ id }) => id === phoneNumberId))
    throw wrong('businessAccountId', 'This number isn’t in that account. Copy both from the same page: WhatsApp, API setup.');
  const endsAt = await checkToken(access);
  await callGraph(access, { path: `${businessAccountId}/subscribed_apps`, body: {}, shape: done });
  const name = [opened.verified_name, opened.display_phone_number].filter(Boolean).join(', ');
  return { name, accountId: phoneNumberId, endsAt };
}

/** UTC ms; null for a token that doesn't end. */
export async function tokenEndsAt(access: Access): Promise<number | null> {
  return endOf((await debugToken(access)).data);
}

function endOf({ expires_at: at = 0 }: z.infer<typeof token>['data']): number | null {
  return at === 0 ? null : at * 1000;
}

function debugToken(access: Access): Promise<z.infer<typeof token>> {
  return callGraph(access, { path: 'debug_token', query: { input_token: access.settings.token }, shape: token });
}

/** Throws when it may not do what is needed; tells when it ends. */
async function checkToken(access: Access): Promise<number | null> {
  const { data } = await debugToken(access);
  const { scopes = [] } = data;
  const missing = NEEDED.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0)
    throw wrong('token', `This access token lacks ${missing.join(' and ')}. Generate a new one with ${NEEDED.join(' and ')} ticked.`);
  return endOf(data);
}

async function seen<Result>(access: Access, field: string, call: GraphCall<Result>): Promise<Result> {
  try {
    return await callGraph(access, call);
  } catch (error) {
    if (!(error instanceof GraphError) || error.code !== NOT_SEEN || /appsecret_proof/i.test(error.description)) throw error;
    throw wrong(
      field,
      'Meta doesn’t know this ID, or the access token may not see it. Copy the ID again, and give the system user this account.',
      error,
    );
  }
}

function wrong(field: string, says: string, cause?: unknown): DeliveryError {
  return new DeliveryError({ outcome: 'not-sent', permanent: true, field, says, cause });
}
