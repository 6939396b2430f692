/** An import as its page shows it: how the file is read and what would become of it, how far it is, or how it ended. */
import { membersOf } from '../../accounts/index.ts';
import {
  contactFields,
  contactImports,
  type DELIMITERS,
  ENCODINGS,
  faultOf,
  letterOf,
  previewImport,
  skippedRows,
  TARGETS,
  type ContactField,
  type ContactImport,
  type ImportState,
  type Preview,
  type Target,
} from '../../contacts/index.ts';
import { numberText, pluralText } from '../../web/formats.ts';
import type { Workspace } from '../../workspace.ts';
import { becomesInWords } from './becomes.ts';

const SHOWN = 100;
const SAMPLES = 3;
const PAST = 20;

const SIGNS: Record<keyof typeof DELIMITERS, string> = { comma: 'Comma', semicolon: 'Semicolon', tab: 'Tabulator', bar: 'Upright bar' };
const STATES: Record<ImportState, { kind: string; says: string }> = {
  new: { kind: '', says: 'Not begun' },
  running: { kind: 'busy', says: 'Being imported' },
  paused: { kind: '', says: 'Paused' },
  stopped: { kind: '', says: 'Stopped' },
  broken: { kind: 'failed', says: 'Broke off' },
  done: { kind: 'well', says: 'Imported' },
  undoing: { kind: 'busy', says: 'Being taken back' },
  undone: { kind: '', says: 'Taken back' },
};

/** Where files are chosen, with those that were taken before. */
export function importsPage(ws: Workspace, error: string | null): object {
  const members = new Map(membersOf(ws).map((member) => [member.userId, member.firstName]));
  const past = contactImports(ws, PAST).map((each) => ({
    id: each.id,
    name: each.fileName,
    state: STATES[each.state],
    counts: countsOf(each),
    by: members.get(each.createdBy) ?? 'somebody who left',
    at: each.uploadedAt,
  }));
  return { path: `/w/${ws.id}/contacts/import`, error, past };
}

/** An import that isn't begun: the form by which it is read, and its first rows. `fault` is why it can't begin. */
export async function planPage(ws: Workspace, found: ContactImport, fault?: string): Promise<object> {
  const { plan } = found;
  const fields = contactFields(ws);
  const wrong = faultOf(plan, fields);
  const preview = await previewImport(ws, found);
  return {
    ...headOf(ws, found),
    line: 'Nothing is written yet.',
    fault: fault ?? wrong,
    ready: wrong === undefined,
    broken: preview.broken,
    plan,
    encodings: options(ENCODINGS),
    delimiters: options(SIGNS),
    columns: plan.columns.map((target, at) => ({
      name: `column-${at}`,
      label: `Column ${letterOf(at)}`,
      head: preview.head?.[at] ?? null,
      samples: samplesOf(preview, at),
      value: target,
      options: targetsFor(fields),
    })),
    keys: fields.filter(({ kind }) => kind === 'text' || kind === 'number').map(({ id, name }) => ({ value: id, label: name })),
    rows: wrong === undefined ? becomesInWords(preview, plan, fields, `/w/${ws.id}/contacts`) : [],
  };
}

function options(all: Record<string, string>): { value: string; label: string }[] {
  return Object.entries(all).map(([value, label]) => ({ value, label }));
}

function targetsFor(fields: readonly ContactField[]): { value: Target; label: string }[] {
  const ours = Object.entries(TARGETS) as [keyof typeof TARGETS, string][];
  return [
    { value: '', label: 'Leave it out' },
    ...ours.map(([value, label]) => ({ value, label })),
    ...fields.map(({ id, name }) => ({ value: `field-${id}` as const, label: name })),
  ];
}

function samplesOf({ rows }: Preview, at: number): string[] {
  return rows
    .map(({ cells }) => (cells[at] ?? '').trim())
    .filter((cell) => cell !== '')
    .slice(0, SAMPLES);
}

/** An import that was begun. */
export function progressPage(ws: Workspace, found: ContactImport): object {
  const { state, skipped, filePath } = found;
  const rows = skippedRows(ws, found.id, SHOWN);
  const kept = filePath !== null;
  return {
    ...headOf(ws, found),
    line: lineOf(found),
    says: state === 'broken' ? found.says : null,
    moves: state === 'running' || state === 'undoing',
    mayPause: state === 'running',
    mayGoOn: state === 'paused',
    mayStop: state === 'running' || state === 'paused',
    mayUndo: kept && ['paused', 'stopped', 'broken', 'done'].includes(state) && found.created + found.updated > 0,
    gone: !kept,
    skipped: rows,
    more: Math.max(0, skipped - rows.length),
    progress: progressOf(found),
  };
}

function headOf(ws: Workspace, found: ContactImport): object {
  return { path: `/w/${ws.id}/contacts/import/${found.id}`, name: found.fileName, state: STATES[found.state], counts: countsOf(found) };
}

function progressOf({ state, doneBytes, fileBytes, doneRows, created, updated, takenBack, kept }: ContactImport): object | null {
  if (state === 'undoing') {
    const done = takenBack + kept;
    return { max: created + updated, value: done, says: `${pluralText(done, 'contact')} of ${numberText(created + updated)}` };
  }
  if (state !== 'running' && state !== 'paused') return null;
  return { max: fileBytes, value: doneBytes, says: `row ${numberText(doneRows)}` };
}

function countsOf({ state, created, updated, same, skipped }: ContactImport): { name: string; value: string }[] {
  if (state === 'new') return [];
  const all = { New: created, Changed: updated, 'The same already': same, Skipped: skipped };
  return Object.entries(all).map(([name, n]) => ({ name, value: numberText(n) }));
}

function lineOf({ state, created, updated, takenBack, kept }: ContactImport): string {
  switch (state) {
    case 'running':
      return 'Rows are being taken in. You can leave this page.';
    case 'paused':
      return 'It is paused. What is in stays in.';
    case 'stopped':
      return 'It was stopped before its end. What is in stays in.';
    case 'broken':
      return 'It broke off. What is in stays in.';
    case 'undoing':
      return 'What it wrote is being taken back.';
    case 'undone':
      return kept === 0
        ? `${pluralText(takenBack, 'contact')} taken back.`
        : `${pluralText(takenBack, 'contact')} taken back, ${numberText(kept)} left, since they were changed or wrote meanwhile.`;
    default:
      return `${pluralText(created, 'new contact')}, ${numberText(updated)} changed.`;
  }
}
