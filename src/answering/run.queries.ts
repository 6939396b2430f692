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
  /** What its whole conversation has cost so far, each currency by itself: sums of two would be of neither. */
  talkCost: { micros: number; currency: string }[];
  toolCalls: (typeof toolCalls.$inferSelect)[];
};

const TALK_COST = `
  SELECT c.currency, sum(c.cost_micros) AS micros FROM provider_calls c
  WHERE c.run_id IN (SELECT id FROM runs WHERE conversation_id = ?) AND c.cost_micros > 0 AND c.currency IS NOT NULL
  GROUP BY c.currency ORDER BY micros DESC`;

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
  const talkCost = run.conversationId === null ? [] : (ws.prepare(TALK_COST).all(run.conversationId) as RunView['talkCost']);
  return { ...run, ...bot, said: said?.text ?? null, talkCost, calls, toolCalls: wanted };
}
