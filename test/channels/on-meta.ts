import assert from 'node:assert/strict';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { addChannel, type ChannelRow } from '../../src/channels/index.ts';
import { verifyToken } from '../../src/channels/webhook-address.ts';
import { sayAsPerson, takeOver } from '../../src/conversations/index.ts';
import { addQuestions } from '../../src/knowledge/index.ts';
import { startWork } from '../../src/work.ts';
import type { Workspace } from '../../src/workspace.ts';
import type { GraphServer } from '../simulators/meta-server.ts';
import type { Json } from '../simulators/meta-webhooks.ts';
import { TestClock } from '../support/clock.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type TestServer } from '../support/http.ts';

/** Café Aurora's server with one of Meta's channels, answered by people alone. */
export interface OnMeta<Far extends GraphServer> {
  far: Far;
  server: TestServer;
  clock: TestClock;
  ws: Workspace;
  channel: ChannelRow;
  /** Where Meta posts. */
  address: string;
  verify: string;
  /** Meta posts, once; it must be answered with 200. */
  post(body: Json): Promise<void>;
  all<T>(sql: string, ...values: unknown[]): T[];
  one<T>(sql: string, ...values: unknown[]): T;
}

type Hook = (act: () => Promise<void>) => void;

interface FarSide<Far> {
  far: Far;
  kind: string;
  settings: Record<string, string>;
  env: Record<string, string>;
}

/** Opened at `begin`, shut at `end`; what is returned is filled by then. */
export function onMeta<Far extends GraphServer>(begin: Hook, end: Hook, start: (clock: TestClock) => Promise<FarSide<Far>>): OnMeta<Far> {
  const opened = {} as OnMeta<Far>;
  begin(async () => {
    const clock = new TestClock();
    const { far, kind, settings, env } = await start(clock);
    const server = await startServer({ clock, env });
    const ws = server.installation.workspaces.hold(server.workspace).workspace;
    const channel = await addChannel(ws, { kind, settings, botId: null, userId: null });
    const address = `${server.url}/webhooks/${channel.publicId}`;
    Object.assign(opened, {
      far,
      server,
      clock,
      ws,
      channel,
      address,
      verify: verifyToken(ws, channel.publicId),
      post: async (body) => assert.deepEqual(await far.deliver(address, body), [200]),
      all: <T>(sql: string, ...values: unknown[]) => ws.sql.prepare(sql).all(...values) as T[],
      one: <T>(sql: string, ...values: unknown[]) => ws.sql.prepare(sql).get(...values) as T,
    } satisfies OnMeta<Far>);
  });
  end(async () => {
    await opened.server.end();
    await opened.far.stop();
  });
  return opened;
}

export const QUESTION = 'Are you open on Sunday?';

interface Conversation {
  id: number;
  turn: string;
  wanted: number | null;
  why: string | null;
  contact: number;
}

/** The same with everything that runs: a bot without AI that knows when the café is open, and no quiet time. */
export interface RunningOnMeta<Far extends GraphServer> {
  on: OnMeta<Far>;
  mira: number;
  /** Of all deliveries, in order. */
  states(): string[];
  /** The newest. */
  conversation(): Conversation;
  /** As its owner sees it. */
  page(): Promise<string>;
  /** A member takes over and writes. */
  say(text: string): void;
}

export function runningOn<Far extends GraphServer>(
  begin: Hook,
  end: Hook,
  open: (begin: Hook, end: Hook) => OnMeta<Far>,
): RunningOnMeta<Far> {
  let stop: (ms: number) => Promise<void> = async () => undefined;
  end(() => stop(1000));
  const on = open(begin, end);
  const conversation = () =>
    on.one<Conversation>(
      'SELECT id, turn, wanted_since AS wanted, wanted_why AS why, contact_id AS contact FROM conversations ORDER BY id DESC LIMIT 1',
    );
  const running: RunningOnMeta<Far> = {
    on,
    mira: 0,
    states: () => on.all<{ state: string }>('SELECT state FROM deliveries ORDER BY id').map(({ state }) => state),
    conversation,
    page: async () => (await (await on.server.as('owner')).get(`/w/${on.ws.id}/conversations/${conversation().id}`)).text,
    say(text) {
      takeOver(on.ws, conversation().id, running.mira);
      sayAsPerson(on.ws, { conversationId: conversation().id, userId: running.mira, text });
    },
  };
  begin(async () => {
    running.mira = on.server.people.owner;
    const { mira } = running;
    const { botId } = createBot(on.ws, { settings: { name: 'Aurora' }, userId: mira });
    publishDraft(on.ws, { botId, userId: mira });
    on.ws.sql.prepare('UPDATE channels SET quiet_ms = 0, bot_id = ?').run(botId);
    const work = await startWork(on.server.installation);
    stop = (ms) => work.stop(ms);
    const answer = 'On Sunday we open at ten and close at four.';
    addQuestions(on.ws, { title: 'Hours', by: mira, pairs: [{ question: QUESTION, answer }] });
    await eventually(() => assert.equal(on.one<{ state: string }>('SELECT state FROM sources').state, 'ready'));
  });
  return running;
}
