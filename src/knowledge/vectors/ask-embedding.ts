import { enqueue } from '../../jobs/enqueue.ts';
import type { Workspace } from '../../workspace.ts';
import { liveModels } from './models.ts';

/** A source is written in many small transactions: what comes within this is read by a model together. */
const GATHER_MS = 1500;

/** Asks for vectors of what is new, in the transaction that wrote it. Does nothing where nobody agreed to a model. */
export function askEmbedding(ws: Workspace, { soon = false }: { soon?: boolean } = {}): void {
  if (liveModels(ws).length === 0) return;
  enqueue(ws, { kind: 'embed-chunks', key: 'all', dueAt: ws.clock.now() + (soon ? 0 : GATHER_MS) });
}
