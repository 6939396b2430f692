/** Texts as they are searched for marks: other alphabets' digits, blanks and dashes as the plain ones, character for character. */

/** The zeros of alphabets whose digits people type: Arabic, Persian, Devanagari, Bengali, Thai, full width. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0xff10];
const BLANKS = /[\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u2069\u3000\ufeff\u00ad]/;
const DASHES = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/;
const OTHERS: Record<string, string> = {
  '＠': '@',
  '＋': '+',
  '．': '.',
  '（': '(',
  '）': ')',
  '／': '/',
  '［': '[',
  '］': ']',
  '＿': '_',
};

/** Of the same length, so that what is found in it stands at the same place in the text. */
export function plainText(text: string): string {
  return text.replace(/[\u00a0\u00ad\u0660-\uffff]/g, plain);
}

function plain(character: string): string {
  const code = character.charCodeAt(0);
  const zero = ZEROS.find((each) => code >= each && code <= each + 9);
  if (zero !== undefined) return String(code - zero);
  if (BLANKS.test(character)) return ' ';
  return DASHES.test(character) ? '-' : (OTHERS[character] ?? character);
}
