import type { Workspace } from '../workspace.ts';
import { askReading, sourceOf } from './source.ts';

/** Reads a source once more: after a failure, or when its readers have become better. Throws NoSource. */
export function rereadSource(ws: Workspace, id: number): void {
  ws.durable(() => {
    sourceOf(ws, id);
    askReading(ws, id);
  });
}
