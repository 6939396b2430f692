/** PowerPoint: slide by slide in the order of the show, its title as a heading, the speaker's notes below it. */
import type { Archive } from './archive.ts';
import { LIMITS, tooManyPages, type Block, type OnProgress } from './material.ts';
import { Paragraphs } from './paragraphs.ts';
import { relationsOf } from './relations.ts';
import { prefixed, readXml, type XmlReader } from './xml.ts';

/** Placeholders of numbers and dates that stand on every slide. */
const RUNNING = new Set(['sldNum', 'dt', 'ftr', 'hdr']);

export function readPptx(archive: Archive, main: string, onProgress: OnProgress): { blocks: Block[]; pages: number; leftOut: number } {
  const slides = slidesOf(archive, main);
  if (slides.length > LIMITS.pages) throw tooManyPages(slides.length);
  const blocks: Block[] = [];
  let leftOut = 0;
  slides.forEach((slide, index) => {
    const read = readSlide(archive, slide, index + 1);
    if (read === null) leftOut += 1;
    else blocks.push(...read);
    onProgress(index + 1, slides.length);
  });
  return { blocks, pages: slides.length, leftOut };
}

/** Each once: a file may name the same slide a million times. */
function slidesOf(archive: Archive, main: string): string[] {
  const parts = new Map(relationsOf(archive, main).map(({ id, type, target }) => [id, type === 'slide' ? target : '']));
  const slides = new Set<string>();
  readXml(archive, main, {
    open(name, attributes) {
      const target = name === 'sldId' ? parts.get(prefixed(attributes, 'id') ?? '') : '';
      if (target) slides.add(target);
    },
  });
  return [...slides];
}

/** Null where the slide is hidden. */
function readSlide(archive: Archive, slide: string, page: number): Block[] | null {
  const body: Block[] = [];
  let title = '';
  const isHidden = readShapes(archive, slide, page, (block, isTitle) => {
    if (isTitle && block.kind === 'text') title += `${title === '' ? '' : ' '}${block.text}`;
    else body.push(block);
  });
  if (isHidden) return null;
  const notes: Block[] = [];
  for (const { type, target } of relationsOf(archive, slide)) {
    if (type === 'diagramData') readShapes(archive, target, page, (block) => body.push(block));
    if (type === 'notesSlide') readShapes(archive, target, page, (block) => notes.push(block));
  }
  const heading: Block[] = title === '' ? [] : [{ kind: 'heading', level: 1, text: title.replace(/\s+/g, ' '), page }];
  return [...heading, ...body, ...notes];
}

/** The text of a slide's shapes and tables. Returns whether the slide is hidden. */
function readShapes(archive: Archive, member: string, page: number, take: (block: Block, isTitle: boolean) => void): boolean {
  let hidden = false;
  let placeholder = '';
  let isText = false;
  /** Within what older programs show in place of something, which says the same once more. */
  let repeated = 0;
  const paragraphs = new Paragraphs((block) => take(block, placeholder === 'title' || placeholder === 'ctrTitle'));
  const reader: XmlReader = {
    open(name, attributes) {
      if (name === 'sld') hidden = attributes['show'] === '0' || attributes['show'] === 'false';
      else if (name === 'sp' || name === 'graphicFrame') placeholder = '';
      else if (name === 'ph') placeholder = attributes['type'] ?? '';
      else if (name === 'tbl') paragraphs.beginTable();
      else if (name === 'tr') paragraphs.beginRow();
      else if (name === 'br') paragraphs.add('\n');
      else if (name === 'Fallback') repeated += 1;
      else isText = name === 't' && repeated === 0 && !RUNNING.has(placeholder);
    },
    text(more) {
      if (isText) paragraphs.add(more);
    },
    close(name) {
      if (name === 't') isText = false;
      // Lines of one shape stay together.
      else if (name === 'p') paragraphs.add('\n');
      else if (name === 'txBody' || name === 'pt') paragraphs.end('', page);
      else if (name === 'Fallback') repeated -= 1;
      else if (name === 'tc') paragraphs.endCell();
      else if (name === 'tbl') paragraphs.endTable(page);
    },
  };
  readXml(archive, member, reader);
  return hidden;
}
