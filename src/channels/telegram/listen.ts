/** How updates come in: fetched by us, or posted to us. */
import { z } from 'zod';
import type { Channel, Heard } from '../channel.ts';
import { callApi, TelegramError, type Access } from './api.ts';
import { letRest } from './choices.ts';
import { listenError } from './errors.ts';
import { parseUpdates } from './parse.ts';
import { UPDATES } from './shapes.ts';
import { deleteWebhook, hasOwnWebhook, keepWebhook } from './webhook.ts';

type OnEvents = Parameters<NonNullable<Channel['listen']>>[1];

const POLL_SECONDS = 50;
const AT_MOST = 100;
const updates = z.array(z.looseObject({ update_id: z.number().int() }));
const state = z.object({ offset: z.number().int() }).catch({ offset: 0 });

export async function listen(access: Access, onEvents: OnEvents): Promise<void> {
  await (access.settings.mode === 'webhook' ? keepWebhook(access, onEvents) : fetchUpdates(access, onEvents));
}

/** Long polling that loses nothing: an update is confirmed to Telegram only by the poll after the commit that stored it. */
async function fetchUpdates(access: Access, onEvents: OnEvents): Promise<void> {
  let { offset } = state.parse(access.state);
  // The first poll doesn't wait, so that "connected" is known at once.
  for (let wait = 0; !access.signal.aborted; wait = POLL_SECONDS) {
    const batch = await poll(access, offset, wait);
    const last = batch.at(-1);
    // Also when it is lower: after a silent week Telegram begins with another number, and gives all it has to an offset from the future.
    if (last) offset = last.update_id + 1;
    if (last || wait === 0) await onEvents(parseUpdates(batch, heardBy(access)), { offset });
    // Beside the next poll, which waits for nothing.
    void letRest(access, batch);
  }
}

function heardBy({ settings, name = '', clock }: Access): Heard {
  return { account: { id: settings.token.split(':')[0] ?? '', name }, at: clock.now() };
}

async function poll(access: Access, offset: number, timeout: number): Promise<z.infer<typeof updates>> {
  const asked = { offset, limit: AT_MOST, timeout, allowed_updates: UPDATES };
  try {
    return await callApi(access, 'getUpdates', asked, updates, (timeout + 15) * 1000);
  } catch (error) {
    if (access.signal.aborted) return [];
    if (await isOwnWebhook(access, error)) {
      await deleteWebhook(access);
      return poll(access, offset, timeout);
    }
    throw listenError(error);
  }
}

/** Whether polling is refused for a webhook of ours, left by the other way: then nobody has to mend anything. */
async function isOwnWebhook(access: Access, error: unknown): Promise<boolean> {
  if (!(error instanceof TelegramError && error.code === 409 && /webhook/i.test(error.description))) return false;
  return hasOwnWebhook(access).catch(() => false);
}
