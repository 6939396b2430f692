/** Whether what a shop owner pasted opens a Page, and for how long. */
import { z } from 'zod';
import type { ChannelAccess, ConnectResult } from '../channel.ts';
import { callGraph } from '../meta-graph.ts';
import { PAGE_FIELDS, subscribe } from '../meta-messaging.ts';
import { checkRights, lookAtToken, wrongSetting } from '../meta-token.ts';
import type { MessengerSettings } from './settings.ts';

const page = z.object({ id: z.string(), name: z.string() });

const NEEDED = ['pages_messaging', 'pages_manage_metadata'];

/** Opens the Page, and lets Meta post what comes to it. Throws as `callGraph`, or DeliveryError. */
export async function connectPage(access: ChannelAccess<MessengerSettings>): Promise<ConnectResult> {
  const token = await lookAtToken(access);
  if (token.type !== 'PAGE')
    throw wrongSetting(
      'token',
      'This token opens a person’s own account, not a Page. In the app, under Messenger, press “Generate” beside your Page.',
    );
  checkRights(token, NEEDED);
  const { id, name } = await callGraph(access, { path: 'me', query: { fields: 'id,name' }, shape: page });
  await subscribe(access, PAGE_FIELDS);
  return { name, accountId: id, endsAt: token.endsAt };
}
