/** Whether what a shop owner pasted opens a number, and for how long. */
import { z } from 'zod';
import type { ChannelAccess, ConnectResult } from '../channel.ts';
import { callGraph, GraphError, type GraphCall } from '../meta-graph.ts';
import { checkRights, lookAtToken, wrongSetting } from '../meta-token.ts';
import type { WhatsappSettings } from './settings.ts';

type Access = ChannelAccess<WhatsappSettings>;

const number = z.object({ id: z.string(), display_phone_number: z.string(), verified_name: z.string().optional() });
const numbers = z.object({ data: z.array(z.object({ id: z.string() })) });
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
    throw wrongSetting('businessAccountId', 'This number isn’t in that account. Copy both from the same page: WhatsApp, API setup.');
  const token = await lookAtToken(access);
  checkRights(token, NEEDED);
  await callGraph(access, { path: `${businessAccountId}/subscribed_apps`, body: {}, shape: done });
  const name = [opened.verified_name, opened.display_phone_number].filter(Boolean).join(', ');
  return { name, accountId: phoneNumberId, endsAt: token.endsAt };
}

async function seen<Result>(access: Access, field: string, call: GraphCall<Result>): Promise<Result> {
  try {
    return await callGraph(access, call);
  } catch (error) {
    if (!(error instanceof GraphError) || error.code !== NOT_SEEN || /appsecret_proof/i.test(error.description)) throw error;
    throw wrongSetting(
      field,
      'Meta doesn’t know this ID, or the access token may not see it. Copy the ID again, and give the system user this account.',
      error,
    );
  }
}
