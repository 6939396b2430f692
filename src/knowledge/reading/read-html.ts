/** HTML: the words a reader of the page would see, without menus, forms and scripts. */
import { DOMParser } from 'linkedom';
import { LIMITS, tooMuchText, type Block } from './material.ts';

/** What is used of a DOM. linkedom's own types need those of a browser, which would let `window` pass everywhere. */
export interface DomNode {
  nodeType: number;
  textContent: string | null;
  firstChild: DomNode | null;
  nextSibling: DomNode | null;
  parentNode: DomNode | null;
}
export interface DomTree extends DomNode {
  querySelector(selector: string): DomElement | null;
  querySelectorAll(selector: string): Iterable<DomElement>;
}
export interface DomElement extends DomTree {
  tagName: string;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
}

/** Never text that somebody reads here. */
const SKIPPED = new Set([
  'SCRIPT',
  'STYLE',
  'NOSCRIPT',
  'TEMPLATE',
  'SVG',
  'MATH',
  'IFRAME',
  'OBJECT',
  'CANVAS',
  'VIDEO',
  'AUDIO',
  'HEAD',
  'NAV',
  'BUTTON',
  'SELECT',
  'TEXTAREA',
  'DIALOG',
]);
/** What begins a new block. */
const BLOCKS = new Set([
  'ADDRESS',
  'ARTICLE',
  'ASIDE',
  'BLOCKQUOTE',
  'BODY',
  'CAPTION',
  'DD',
  'DETAILS',
  'DIV',
  'DL',
  'DT',
  'FIGCAPTION',
  'FIGURE',
  'FOOTER',
  'FORM',
  'HEADER',
  'HR',
  'LI',
  'MAIN',
  'OL',
  'P',
  'PRE',
  'SECTION',
  'SUMMARY',
  'TABLE',
  'TD',
  'TH',
  'TR',
  'UL',
]);
const HEADING = /^H([1-6])$/;
/** A main part with less text than this is a frame for something else. */
const ENOUGH_TEXT = 200;

export function parseHtml(html: string): DomTree {
  // linkedom's type of document has no node after it: a walk would end there.
  return new DOMParser().parseFromString(html.replace(/<!doctype[^>]*>/i, ''), 'text/html');
}

export function readHtml(html: string): Block[] {
  const document = parseHtml(html);
  const blocks = blocksOf(mainOf(document));
  return blocks.length > 0 ? blocks : blocksOf(document);
}

/** What stands in a part of a page; `isLeftOut` says of an element that it isn't to be read, nor what is in it. */
export function blocksOf(root: DomNode, isLeftOut: (element: DomElement) => boolean = () => false): Block[] {
  return new Walk(isLeftOut).through(root);
}

function mainOf(document: DomTree): DomNode {
  for (const main of document.querySelectorAll('main, [role=main], article')) {
    if ((main.textContent ?? '').length >= ENOUGH_TEXT) return main;
  }
  return document;
}

/** Goes through a tree without calling itself: pages nested a hundred thousand deep exist, made to overflow a stack. */
class Walk {
  readonly #isLeftOut: (element: DomElement) => boolean;
  readonly #blocks: Block[] = [];
  #text = '';
  #size = 0;

  constructor(isLeftOut: (element: DomElement) => boolean) {
    this.#isLeftOut = isLeftOut;
  }

  through(root: DomNode): Block[] {
    let node: DomNode | null = root;
    let entering = true;
    while (node) {
      const into: DomNode | null = entering && this.#enter(node) ? node.firstChild : null;
      if (into) {
        node = into;
        continue;
      }
      this.#leave(node);
      if (node === root) break;
      entering = node.nextSibling !== null;
      node = node.nextSibling ?? node.parentNode;
    }
    this.#flush();
    return this.#blocks;
  }

  /** Whether to go through its children too. */
  #enter(node: DomNode): boolean {
    if (node.nodeType === 3) this.#add((node.textContent ?? '').replace(/\s+/g, ' '));
    if (node.nodeType !== 1) return node.nodeType === 9 || node.nodeType === 11;
    const element = node as DomElement;
    const name = element.tagName.toUpperCase();
    if (SKIPPED.has(name) || element.hasAttribute('hidden') || element.getAttribute('aria-hidden') === 'true') return false;
    if (this.#isLeftOut(element)) return false;
    if (name === 'BR') this.#add('\n');
    if (name === 'TABLE' && !isLayout(element)) {
      this.#table(element);
      return false;
    }
    const heading = HEADING.exec(name);
    if (heading) {
      this.#heading(Number(heading[1]), textOf(element));
      return false;
    }
    if (BLOCKS.has(name)) this.#flush();
    if (name === 'LI') this.#text = '- ';
    return true;
  }

  #leave(node: DomNode): void {
    if (node.nodeType === 1 && BLOCKS.has((node as DomElement).tagName.toUpperCase())) this.#flush();
  }

  #add(text: string): void {
    this.#text += text;
    this.#size += text.length;
    if (this.#size > LIMITS.characters) throw tooMuchText();
  }

  #flush(): void {
    const text = this.#text
      .replace(/ *\n */g, '\n')
      .replace(/ {2,}/g, ' ')
      .trim();
    this.#text = '';
    if (text === '' || text === '-') return;
    const last = this.#blocks.at(-1);
    // Items of a list stay together.
    if (text.startsWith('- ') && last?.kind === 'text' && last.text.startsWith('- ')) last.text += `\n${text}`;
    else this.#blocks.push({ kind: 'text', text, page: null });
  }

  #heading(level: number, text: string): void {
    this.#flush();
    if (text !== '') this.#blocks.push({ kind: 'heading', level, text, page: null });
  }

  #table(table: DomElement): void {
    this.#flush();
    const rows = [...table.querySelectorAll('tr')].map((row) => [...row.querySelectorAll('th, td')].map(textOf));
    const filled = rows.filter((row) => row.some((cell) => cell !== ''));
    this.#size += filled.flat().reduce((sum, cell) => sum + cell.length, 0);
    if (this.#size > LIMITS.characters) throw tooMuchText();
    if (filled.length > 0) this.#blocks.push({ kind: 'table', rows: filled, page: null });
  }
}

/** A table that lays out a page: what it holds isn't rows of cells. */
function isLayout(table: DomElement): boolean {
  // The first ends the search: tables nested ten thousand deep would be gone through ten thousand times.
  return table.querySelector('table, h1, h2, h3, h4, form, nav') !== null;
}

function textOf(element: DomElement): string {
  return (element.textContent ?? '').replace(/\s+/g, ' ').trim();
}
