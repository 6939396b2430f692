/** Café Aurora with a bot and a widget on its site, served for real; the test speaks as bot and as person. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { createApp } from '../../../src/app.ts';
import { createBot, publishDraft } from '../../../src/bots/index.ts';
import { addChannel, editChannelSettings, type ChannelRow } from '../../../src/channels/index.ts';
import { createOwner } from '../../../src/accounts/index.ts';
import { conversationById, replyAsBot, sayAsBusiness } from '../../../src/conversations/index.ts';
import { closeStreams } from '../../../src/web/sse.ts';
import type { Workspace } from '../../../src/workspace.ts';
import { testInstallation, type TestInstallation } from '../../support/installation.ts';
import type { Clock } from '../../../src/lib/clock.ts';

export interface House {
  test: TestInstallation;
  ws: Workspace;
  workspaceId: string;
  ownerId: number;
  channel: ChannelRow;
  /** Where Deskbell listens, without a slash at the end. */
  url: string;
  /** The address of one of the widget's acts. */
  to(act: string): string;
  allow(...origins: string[]): Promise<void>;
  /** Ends every stream and lets nobody in, as in a restart; `open` serves again on the same port. */
  shut(): Promise<void>;
  open(): Promise<void>;
  end(): Promise<void>;
}

export interface HouseOptions {
  clock?: Clock;
  greeting?: string;
  starters?: string[];
}

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const test = await testInstallation({ ...(options.clock ? { clock: options.clock } : {}), env: { TRUST_PROXY: '1' } });
  const { installation } = test;
  const made = await createOwner(
    installation,
    {
      email: 'mira@aurora.example',
      firstName: 'Mira',
      lastName: 'Aydin',
      company: null,
      phone: null,
      country: null,
      password: 'lemon-and-olive-oil',
    },
    { name: 'Café Aurora', language: 'en', timezone: 'Europe/Berlin', currency: 'EUR' },
  );
  if (made.outcome !== 'made') throw new Error('the owner was not made');
  const { workspace: ws, release } = installation.workspaces.hold(made.workspaceId);
  const { botId } = createBot(ws, {
    settings: {
      name: 'Aurora',
      greeting: options.greeting ?? 'Hello! Ask me about cakes, tables and opening hours.',
      starters: options.starters ?? [],
    },
    userId: made.userId,
  });
  publishDraft(ws, { botId, userId: made.userId });
  const channel = await addChannel(ws, { kind: 'widget', settings: { colour: '#b8371a' }, botId, userId: made.userId });
  const app = createApp(installation);
  let server = await listen(app, 0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const house: House = {
    test,
    ws,
    workspaceId: made.workspaceId,
    ownerId: made.userId,
    channel,
    url,
    to: (act) => `${url}/widget/${channel.publicId}/${act}`,
    async allow(...origins) {
      await editChannelSettings(ws, {
        channelId: channel.id,
        settings: { colour: '#b8371a', origins: origins.join('\n') },
        userId: made.userId,
      });
    },
    async shut() {
      closeStreams(app);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    async open() {
      server = await listen(app, port);
    },
    async end() {
      if (server.listening) await house.shut();
      release();
      await test.end();
    },
  };
  return house;
}

type Hook = (act: () => Promise<void>) => void;

/** A house that is opened at `begin` and gone after `end`; what is returned is filled by then. */
export function houseFor(begin: Hook, end: Hook, options: HouseOptions = {}): House {
  const house = {} as House;
  begin(async () => void Object.assign(house, await openHouse(options)));
  end(() => house.end());
  return house;
}

function listen(app: Express, port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = app.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** What the bot says, in the pieces in which it comes. Returns the message's id. */
export function answer(house: House, conversationId: number, pieces: string[]): number {
  for (const text of pieces) house.ws.bus.publish({ type: 'draft', conversationId, runId: 1, text });
  const { messageId } = house.ws.durable(() => sayAsBusiness(house.ws, conversationId, pieces.join('')));
  house.ws.bus.publish({ type: 'draft-ended', conversationId, runId: 1, messageId });
  return messageId;
}

/** The bot's reply to what was said last, with the sources it has it from. */
export function reply(house: House, conversationId: number, text: string, sources: { title: string; url?: string }[]): void {
  const answersThrough = conversationById(house.ws, conversationId)?.lastCustomerMessageId ?? 0;
  const cited = sources.map((source, index) => ({ n: index + 1, chunkId: index + 1, sourceId: index + 1, path: '', ...source }));
  house.ws.durable(() => replyAsBot(house.ws, { conversationId, runId: null, answersThrough, text, sources: cited, language: 'en' }));
}

export function newestConversation(house: House): number {
  return house.ws.prepare('SELECT max(id) FROM conversations').pluck().get() as number;
}

export function count(house: House, table: 'messages' | 'conversations' | 'contacts' | 'identities'): number {
  return house.ws
    .prepare(`SELECT count(*) FROM ${table} ${table === 'messages' ? "WHERE author = 'customer'" : ''}`)
    .pluck()
    .get() as number;
}
