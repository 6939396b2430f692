/** What a person does with an import: begins it, pauses it, goes on, stops it, takes it back, or throws it away. */
import { enqueue } from '../../jobs/enqueue.ts';
import { removeSealedFile } from '../../vault/sealed-file.ts';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { contactFields } from '../contact-fields.ts';
import { contactImport, importUnderWay, type ImportState } from './contact-import.ts';
import { faultOf, type ImportPlan } from './import-plan.ts';
import { importsFolder } from './imports-folder.ts';

/** Why it can't be done; undefined when it is. */
type Refusal = string | undefined;

const ANOTHER = 'Another import is under way. Wait for its end, pause it, or stop it.';
const NOT_NOW = 'The import has gone on meanwhile. Look at how it stands now.';

/** How the file is read, before it is imported. */
export function planImport(ws: Workspace, id: number, plan: ImportPlan): Refusal {
  const keep = "UPDATE contact_imports SET plan = ? WHERE id = ? AND state = 'new'";
  return ws.durable(() => (ws.prepare(keep).run(JSON.stringify(plan), id).changes > 0 ? undefined : NOT_NOW));
}

export function beginImport(ws: Workspace, id: number, userId: number): Refusal {
  return ws.durable(() => {
    const found = contactImport(ws, id);
    const fault = found && faultOf(found.plan, contactFields(ws));
    if (fault !== undefined) return fault;
    return go(ws, { id, from: ['new'], to: 'running', act: 'begun', userId });
  });
}

export function goOn(ws: Workspace, id: number, userId: number): Refusal {
  return ws.durable(() => go(ws, { id, from: ['paused'], to: 'running', act: 'continued', userId }));
}

/** Takes back all that it wrote, as far as nobody has changed it since. */
export function undoImport(ws: Workspace, id: number, userId: number): Refusal {
  return ws.durable(() => {
    if (contactImport(ws, id)?.filePath === null) return 'What was there before isn’t kept any more: eight days have passed.';
    return go(ws, { id, from: ['paused', 'stopped', 'broken', 'done'], to: 'undoing', act: 'undone', userId });
  });
}

interface Step {
  id: number;
  from: ImportState[];
  to: ImportState;
  act: string;
  userId: number;
}

function go(ws: Workspace, step: Step): Refusal {
  if (importUnderWay(ws)) return ANOTHER;
  if (!move(ws, step)) return NOT_NOW;
  enqueue(ws, { kind: 'import-contacts', key: String(step.id) });
  return undefined;
}

/** The row that is being written is written; none after it. */
export function pauseImport(ws: Workspace, id: number, userId: number): Refusal {
  return ws.durable(() => (move(ws, { id, from: ['running'], to: 'paused', act: 'paused', userId }) ? undefined : NOT_NOW));
}

/** What is in stays, and can be taken back. */
export function stopImport(ws: Workspace, id: number, userId: number): Refusal {
  return ws.durable(() => {
    if (!move(ws, { id, from: ['running', 'paused'], to: 'stopped', act: 'stopped', userId })) return NOT_NOW;
    ws.prepare('UPDATE contact_imports SET ended_at = ? WHERE id = ?').run(ws.clock.now(), id);
    return undefined;
  });
}

function move(ws: Workspace, { id, from, to, act, userId }: Step): boolean {
  const change = `UPDATE contact_imports SET state = ?, says = NULL WHERE id = ? AND state IN (${from.map(() => '?').join(', ')})`;
  const moved = ws.sql.prepare(change).run(to, id, ...from).changes > 0;
  if (moved) audit(ws, { actor: userId, action: `contacts.import-${act}`, subject: `import ${id}` });
  return moved;
}

/** One that was never begun: its file is gone at once. False when it was begun, or isn't there. */
export function dropImport(ws: Workspace, id: number): boolean {
  return ws.durable(() => {
    const path = ws.prepare("DELETE FROM contact_imports WHERE id = ? AND state = 'new' RETURNING file_path").pluck().get(id) as
      string | undefined;
    if (path !== undefined) ws.afterCommit(() => removeSealedFile(importsFolder(ws), path));
    return path !== undefined;
  });
}
