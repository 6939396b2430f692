/** What would become of a row, for who looks at the preview. */
import { TARGETS, type ContactField, type ImportPlan, type Outcome, type Preview } from '../../contacts/index.ts';

interface BecomesRow {
  row: number;
  who: string;
  kind: string;
  says: string;
  why: string;
  /** The contact that is there. */
  href: string | null;
}

/** `base` is where contacts' pages are. */
export function becomesInWords(preview: Preview, plan: ImportPlan, fields: readonly ContactField[], base: string): BecomesRow[] {
  /** Contacts that only the preview made, by the row that would make them. */
  const made = new Map<number, number>();
  return preview.rows.map(({ row, cells, becomes }) => {
    if (becomes.outcome === 'created') made.set(becomes.contactId, row);
    const known = 'contactId' in becomes && !made.has(becomes.contactId) ? becomes.contactId : null;
    const from = 'contactId' in becomes ? made.get(becomes.contactId) : undefined;
    return { row, who: whoOf(cells, plan), ...inWords(becomes, from, fields), href: known === null ? null : `${base}/${known}` };
  });
}

function inWords(becomes: Outcome, from: number | undefined, fields: readonly ContactField[]): { kind: string; says: string; why: string } {
  switch (becomes.outcome) {
    case 'created':
      return { kind: 'well', says: 'New', why: '' };
    case 'updated':
      return { kind: 'well', says: from === undefined ? 'Changes' : `Adds to row ${from}`, why: changesOf(becomes.change, fields) };
    case 'same':
      return { kind: '', says: from === undefined ? 'The same already' : `The same as row ${from}`, why: '' };
    case 'skipped':
      return { kind: 'failed', says: 'Skipped', why: becomes.says };
    case 'blank':
      return { kind: '', says: 'Empty', why: '' };
  }
}

function changesOf(
  { own = {}, fields: values = {}, labels = [], note }: Extract<Outcome, { change: object }>['change'],
  fields: readonly ContactField[],
): string {
  const line = (name: string, [before, now]: [string | null, string | null]): string =>
    before === null ? `${name}: ${now ?? ''}` : `${name}: ${before} → ${now ?? ''}`;
  return [
    ...Object.entries(own).map(([name, was]) => line(TARGETS[name as keyof typeof own], was)),
    ...Object.entries(values).map(([id, was]) => line(fields.find((field) => field.id === Number(id))?.name ?? 'A field', was)),
    ...(labels.length > 0 ? ['Labels'] : []),
    ...(note === undefined ? [] : ['A note']),
  ].join(', ');
}

/** What one would call them: the first of name, e-mail and phone that the row has. */
function whoOf(cells: readonly string[], { columns }: ImportPlan): string {
  for (const target of ['name', 'email', 'phone'] as const) {
    const text = columns
      .flatMap((each, at) => (each === target ? [(cells[at] ?? '').trim()] : []))
      .join(' ')
      .trim();
    if (text !== '') return text;
  }
  return cells.find((cell) => cell.trim() !== '') ?? '';
}
