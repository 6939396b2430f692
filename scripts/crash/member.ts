/** A member who now and then takes a conversation from the bot, and hands it back. */
import { setTimeout as pause } from 'node:timers/promises';
import type { House } from './house.ts';
import type { Ledger } from './ledger.ts';

export async function work(house: House, ledger: Ledger, over: () => boolean): Promise<void> {
  for (; !over(); await pause(20)) {
    const client = await house.member();
    const page = await client?.get(`/w/${house.workspace}/inbox`).catch(() => undefined);
    const ids = [...new Set([...(page?.text ?? '').matchAll(/\/conversations\/(\d+)/g)].map(([, id]) => Number(id)))];
    const conversationId = ids[Math.floor(Math.random() * ids.length)];
    // While the server is down the page is asked for again, at once: its lives are short.
    if (!client || conversationId === undefined) continue;
    const path = `/w/${house.workspace}/conversations/${conversationId}`;
    const taken = await client.post(`${path}/takeover`).catch(() => undefined);
    if (taken?.status === 303) ledger.takeovers.push({ conversationId, at: Date.now() });
    await pause(100);
    if (Math.random() < 0.7) await client.post(`${path}/handback`).catch(() => undefined);
    await pause(100 + Math.random() * 200);
  }
}
