import assert from 'node:assert/strict';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { receiveEvents, sayAsPerson } from '../../src/conversations/index.ts';
import { addText, removeSource } from '../../src/knowledge/index.ts';
import { startWork } from '../../src/work.ts';
import type { Workspace } from '../../src/workspace.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type TestServer } from '../support/http.ts';
import { widgetChannel } from '../support/stand-in-channel.ts';

export const UNKNOWN = 'Do you have oat milk?';

export interface Gap {
  id: number;
  groupId: number;
  text: string;
  reason: string;
  replyId: number;
}

/** Café Aurora with a bot that answers word for word from what it knows, and says so when it knows nothing. */
export interface Cast {
  server: TestServer;
  ws: Workspace;
  channelId: number;
  /** Where the pages of unanswered questions are. */
  base: string;
  /** A customer writes, and everything that follows is done. Of one name it is the same one until the next test. */
  ask(who: string, text: string, more?: { name?: string }): Promise<{ conversationId: number; messageId: number; replyId: number }>;
  /** A member answers in the conversation. */
  answer(conversationId: number, text: string): void;
  all<T>(sql: string, ...values: unknown[]): T[];
  gaps(): Gap[];
  /** Texts of each group, the groups and their texts in order. */
  groups(): string[][];
  state(groupId: number): string;
  quiet(): Promise<void>;
  /** For the next test: no gaps, nothing learned, nobody held back. */
  clear(): Promise<void>;
  end(): Promise<void>;
}

export async function insightsCast(): Promise<Cast> {
  const server = await startServer();
  const held = server.installation.workspaces.hold(server.workspace);
  const ws = held.workspace;
  const work = await startWork(server.installation);
  const { botId } = createBot(ws, { userId: null, settings: { name: 'Aurora' } });
  publishDraft(ws, { botId, userId: null });
  addText(ws, { title: 'Opening hours', text: 'We are open on Sunday from nine to seven.', by: null });
  const channelId = widgetChannel(ws, { botId }).id;
  let next = 1;
  let round = 1;
  const all = <T>(sql: string, ...values: unknown[]): T[] => ws.sql.prepare(sql).all(...values) as T[];
  const cast: Cast = {
    server,
    ws,
    channelId,
    base: `/w/${ws.id}/unanswered`,
    async ask(who, text, more = {}) {
      server.clock.move(1000);
      const [received] = await receiveEvents(ws, channelId, [
        {
          type: 'message',
          thread: `${who}-${round}`,
          sender: { externalId: `${who}-${round}`, displayName: more.name ?? who },
          externalId: `m${next++}`,
          saidAt: server.clock.now(),
          parts: [{ kind: 'text', text }],
        },
      ]);
      await cast.quiet();
      const { conversationId = 0, messageId = 0 } = received ?? {};
      const [reply] = all<{ id: number }>('SELECT id FROM messages WHERE answers_through = ?', messageId);
      return { conversationId, messageId, replyId: reply?.id ?? 0 };
    },
    answer(conversationId, text) {
      server.clock.move(1000);
      sayAsPerson(ws, { conversationId, userId: server.people.agent, text });
    },
    all,
    gaps: () => all('SELECT id, group_id AS groupId, text, reason, reply_id AS replyId FROM gaps ORDER BY id'),
    groups: () => {
      const groups = new Map<number, string[]>();
      for (const { groupId, text } of cast.gaps()) groups.set(groupId, [...(groups.get(groupId) ?? []), text]);
      return [...groups.values()];
    },
    state: (groupId) => String(ws.sql.prepare('SELECT state FROM gap_groups WHERE id = ?').pluck().get(groupId)),
    quiet: () =>
      eventually(() => assert.deepEqual(all("SELECT kind, key, says FROM jobs WHERE kind NOT IN ('nobody-came', 'tell-team')"), []), 6000),
    async clear() {
      for (const { id } of all<{ id: number }>("SELECT id FROM sources WHERE kind = 'qa' AND state <> 'removing'")) removeSource(ws, id);
      await cast.quiet();
      round += 1;
      ws.durable(() =>
        ws.sql.exec('DELETE FROM question_origins; DELETE FROM gaps; DELETE FROM gap_groups; UPDATE contacts SET restricted_at = NULL'),
      );
    },
    async end() {
      await work.stop(1000);
      held.release();
      await server.end();
    },
  };
  await cast.quiet();
  return cast;
}

/** The only group there is. */
export function onlyGroup(cast: Cast): number {
  const ids = [...new Set(cast.gaps().map(({ groupId }) => groupId))];
  assert.equal(ids.length, 1, `there are ${ids.length} groups`);
  return ids[0] ?? 0;
}
