import type { ChannelEvent } from '../../src/channels/index.ts';
import { deliverMessages, deliveryParked, receiveEvents, type Received } from '../../src/conversations/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { TestClock } from '../support/clock.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';
import { standInChannel, type FarSide } from '../support/stand-in-channel.ts';

export const MIRA = 1;
export const BEN = 2;

/** Café Aurora with a bot that answers nothing by itself: what it says, a test says for it. */
export interface Cast {
  test: TestInstallation;
  clock: TestClock;
  ws: Workspace;
  channelId: number;
  far: FarSide;
  botId: number;
  /** A customer writes. */
  write(text: string, more?: Partial<Extract<ChannelEvent, { type: 'message' }>>): Promise<Received>;
  one<T>(sql: string, ...values: unknown[]): T;
  all<T>(sql: string, ...values: unknown[]): T[];
  startJobs(): Promise<void>;
}

/** A cast in which a customer has asked something. */
export async function castAsked(): Promise<Cast & { conversationId: number; messageId: number }> {
  const cast = await castOf();
  const { conversationId = 0, messageId = 0 } = await cast.write('Are you open on Sunday?');
  return { ...cast, conversationId, messageId };
}

let messageId = 100;

export async function castOf(): Promise<Cast> {
  const clock = new TestClock();
  const test = await testInstallation({ clock });
  const ws = test.installation.workspaces.hold(cafeAurora(test.installation)).workspace;
  const botId = ws.durable(() => Number(ws.sql.prepare("INSERT INTO bots (name, created_at) VALUES ('Aurora', 0)").run().lastInsertRowid));
  const { id: channelId, far } = standInChannel(ws, { botId });
  return {
    test,
    clock,
    ws,
    channelId,
    far,
    botId,
    async write(text, more = {}) {
      const [received] = await receiveEvents(ws, channelId, [
        {
          type: 'message',
          thread: '7',
          sender: { externalId: '7', displayName: 'Jonas' },
          externalId: String(messageId++),
          saidAt: clock.now(),
          parts: [{ kind: 'text', text }],
          ...more,
        },
      ]);
      if (!received) throw new Error('nothing was received');
      return received;
    },
    one: <T>(sql: string, ...values: unknown[]) => ws.sql.prepare(sql).get(...values) as T,
    all: <T>(sql: string, ...values: unknown[]) => ws.sql.prepare(sql).all(...values) as T[],
    startJobs: () =>
      test.installation.jobs.start({
        deliver: { run: deliverMessages, onParked: deliveryParked },
        answer: { run: async (_, job) => job.finishQuietly() },
      }),
  };
}
