import { setTimeout as pause } from 'node:timers/promises';
import { addTests, beginTests, draftOf, publishedOf, wants } from '../bots/index.ts';
import type { Workspace } from '../workspace.ts';

const DONE_WITHIN_MS = 20_000;
const TESTS = [
  { question: 'Are you open on Sunday?', wants: wants.parse({ holds: ['9:00', '19:00'], cites: 'Questions and answers' }) },
  { question: 'Habt ihr am Sonntag geöffnet?', wants: wants.parse({ holds: ['Sonntag'], lacks: ['Sunday'] }) },
  { question: 'Do you deliver outside Berlin?', wants: wants.parse({ holds: ['not deliver'], lacks: ['€6'] }) },
  { question: 'Can I talk to a person?', wants: wants.parse({ by: 'person' }) },
];

/** What its answers must say, asked once of what is live and once of the draft: one of them has to be mended. */
export async function testAnswers(ws: Workspace, botId: number, userId: number): Promise<void> {
  ws.durable(() => addTests(ws, { botId, tests: TESTS, userId }));
  for (const version of [publishedOf(ws, botId), draftOf(ws, botId)]) {
    if (version) beginTests(ws, { version, cause: 'asked', userId });
    await untilDone(ws);
  }
}

async function untilDone(ws: Workspace): Promise<void> {
  const until = ws.clock.steady() + DONE_WITHIN_MS;
  while (ws.prepare("SELECT 1 FROM test_rounds WHERE state <> 'done'").get() !== undefined) {
    if (ws.clock.steady() > until) throw new Error('the sample’s tests were not asked in time');
    await pause(20);
  }
}
