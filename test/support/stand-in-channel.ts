import { z } from 'zod';
import { channelKinds, DeliveryError, type Channel, type Outbound, type Sent } from '../../src/channels/index.ts';
import { publicId } from '../../src/lib/ids.ts';
import type { Workspace } from '../../src/workspace.ts';

/** A channel whose far side is this object: it keeps what was sent, and fails as it is told. */
export class FarSide {
  readonly sent: Outbound[] = [];
  /** Each is thrown by one send, in order. */
  readonly failures: Error[] = [];
  /** Held open: a send waits for it after it was taken. */
  gate: Promise<void> | undefined;
  #next = 1;

  async send(outbound: Outbound): Promise<Sent> {
    await this.gate;
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.sent.push(outbound);
    return { externalId: `out-${this.#next++}`, state: 'sent' };
  }
}

const farSides = new Map<number, FarSide>();

const standIn: Channel = {
  kind: 'stand-in',
  name: 'Stand-in',
  settings: z.object({}),
  limits: { textLength: 200, textUnit: 'utf16', quietMs: 1500, windowMs: null },
  connect: () => Promise.resolve({ name: 'Stand-in', accountId: '1' }),
  disconnect: () => Promise.resolve(),
  health: () => Promise.resolve(),
  parse: () => [],
  send(access, outbound) {
    const far = farSides.get(access.channelId);
    if (!far) throw new Error('no far side');
    return far.send(outbound);
  },
};

/** Connects a channel of that kind, answered by a bot or by none. */
export function standInChannel(ws: Workspace, init: { botId: number | null }): { id: number; far: FarSide } {
  // Not enumerable: pages that list the kinds of this release don't list it.
  Object.defineProperty(channelKinds, 'stand-in', {
    value: { ...standIn },
    configurable: true,
    enumerable: false,
  });
  const id = insertChannel(ws, 'stand-in', init.botId);
  const far = new FarSide();
  farSides.set(id, far);
  return { id, far };
}

/** A widget, without its pages. */
export function widgetChannel(ws: Workspace, init: { botId: number | null }): { id: number } {
  return { id: insertChannel(ws, 'widget', init.botId) };
}

function insertChannel(ws: Workspace, kind: string, botId: number | null): number {
  return ws.durable(() =>
    Number(
      ws.sql
        .prepare(
          "INSERT INTO channels (public_id, kind, name, bot_id, status, settings, created_at) VALUES (?, ?, ?, ?, 'connected', '{}', ?)",
        )
        .run(publicId('ch'), kind, kind, botId, ws.clock.now()).lastInsertRowid,
    ),
  );
}

export const notSent = (
  says: string,
  more: { permanent?: boolean; retryAfter?: number; account?: boolean; untried?: boolean; cause?: Error } = {},
): DeliveryError => new DeliveryError({ outcome: 'not-sent', permanent: false, says, ...more });

export const unknownOutcome = (says: string): DeliveryError => new DeliveryError({ outcome: 'unknown', permanent: false, says });
