/**
 * What of a page is said to its reader: not menus, banners, footers, cookie dialogs. No Readability: it looks for one
 * article, and drops the price tables, lists and short sections that a business's pages are made of.
 */
import { blocksOf, type DomElement, type DomNode, type DomTree } from '../reading/read-html.ts';
import type { Block } from '../reading/material.ts';

/** A main part with less text than this is a frame for something else. */
const ENOUGH_TEXT = 200;
const NEVER = new Set(['NAV', 'FORM']);
/** Beside the main part these say who the site is; inside of it they belong to it. */
const AROUND = new Set(['HEADER', 'FOOTER', 'ASIDE']);
const ROLES = new Set(['navigation', 'banner', 'contentinfo', 'search', 'dialog', 'alertdialog', 'menu', 'menubar', 'complementary']);
const CONSENT = /cookie|consent|gdpr|onetrust|usercentrics|didomi|klaro|borlabs|cc-window|cmp-/i;
const LONGEST_CONSENT = 3000;
/** Names of what leads around in a site. A restaurant's menu has this name too, so links have to be what it is made of. */
const LEADS_AROUND =
  /(^|[\s_-])(nav|navbar|navigation|menu|breadcrumbs?|pagination|pager|sidebar|related|share|sharing|social|tags|toc|skip)([\s_-]|$)/i;
const BOXES = new Set(['DIV', 'UL', 'OL', 'SECTION', 'P', 'TABLE', 'DL']);

/** How much text a part has, how much of it is links, and in how many. */
interface Measure {
  text: number;
  linked: number;
  links: number;
}

/** The text of a page, in its order. Where nothing is left of it, everything that it says. */
export function mainText(document: DomTree): Block[] {
  const measures = measured(document);
  const root = rootOf(document, measures);
  const named = root !== document;
  const blocks = blocksOf(root, (element) => isAround(element, measures, named));
  const size = blocks.reduce((sum, block) => sum + (block.kind === 'table' ? ENOUGH_TEXT : block.text.length), 0);
  // A page whose whole content stands in what looks like its frame.
  return size > 0 && (named || size >= ENOUGH_TEXT / 2) ? blocks : blocksOf(document, (element) => isConsent(element, measures));
}

function rootOf(document: DomTree, measures: ReadonlyMap<DomNode, Measure>): DomNode {
  const text = (node: DomNode): number => measures.get(node)?.text ?? 0;
  for (const main of document.querySelectorAll('main, [role=main]')) if (text(main) >= ENOUGH_TEXT) return main;
  const articles = [...document.querySelectorAll('article')].filter((article) => text(article) >= ENOUGH_TEXT);
  // Several are a list of them, and all of it is the page.
  return articles.length === 1 && articles[0] ? articles[0] : document;
}

function isAround(element: DomElement, measures: ReadonlyMap<DomNode, Measure>, named: boolean): boolean {
  const name = element.tagName.toUpperCase();
  if (NEVER.has(name)) return name === 'NAV' || (measures.get(element)?.text ?? 0) < ENOUGH_TEXT;
  if (AROUND.has(name) && !named && !isInside(element)) return true;
  if (ROLES.has(element.getAttribute('role') ?? '')) return true;
  if (isConsent(element, measures)) return true;
  return BOXES.has(name) && leadsAround(element, measures.get(element), named);
}

/** Of an article or a section: its own header and footer. */
function isInside(element: DomElement): boolean {
  for (let node = element.parentNode; node; node = node.parentNode)
    if (node.nodeType === 1 && /^(ARTICLE|SECTION|MAIN)$/i.test((node as DomElement).tagName)) return true;
  return false;
}

function isConsent(element: DomElement, measures: ReadonlyMap<DomNode, Measure>): boolean {
  const name = element.tagName.toUpperCase();
  if (name === 'BODY' || name === 'HTML' || name === 'MAIN' || name === 'ARTICLE') return false;
  if (!CONSENT.test(namesOf(element)) || (measures.get(element)?.text ?? 0) > LONGEST_CONSENT) return false;
  // A passage about cookies has no buttons.
  for (const _ of element.querySelectorAll('button, input, [role=button], a')) return true;
  return false;
}

function leadsAround(element: DomElement, measure: Measure | undefined, named: boolean): boolean {
  if (!measure || measure.links < 2) return false;
  const share = measure.linked / Math.max(1, measure.text);
  if (LEADS_AROUND.test(namesOf(element))) return share > 0.5;
  return !named && measure.links >= 4 && share > 0.8 && measure.linked / measure.links < 40;
}

function namesOf(element: DomElement): string {
  return `${element.getAttribute('id') ?? ''} ${element.getAttribute('class') ?? ''}`;
}

/** Measures every part in one walk, without calling itself: pages nested a hundred thousand deep exist. */
function measured(root: DomNode): Map<DomNode, Measure> {
  const measures = new Map<DomNode, Measure>();
  let node: DomNode | null = root;
  let entering = true;
  let inLink = 0;
  while (node) {
    if (entering) {
      measures.set(node, measureOf(node, inLink > 0));
      if (isLink(node)) inLink += 1;
      if (node.firstChild) {
        node = node.firstChild;
        continue;
      }
    }
    if (isLink(node)) inLink -= 1;
    add(measures, node);
    if (node === root) break;
    entering = node.nextSibling !== null;
    node = node.nextSibling ?? node.parentNode;
  }
  return measures;
}

function measureOf(node: DomNode, linked: boolean): Measure {
  const text = node.nodeType === 3 ? (node.textContent ?? '').replace(/\s+/g, ' ').trim().length : 0;
  return { text, linked: linked ? text : 0, links: isLink(node) ? 1 : 0 };
}

/** What a part has, its parent has. */
function add(measures: Map<DomNode, Measure>, node: DomNode): void {
  const own = measures.get(node);
  const parent = node.parentNode && measures.get(node.parentNode);
  if (!own || !parent || (node.nodeType === 1 && /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/i.test((node as DomElement).tagName))) return;
  parent.text += own.text;
  parent.linked += own.linked;
  parent.links += own.links;
}

function isLink(node: DomNode): boolean {
  return node.nodeType === 1 && (node as DomElement).tagName.toUpperCase() === 'A';
}
