import type { Workspace } from '../workspace.ts';
import { chunkOfEdit, decide, editOf } from './edits.ts';
import { sourceOf, tell } from './source.ts';

/** Keeps one's own text though the source has changed: the conflict is settled. Throws NoSource. */
export function keepEdit(ws: Workspace, sourceId: number, editId: number): void {
  ws.durable(() => {
    const source = sourceOf(ws, sourceId);
    const edit = editOf(ws, sourceId, editId);
    const chunk = chunkOfEdit(ws, source, editId);
    if (chunk) decide(ws, chunk, edit, { text: edit.text, by: edit.editedBy });
    tell(ws, sourceId);
  });
}
