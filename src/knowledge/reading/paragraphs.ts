/** Paragraphs and tables as XML tells of them, piece by piece, to blocks. */
import { LIMITS, tooMuchText, type Block } from './material.ts';

/** What slides and written documents have in common. Lines of a list stay together, and so do those of a cell. */
export class Paragraphs {
  readonly #take: (block: Block) => void;
  #text = '';
  #size = 0;
  readonly #tables: { rows: string[][]; cell: string[] }[] = [];

  constructor(take: (block: Block) => void) {
    this.#take = take;
  }

  add(text: string): void {
    this.#size += text.length;
    if (this.#size > LIMITS.characters) throw tooMuchText();
    this.#text += text;
  }

  /** Ends what was put into a sentence, such as a footnote, with its sign. */
  endInset(sign: string): void {
    this.#text = this.#text.trimEnd() + sign;
  }

  /** The words since the last end, taken. */
  words(): string {
    const words = this.#text
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .trim();
    this.#text = '';
    return words;
  }

  /** A paragraph ends. In a table it belongs to its cell. */
  end(mark = '', page: number | null = null): void {
    const words = this.words();
    if (words === '') return;
    const table = this.#tables.at(-1);
    if (table) table.cell.push(words.replaceAll('\n', ' '));
    else this.#take({ kind: 'text', text: mark + words, page });
  }

  beginTable(): void {
    this.#tables.push({ rows: [], cell: [] });
  }

  beginRow(): void {
    this.#tables.at(-1)?.rows.push([]);
  }

  endCell(): void {
    const table = this.#tables.at(-1);
    table?.rows.at(-1)?.push(table.cell.join(' '));
    if (table) table.cell = [];
  }

  /** A table in a cell of another is words of that cell. */
  endTable(page: number | null = null): void {
    const table = this.#tables.pop();
    const rows = (table?.rows ?? []).filter((row) => row.some((cell) => cell !== ''));
    const outer = this.#tables.at(-1);
    if (outer) outer.cell.push(...rows.map((row) => row.join(', ')));
    else if (rows.length > 0) this.#take({ kind: 'table', rows, page });
  }
}
