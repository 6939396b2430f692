/** Rows of a sheet, as they come, to blocks. Lists become "head: value", so that each row is understood by itself. */
import { LIMITS, tooMuchText, type Block } from './material.ts';

/** So many rows tell whether the first of them is a head. */
const SAMPLE = 12;
const LONGEST_HEAD = 60;
const LONGEST_TITLE = 80;
/** A longer row is parted… */
const LONGEST_LINE = 1400;
/** …at its cells that are longer than this. */
const LONGEST_PART = 700;
/** A column whose values are this many times as long as its name. */
const MUCH_LONGER = 3;

export interface SheetRules {
  /** The first row is a head where it looks like one at all, as in CSV; else there must be signs. */
  headExpected: boolean;
  /** Fewer columns than this stay a table: "Monday | Closed" above "Tuesday | 9 to 5" is no head, whatever it looks like. */
  leastColumns: number;
}

export class SheetRows {
  readonly #rules: SheetRules;
  readonly #take: (block: Block) => void;
  /** Rows since the last blank one, until it is clear what they are. */
  #waiting: string[][] = [];
  #head: string[] | null = null;
  /** What rows are now: of the list below the head, or of a table. */
  #now: 'unclear' | 'list' | string[][] = 'unclear';
  #size = 0;

  constructor(rules: SheetRules, take: (block: Block) => void) {
    this.#rules = rules;
    this.#take = take;
  }

  row(cells: readonly string[]): void {
    const row = cells.map((cell) => cell.replace(/\s+/g, ' ').trim());
    this.#size += row.reduce((sum, cell) => sum + cell.length + 1, 0);
    if (this.#size > LIMITS.characters) throw tooMuchText();
    if (filled(row) === 0) this.#part();
    else if (this.#now === 'unclear') {
      this.#waiting.push(row);
      if (this.#waiting.length === SAMPLE) this.#decide();
    } else this.#give(row);
  }

  end(): void {
    this.#part();
  }

  /** A blank row parts what stands on a sheet. */
  #part(): void {
    if (this.#now === 'unclear') this.#decide();
    if (Array.isArray(this.#now) && this.#now.length > 0) this.#take({ kind: 'table', rows: this.#now, page: null });
    this.#now = 'unclear';
  }

  #decide(): void {
    const rows = this.#waiting;
    this.#waiting = [];
    const begin = rows.findIndex((row) => filled(row) > 1);
    const titles = begin === -1 ? rows : rows.slice(0, begin);
    for (const title of titles) this.#title(title.find((cell) => cell !== '') ?? '', titles.length === 1);
    const [first, ...rest] = rows.slice(titles.length);
    if (!first) return;
    const isList = filled(first) >= this.#rules.leastColumns && isHead(first, rest, this.#rules.headExpected && this.#head === null);
    if (isList) this.#head = first;
    this.#now = isList || this.#fits(first) ? 'list' : [];
    for (const row of isList ? rest : [first, ...rest]) this.#give(row);
  }

  /** A line by itself above a table is its title; several are text. */
  #title(text: string, alone: boolean): void {
    const isTitle = alone && text.length <= LONGEST_TITLE && /\p{L}/u.test(text) && !/[.:;!?]$/.test(text);
    this.#take(isTitle ? { kind: 'heading', level: 2, text, page: null } : { kind: 'text', text, page: null });
  }

  /** A list goes on after a blank row. */
  #fits(row: readonly string[]): boolean {
    return this.#head !== null && row.every((cell, column) => cell === '' || (this.#head?.[column] ?? '') !== '');
  }

  #give(row: string[]): void {
    if (this.#now !== 'list') {
      if (Array.isArray(this.#now)) this.#now.push(row);
      return;
    }
    const cells = row.flatMap((cell, column) => (cell === '' ? [] : [{ name: this.#head?.[column] ?? '', cell }]));
    this.#size += cells.reduce((sum, { name }) => sum + name.length, 0);
    for (const text of linesOf(cells)) this.#take({ kind: 'text', text, page: null });
  }
}

interface NamedCell {
  name: string;
  cell: string;
}

/** A row as one line; one with a long text as several, each with what the row is about, which stands in its first cell. */
function linesOf(cells: readonly NamedCell[]): string[] {
  const line = cells.map(said).join(' | ');
  const [key, ...rest] = cells;
  if (line.length <= LONGEST_LINE || !key || key.cell.length > LONGEST_TITLE) return [line];
  const short = rest.filter(({ cell }) => cell.length <= LONGEST_PART);
  const long = rest.filter(({ cell }) => cell.length > LONGEST_PART);
  const parts = long.flatMap(({ name, cell }) => partsOf(cell).map((part) => ({ name, cell: part })));
  return [[key, ...short], ...parts.map((part) => [key, part])].map((each) => each.map(said).join(' | '));
}

function said({ name, cell }: NamedCell): string {
  return name === '' ? cell : `${name}: ${cell}`;
}

/** At the ends of sentences where there are any, else at blanks, else anywhere. */
function partsOf(text: string): string[] {
  const parts = text.match(/.{1,700}(?:[.!?。！？](?=\s|$)|[。！？])|.{1,700}(?=\s|$)|.{1,700}/gsu) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function filled(row: readonly string[]): number {
  return row.reduce((sum, cell) => (cell === '' ? sum : sum + 1), 0);
}

/** Whether a row names the columns of those below it: short, all different, all words, and unlike what stands below. */
function isHead(first: readonly string[], rest: readonly string[][], expected: boolean): boolean {
  const names = first.filter((cell) => cell !== '');
  const areNames = names.every(
    (name) => name.length <= LONGEST_HEAD && (/\p{L}/u.test(name) || /^\d{4}$/.test(name)) && !/@|:\/\//.test(name),
  );
  if (names.length < 2 || rest.length === 0 || !areNames || new Set(names).size < names.length) return false;
  return (
    expected ||
    first.some(
      (name, column) =>
        name !== '' &&
        isUnlike(
          name,
          rest.flatMap((row) => row[column] || []),
        ),
    )
  );
}

/** Numbers below a word, or texts that are much longer than it. */
function isUnlike(name: string, below: readonly string[]): boolean {
  if (below.length === 0 || below.includes(name)) return false;
  const numbers = below.filter((cell) => /\d/.test(cell)).length;
  const length = below.reduce((sum, cell) => sum + cell.length, 0) / below.length;
  return (!/\d/.test(name) && numbers >= below.length * 0.8) || length >= MUCH_LONGER * Math.max(name.length, 8);
}
