/** Signs that a text directive of an address gives a meaning of its own. */
const OWN_MEANING = /[-,&]/g;
const WORDS = 8;
/** Readers put a bar between the cells of a table, and line breaks between blocks; a page has neither. */
const BROKEN = /\n| \| /;

/**
 * The address of a page with the place at which a text begins: browsers go there and mark it, and those that can't open
 * the page as ever.
 */
export function atText(url: string, text: string): string {
  const [first = ''] = text.split(BROKEN).filter((part) => part.trim() !== '');
  const words = first.trim().split(/\s+/).slice(0, WORDS).join(' ');
  if (words === '' || !URL.canParse(url)) return url;
  const directive = encodeURIComponent(words).replace(OWN_MEANING, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${url}${url.includes('#') ? '' : '#'}:~:text=${directive}`;
}
