/** OpenDocument: texts, presentations and sheets, which all lie in one `content.xml`. */
import type { Archive } from './archive.ts';
import { LIMITS, tooManyPages, type Block } from './material.ts';
import { Paragraphs } from './paragraphs.ts';
import { readOdfSheets } from './read-ods.ts';
import { attribute, readXml, type Attributes } from './xml.ts';

/** Never text that somebody reads there: lists of contents, what was deleted, remarks, what a picture is called. */
const SKIPPED = new Set([
  'tracked-changes',
  'table-of-content',
  'illustration-index',
  'alphabetical-index',
  'annotation',
  'note-citation',
  'automatic-styles',
  'scripts',
  'forms',
  'title',
  'desc',
  'date-time',
  'page-number',
]);
const DEEPEST_HEADING = 6;

export interface OdfContent {
  blocks: Block[];
  pages: number | null;
  leftOut: number;
}

export function readOdf(archive: Archive, kind: 'text' | 'presentation' | 'spreadsheet'): OdfContent {
  if (kind === 'spreadsheet') return { ...readOdfSheets(archive), pages: null };
  const reading = new OdfReading(kind === 'presentation');
  readXml(archive, 'content.xml', reading);
  return { blocks: reading.blocks, pages: kind === 'presentation' ? reading.page : null, leftOut: 0 };
}

class OdfReading {
  readonly blocks: Block[] = [];
  page = 0;
  readonly #hasPages: boolean;
  readonly #paragraphs: Paragraphs;
  /** How many of the elements that are left out are open. */
  #skipping = 0;
  #list = 0;
  #note = 0;
  #isTitle = false;
  #heading = 1;

  constructor(hasPages: boolean) {
    this.#hasPages = hasPages;
    this.#paragraphs = new Paragraphs((block) => this.#take(block));
  }

  open(name: string, attributes: Attributes): void {
    if (SKIPPED.has(name)) this.#skipping += 1;
    if (this.#skipping > 0) return;
    if (name === 'page') this.#beginPage();
    else if (name === 'frame') this.#isTitle = this.#hasPages && attribute(attributes, 'class') === 'title';
    else if (name === 'h') this.#heading = headingLevel(attribute(attributes, 'outline-level'));
    else if (name === 'list') this.#list += 1;
    else if (name === 'table') this.#paragraphs.beginTable();
    else if (name === 'table-row') this.#paragraphs.beginRow();
    else if (name === 'note-body') this.#beginNote();
    else if (name === 'line-break') this.#paragraphs.add('\n');
    else if (name === 's' || name === 'tab') this.#paragraphs.add(' ');
  }

  text(more: string): void {
    // Line breaks of the XML itself are blanks.
    if (this.#skipping === 0) this.#paragraphs.add(more.replace(/\s+/g, ' '));
  }

  close(name: string): void {
    if (SKIPPED.has(name)) this.#skipping -= 1;
    else if (this.#skipping > 0) return;
    else if (name === 'h') this.#endHeading();
    else if (name === 'note-body') this.#endNote();
    else if (name === 'p' && this.#note > 0) this.#paragraphs.add(' ');
    else if (name === 'p') this.#paragraphs.end(this.#list > 0 ? '- ' : '', this.#number());
    else if (name === 'list') this.#list -= 1;
    else if (name === 'table-cell' || name === 'covered-table-cell') this.#paragraphs.endCell();
    else if (name === 'table') this.#paragraphs.endTable(this.#number());
    else if (name === 'frame') this.#isTitle = false;
  }

  #beginPage(): void {
    this.page += 1;
    if (this.page > LIMITS.pages) throw tooManyPages(this.page);
  }

  /** A footnote stands where its number does. */
  #beginNote(): void {
    this.#note += 1;
    this.#paragraphs.add(' (');
  }

  #endNote(): void {
    this.#note -= 1;
    this.#paragraphs.endInset(')');
  }

  #number(): number | null {
    return this.#hasPages ? this.page : null;
  }

  #endHeading(): void {
    const text = this.#paragraphs.words();
    if (text !== '') this.blocks.push({ kind: 'heading', level: this.#heading, text: text.replaceAll('\n', ' '), page: this.#number() });
  }

  #take(block: Block): void {
    const last = this.blocks.at(-1);
    if (block.kind !== 'text') this.blocks.push(block);
    else if (this.#isTitle)
      this.blocks.push({ kind: 'heading', level: 1, text: block.text.replace(/^- /, '').replaceAll('\n', ' '), page: block.page });
    // Items of a list stay together.
    else if (block.text.startsWith('- ') && last?.kind === 'text' && last.text.startsWith('- ')) last.text += `\n${block.text}`;
    else this.blocks.push(block);
  }
}

function headingLevel(text: string | undefined): number {
  const level = Number(text ?? 1);
  return level >= 1 && level <= DEEPEST_HEADING ? Math.floor(level) : DEEPEST_HEADING;
}
