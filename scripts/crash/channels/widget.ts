/** Visitors of the website: each message is repeated under its own id until it is acknowledged. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { addChannel } from '../../../src/channels/index.ts';
import { thinkingMs, untilTaken, type CrashChannel, type Crowded } from './channel.ts';

interface Said {
  clientId: string;
  text: string;
  token?: string;
}

export async function widgetChannel(): Promise<CrashChannel> {
  let widget = '';

  async function post({ url }: Crowded, visitor: number, said: Said): Promise<{ token?: string } | undefined> {
    const response = await fetch(`${url}/widget/${widget}/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': `10.1.${visitor >> 8}.${visitor & 255}` },
      body: JSON.stringify(said),
      signal: AbortSignal.timeout(4000),
    });
    return response.status === 200 ? ((await response.json()) as { token?: string }) : undefined;
  }

  return {
    kind: 'widget',
    environment: {},
    async furnish(ws, botId) {
      widget = (await addChannel(ws, { kind: 'widget', settings: {}, botId, userId: null })).publicId;
    },
    async customer(crowd, number, messages) {
      let token: string | undefined;
      for (let n = 0; n < messages && !crowd.over(); n++) {
        const said = { text: crowd.ledger.next(`visitor ${number}`), clientId: randomUUID(), ...(token ? { token } : {}) };
        const answer = await untilTaken(() => post(crowd, number, said));
        token ??= answer.token;
        crowd.ledger.heard('widget', said.text);
        // A page that lost the answer sends the same again.
        if (Math.random() < 0.2) await post(crowd, number, said).catch(() => undefined);
        await pause(thinkingMs());
      }
    },
    sending: () => 0,
    reached: () => null,
    isWaiting: () => false,
    again: async () => undefined,
    end: async () => undefined,
  };
}
