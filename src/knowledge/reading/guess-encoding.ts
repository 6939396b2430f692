/** In which of the encodings before Unicode a text is written: by how often its letters follow each other, and in which language they then are. */
import { analyse } from 'chardet';
import { isWestern } from '../../lib/encodings.ts';
import { languageOfText } from './detect-language.ts';

/** So much tells. */
const SAMPLE = 65_536;

interface Encoding {
  name: RegExp;
  /** A text that is in none of them was read wrongly. */
  languages: string;
  /** Below this the guess is worth nothing. Where each letter takes two bytes, a whole text leaves no doubt, and chance makes signs of anything. */
  worth: number;
}

const ENCODINGS: Encoding[] = [
  { name: /^(?:iso-8859-1|windows-1252)$/i, languages: 'da de en es fi fr ga is it nl no nb pt sv ca eu gl', worth: 10 },
  { name: /^(?:iso-8859-2|windows-1250)$/i, languages: 'cs hr hu pl ro sk sl', worth: 10 },
  { name: /^(?:iso-8859-5|windows-1251|koi8-r)$/i, languages: 'be bg mk ru sr uk', worth: 10 },
  { name: /^(?:iso-8859-7|windows-1253)$/i, languages: 'el', worth: 5 },
  { name: /^(?:iso-8859-8|windows-1255)$/i, languages: 'he', worth: 10 },
  { name: /^(?:iso-8859-6|windows-1256)$/i, languages: 'ar', worth: 10 },
  { name: /^(?:iso-8859-9|windows-1254)$/i, languages: 'tr az', worth: 10 },
  { name: /^(?:big5|gb18030)$/i, languages: 'zh', worth: 60 },
  { name: /^(?:shift_jis|euc-jp)$/i, languages: 'ja', worth: 60 },
  { name: /^euc-kr$/i, languages: 'ko', worth: 60 },
];

/** A name that TextDecoder knows; null where nothing fits for sure: words read wrongly are worse than none. `bytes` are no UTF-8 or UTF-16. */
export function guessEncoding(bytes: Uint8Array): string | null {
  const sample = tellingLines(bytes);
  for (const { name, confidence } of analyse(sample)) {
    const encoding = ENCODINGS.find((each) => each.name.test(name));
    if (!encoding || confidence < encoding.worth) continue;
    const text = readAs(name, sample);
    if (text !== null && encoding.languages.split(' ').includes(languageOfText(text) ?? '')) return name;
  }
  // Too short to tell a language by: letters beyond ASCII that stand alone are most likely of the West.
  return isWestern(sample) && readAs('windows-1252', sample) !== null ? 'windows-1252' : null;
}

/** Null where this encoding has no letter for a byte, or only a control. */
function readAs(name: string, sample: Uint8Array): string | null {
  try {
    const text = new TextDecoder(name, { fatal: true }).decode(sample);
    return /[\u0080-\u009f]/.test(text) ? null : text;
  } catch {
    return null; // so it isn't written in this one
  }
}

/** The lines that have letters beyond ASCII: in a list of products they may stand far down. */
function tellingLines(bytes: Uint8Array): Uint8Array {
  const lines: Uint8Array[] = [];
  let length = 0;
  for (let start = 0; start < bytes.length && length < SAMPLE;) {
    const end = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end + 1);
    if (line.some((byte) => byte >= 0x80)) {
      lines.push(line);
      length += line.length;
    }
    start += line.length;
  }
  return Buffer.concat(lines);
}
