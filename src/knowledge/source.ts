/** A source as its own acts see it. Which kinds there are stands in the schema. */
import { and, eq, ne } from '../db/drizzle.ts';
import { sources } from '../db/schema/workspace.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { Workspace } from '../workspace.ts';

export type Source = typeof sources.$inferSelect;
export type SourceKind = Source['kind'];
export type SourceState = Source['state'];

export const LONGEST = { title: 200, text: 1_000_000, question: 1000, answer: 10_000 } as const;

/** There is no such source, or it is being removed. */
export class NoSource extends Error {}

/** Throws NoSource. */
export function sourceOf(ws: Workspace, id: number): Source {
  const source = sourceIfAny(ws, id);
  if (!source) throw new NoSource(`source ${id}`);
  return source;
}

/** Undefined when there is none, or it is being removed. */
export function sourceIfAny(ws: Workspace, id: number): Source | undefined {
  return ws.db
    .select()
    .from(sources)
    .where(and(eq(sources.id, id), ne(sources.state, 'removing')))
    .get();
}

/** Asks for a source to be read, in the transaction that changed it. What was read before stays in use meanwhile. */
export function askReading(ws: Workspace, id: number): void {
  ws.db
    .update(sources)
    .set({ state: 'waiting', says: null, progressDone: 0, progressTotal: 0, updatedAt: ws.clock.now() })
    .where(eq(sources.id, id))
    .run();
  const isWeb = ws.prepare('SELECT rules IS NOT NULL FROM sources WHERE id = ?').pluck().get(id) === 1;
  enqueue(ws, { kind: isWeb ? 'read-pages' : 'read-source', key: String(id), payload: { sourceId: id } });
  tell(ws, id);
}

/** Tells open pages, once it is committed. */
export function tell(ws: Workspace, id: number): void {
  ws.afterCommit(() => ws.bus.publish({ type: 'source', sourceId: id }));
}
