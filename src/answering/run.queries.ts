/** How an answer was made, for the page that shows it. */
import { asc, eq } from '../db/drizzle.ts';
import { botVersions, bots, providerCalls, runs } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';

export type RunView = typeof runs.$inferSelect & {
  botName: string;
  versionNumber: number;
  calls: (typeof providerCalls.$inferSelect)[];
};

/** A run with its bot and its calls; undefined when there is none. */
export function runView(ws: Workspace, runId: number): RunView | undefined {
  const row = ws.db
    .select({ run: runs, botName: bots.name, versionNumber: botVersions.number })
    .from(runs)
    .innerJoin(botVersions, eq(botVersions.id, runs.botVersionId))
    .innerJoin(bots, eq(bots.id, botVersions.botId))
    .where(eq(runs.id, runId))
    .get();
  if (!row) return undefined;
  const calls = ws.db.select().from(providerCalls).where(eq(providerCalls.runId, runId)).orderBy(asc(providerCalls.id)).all();
  return { ...row.run, botName: row.botName, versionNumber: row.versionNumber, calls };
}
