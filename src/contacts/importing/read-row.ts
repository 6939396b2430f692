/** A row of a file as a contact: cleaned, checked, in the form in which things are kept. */
import { languages } from '../../lib/catalogue.ts';
import { once } from '../../lib/once.ts';
import { clean } from '../../web/parse.ts';
import { readContact, type ReadContact, type TypedContact } from '../edit-contact.ts';
import type { Shape } from '../field-value.ts';
import type { ImportPlan } from './import-plan.ts';

export interface SheetContact extends ReadContact {
  /** Its own number here, as an export writes it. */
  id: number | null;
  language: string | null;
  labels: string[];
  note: string | null;
}

export type ReadRow = { contact: SheetContact } | { says: string } | 'blank';

const LONGEST_NOTE = 5000;
/** What our own export puts before a text that a spreadsheet would calculate. */
const KEPT_AS_TEXT = /^'(?=[=+\-@\t\r＝＋－＠])/u;
/** A letter that can't be: the file is written in another encoding than was chosen. */
const UNREADABLE = '\uFFFD';
const OWN = ['name', 'email', 'phone'] as const;

/** A cell that begins with "=" stays the text that it is. */
export function readRow(plan: ImportPlan, shapes: ReadonlyMap<number, Shape>, cells: readonly string[]): ReadRow {
  if (cells.every((cell) => cell.trim() === '')) return 'blank';
  if (cells.some((cell) => cell.includes(UNREADABLE))) return { says: 'Some letters of this row can’t be read. Choose another encoding.' };
  if (cells.slice(plan.columns.length).some((cell) => cell.trim() !== ''))
    return { says: `This row has more cells than there are columns: ${cells.length}. A comma in a text needs quotation marks around it.` };
  const given = (target: string): string[] =>
    plan.columns.flatMap((each, at) => {
      const text = each === target ? textOf(cells[at]) : '';
      return text === '' ? [] : [text];
    });
  const typed: TypedContact = { fields: {} };
  for (const name of OWN) {
    const text = given(name).join(' ');
    if (text !== '') typed[name] = text;
  }
  for (const id of shapes.keys()) {
    const [text] = given(`field-${id}`);
    if (text !== undefined) typed.fields = { ...typed.fields, [id]: text };
  }
  const read = readContact(shapes, typed);
  if ('faults' in read) return { says: saysOf(plan, read.faults) };
  return withRest(read, { id: given('id')[0], language: given('language')[0], labels: given('labels'), notes: given('note') });
}

function withRest(
  read: ReadContact,
  more: { id?: string | undefined; language?: string | undefined; labels: string[]; notes: string[] },
): ReadRow {
  const { own, fields } = read;
  if (more.id !== undefined && !/^[1-9]\d{0,14}$/.test(more.id)) return { says: 'The contact number is no whole number.' };
  const language = more.language === undefined ? null : languageOf(more.language);
  if (language === undefined) return { says: 'This language isn’t known. Write its code, such as de or pt-BR.' };
  const note = more.notes.join('\n') || null;
  if (note !== null && [...note].length > LONGEST_NOTE) return { says: `The note can have ${LONGEST_NOTE} characters at most.` };
  const labels = [
    ...new Set(
      more.labels
        .flatMap((text) => text.split(/[,;|]/))
        .map((each) => each.trim())
        .filter((each) => each !== ''),
    ),
  ];
  if (more.id === undefined && Object.keys(own).length === 0 && fields.size === 0) return { says: 'Nothing in this row says who it is.' };
  return { contact: { own, fields, id: more.id === undefined ? null : Number(more.id), language, labels, note } };
}

function textOf(cell: string | undefined): string {
  return clean(cell ?? '')
    .replace(/\r\n?/g, '\n')
    .replace(KEPT_AS_TEXT, '')
    .trim();
}

/** Which column, and what is wrong in it. */
function saysOf(plan: ImportPlan, faults: Record<string, string>): string {
  return Object.entries(faults)
    .map(([name, says]) => `Column ${letterOf(plan.columns.findIndex((each) => each === name))}: ${says}`)
    .join(' ');
}

/** As a spreadsheet names it. */
export function letterOf(column: number): string {
  return (column >= 26 ? letterOf(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26));
}

const byName = once(() => {
  const names = new Map<string, string>();
  for (const code of languages)
    for (const speaker of ['en', code])
      names.set(new Intl.DisplayNames([speaker], { type: 'language' }).of(code)?.toLowerCase() ?? code, code);
  return names;
});

/** A BCP 47 tag, by itself or by the language's name; undefined where it is neither. */
function languageOf(text: string): string | undefined {
  const named = byName().get(text.toLowerCase());
  if (named !== undefined) return named;
  if (!/^[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3}$/i.test(text)) return undefined;
  try {
    return Intl.getCanonicalLocales(text.replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}
