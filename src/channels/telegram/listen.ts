/** Long polling that loses nothing: an update is confirmed to Telegram only by the poll after the commit that stored it. */
import { z } from 'zod';
import type { Channel } from '../channel.ts';
import { callApi, type Access } from './api.ts';
import { listenError } from './errors.ts';
import { parseUpdates } from './parse.ts';

const POLL_SECONDS = 50;
const AT_MOST = 100;
const updates = z.array(z.looseObject({ update_id: z.number().int() }));
const state = z.object({ offset: z.number().int() }).catch({ offset: 0 });

export async function listen(access: Access, onEvents: Parameters<NonNullable<Channel['listen']>>[1]): Promise<void> {
  let { offset } = state.parse(access.state);
  // The first poll doesn't wait, so that "connected" is known at once.
  for (let wait = 0; !access.signal.aborted; wait = POLL_SECONDS) {
    const batch = await poll(access, offset, wait);
    const last = batch.at(-1);
    // Also when it is lower: after a silent week Telegram begins with another number, and gives all it has to an offset from the future.
    if (last) offset = last.update_id + 1;
    if (last || wait === 0) await onEvents(parseUpdates(batch), { offset });
  }
}

async function poll(access: Access, offset: number, timeout: number) {
  try {
    return await callApi(
      access,
      'getUpdates',
      { offset, limit: AT_MOST, timeout, allowed_updates: ['message', 'edited_message'] },
      updates,
      (timeout + 15) * 1000,
    );
  } catch (error) {
    if (access.signal.aborted) return [];
    throw listenError(error);
  }
}
