/** An import of contacts, as its row says. */
import type { Workspace } from '../../workspace.ts';
import { importPlan, type ImportPlan } from './import-plan.ts';

/**
 * new: looked at, nothing written yet · running · paused · stopped: ended by a person before its end · broken: the file
 * couldn't be read further · done · undoing: what it wrote is being taken back · undone
 */
export type ImportState = 'new' | 'running' | 'paused' | 'stopped' | 'broken' | 'done' | 'undoing' | 'undone';

export interface ContactImport {
  id: number;
  state: ImportState;
  fileName: string;
  filePath: string | null;
  fileKeySealed: Buffer | null;
  fileBytes: number;
  plan: ImportPlan;
  /** Rows of the file that are done, its head too. */
  doneRows: number;
  doneBytes: number;
  created: number;
  updated: number;
  same: number;
  skipped: number;
  takenBack: number;
  kept: number;
  says: string | null;
  createdBy: number;
  uploadedAt: number;
  endedAt: number | null;
}

const COLUMNS = `id, state, file_name AS fileName, file_path AS filePath, file_key_sealed AS fileKeySealed, file_bytes AS fileBytes, plan,
  done_rows AS doneRows, done_bytes AS doneBytes, created, updated, same, skipped, taken_back AS takenBack, kept, says,
  created_by AS createdBy, uploaded_at AS uploadedAt, ended_at AS endedAt`;

type Row = Omit<ContactImport, 'plan'> & { plan: string };

const asImport = (row: Row): ContactImport => ({ ...row, plan: importPlan.parse(JSON.parse(row.plan)) });

export function contactImport(ws: Workspace, id: number): ContactImport | undefined {
  const row = ws.prepare(`SELECT ${COLUMNS} FROM contact_imports WHERE id = ?`).get(id) as Row | undefined;
  return row && asImport(row);
}

/** Newest first. */
export function contactImports(ws: Workspace, limit: number): ContactImport[] {
  return (ws.prepare(`SELECT ${COLUMNS} FROM contact_imports ORDER BY id DESC LIMIT ?`).all(limit) as Row[]).map(asImport);
}

/** Whether another import is at work: two at a time would each see half of what the other wrote. */
export function importUnderWay(ws: Workspace): boolean {
  return ws.prepare("SELECT 1 FROM contact_imports WHERE state IN ('running', 'undoing')").get() !== undefined;
}
