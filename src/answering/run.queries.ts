/** How an answer was made, for the page that shows it. */
import { asc, eq } from '../db/drizzle.ts';
import { botVersions, bots, messages, providerCalls, runs, toolCalls } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';

export type RunView = typeof runs.$inferSelect & {
  botId: number;
  botName: string;
  versionNumber: number;
  /** What the customer read of it: the answer, or the sentence instead of one; null when they read nothing. */
  said: string | null;
  calls: (typeof providerCalls.$inferSelect)[];
  toolCalls: (typeof toolCalls.$inferSelect)[];
};

/** A run with its bot and its calls; undefined when there is none. */
export function runView(ws: Workspace, runId: number): RunView | undefined {
  const row = ws.db
    .select({ run: runs, botId: bots.id, botName: bots.name, versionNumber: botVersions.number })
    .from(runs)
    .innerJoin(botVersions, eq(botVersions.id, runs.botVersionId))
    .innerJoin(bots, eq(bots.id, botVersions.botId))
    .where(eq(runs.id, runId))
    .get();
  if (!row) return undefined;
  const calls = ws.db.select().from(providerCalls).where(eq(providerCalls.runId, runId)).orderBy(asc(providerCalls.id)).all();
  const wanted = ws.db.select().from(toolCalls).where(eq(toolCalls.runId, runId)).orderBy(asc(toolCalls.id)).all();
  const said = ws.db.select({ text: messages.text }).from(messages).where(eq(messages.runId, runId)).orderBy(asc(messages.id)).get();
  const { run, ...bot } = row;
  return { ...run, ...bot, said: said?.text ?? null, calls, toolCalls: wanted };
}
