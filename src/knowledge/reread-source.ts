import type { Workspace } from '../workspace.ts';
import { askReading, sourceOf } from './source.ts';
import { refreshSource } from './web/refresh-source.ts';

/** Reads a source once more: after a failure, when its readers have become better, or when its web pages may have changed. Throws NoSource. */
export function rereadSource(ws: Workspace, id: number): void {
  ws.durable(() => {
    if (sourceOf(ws, id).rules === null) askReading(ws, id);
    else refreshSource(ws, id);
  });
}
