/** Reads Telegram's HTML as its servers do, and refuses what they refuse. */
const TAGS = new Set([
  'b',
  'strong',
  'i',
  'em',
  'u',
  'ins',
  's',
  'strike',
  'del',
  'a',
  'code',
  'pre',
  'blockquote',
  'tg-spoiler',
  'tg-emoji',
  'span',
]);
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const PIECE = /<(\/?)([^\s>/]*)([^>]*)>|&(#x?[0-9a-f]+|[a-z]+);|([^<&]+|[<&])/gi;

export class CannotParse extends Error {}

/** What a reader sees. Throws CannotParse in Telegram's words. */
export function visibleText(html: string): string {
  const open: string[] = [];
  let text = '';
  for (const [whole, slash, name = '', , entity, plain] of html.matchAll(PIECE)) {
    if (plain === '<') throw new CannotParse('Unclosed start tag');
    if (plain !== undefined) text += plain;
    else if (entity !== undefined) text += entityText(entity) ?? whole;
    else if (slash) close(open, name.toLowerCase());
    else start(open, name.toLowerCase());
  }
  if (open.length > 0) throw new CannotParse(`Can't find end tag corresponding to start tag "${open.at(-1)}"`);
  return text;
}

function start(open: string[], name: string): void {
  if (!TAGS.has(name)) throw new CannotParse(`Unsupported start tag "${name}"`);
  if (name === 'blockquote' && open.includes(name)) throw new CannotParse('Nested blockquotes');
  open.push(name);
}

function close(open: string[], name: string): void {
  const expected = open.pop();
  if (expected === undefined) throw new CannotParse('Unexpected end tag');
  if (expected !== name) throw new CannotParse(`Unmatched end tag, expected "</${expected}>", found "</${name}>"`);
}

function entityText(entity: string): string | undefined {
  if (!entity.startsWith('#')) return ENTITIES[entity.toLowerCase()];
  const code = /^#x/i.test(entity) ? parseInt(entity.slice(2), 16) : parseInt(entity.slice(1), 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
