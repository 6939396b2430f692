import assert from 'node:assert/strict';
import { receiveEvents } from '../../../src/conversations/index.ts';
import { furnish } from '../../../src/sample/furnish.ts';
import { readSample } from '../../../src/sample/sample-file.ts';
import { startWork } from '../../../src/work.ts';
import type { Workspace } from '../../../src/workspace.ts';
import { testInstallation } from '../../support/installation.ts';

export interface Told {
  text: string;
  /** Titles of the sources that are cited. */
  sources: string[];
  /** A person was called. */
  wanted: boolean;
}

export interface Furnished {
  ws: Workspace;
  /** What a visitor is told who asks one after the other; the last answer. */
  ask(...questions: string[]): Promise<Told>;
  end(): Promise<void>;
}

/** Café Aurora as `--sample` furnishes it, at work. */
export async function furnished(): Promise<Furnished> {
  const test = await testInstallation();
  const work = await startWork(test.installation);
  await furnish(test.installation);
  const sample = readSample(test.settings) ?? assert.fail('nothing was furnished');
  const { workspace: ws, release } = test.installation.workspaces.hold(sample.workspace);
  const channelId = ws.prepare('SELECT id FROM channels WHERE public_id = ?').pluck().get(sample.widget) as number;
  let visitors = 0;
  return {
    ws,
    async ask(...questions) {
      const visitor = `asks-${++visitors}`;
      let told: Told | undefined;
      for (const [n, text] of questions.entries()) {
        const reply = nextReply(ws);
        const [received] = await receiveEvents(ws, channelId, [
          {
            type: 'message',
            thread: visitor,
            sender: { externalId: visitor },
            externalId: `${visitor}-${n}`,
            saidAt: ws.clock.now(),
            parts: [{ kind: 'text', text }],
          },
        ]);
        assert.equal(received?.outcome, 'stored');
        told = await reply;
      }
      return told ?? assert.fail('nothing was asked');
    },
    async end() {
      release();
      await work.stop(0);
      await test.end();
    },
  };
}

/** What the bot says next. */
function nextReply(ws: Workspace): Promise<Told> {
  return new Promise((resolve) => {
    const stop = ws.bus.subscribe('all', (event) => {
      if (event.type !== 'message') return;
      const row = ws
        .prepare(
          `SELECT m.text, m.sources, c.wanted_since AS wantedSince FROM messages m JOIN conversations c ON c.id = m.conversation_id
           WHERE m.id = ? AND m.author = 'bot'`,
        )
        .get(event.messageId) as { text: string; sources: string | null; wantedSince: number | null } | undefined;
      if (!row) return;
      stop();
      const sources = row.sources ? (JSON.parse(row.sources) as { title: string }[]) : [];
      resolve({ text: row.text, sources: sources.map(({ title }) => title), wanted: row.wantedSince !== null });
    });
  });
}
