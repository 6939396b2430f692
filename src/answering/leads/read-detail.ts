/** What a customer's words tell of a detail that they were asked for. */
import { readValue, type Shape } from '../../contacts/index.ts';
import { courtesyOf } from '../../lib/courtesy.ts';

export type Told =
  /** `alone`: there is nothing else in the message that wants an answer. */
  | { is: 'given'; value: string; alone: boolean }
  | { is: 'declined'; alone: boolean }
  /** It looks like an answer, and can't be read as one. */
  | { is: 'unreadable' }
  | { is: 'something else' };

const LONGEST_NAME = 80;
const LONGEST_TEXT = 200;
const QUESTION = /[?？؟\u037e]/u;
const EMAIL = /[^\s<>()[\]:;,"']+@[^\s<>()[\]:;,"'@]+\.[\p{L}]{2,}/u;
const PHONE = /(?:\+|00)?\d[\d\s()./–-]{4,24}\d/u;
/** With or without thanks behind it, and nothing more. */
const DECLINED =
  /^(?:no|nope|nah|skip|none|rather not|i(?:['’]d| would) rather not(?: say)?|not now|nein|lieber nicht|keine angabe|möchte ich nicht(?: sagen)?|non|je préfère ne pas(?: le dire)?|prefiero no(?: decirlo)?|preferisco (?:di )?no|não|nao|prefiro não(?: dizer)?|nee|liever niet|nie|wolę nie|hayır|hayir|istemiyorum|нет|не хочу|ні|не бажаю|لا|لا شكرا|לא|いいえ|不|不要)(?:[\s,.!-]+(?:thanks?|thank you|danke|merci|gracias|grazie|obrigad[oa]|dank u|bedankt|dziękuję|teşekkürler|спасибо|дякую|شكرا|תודה|please))?[\s.!]*$/iu;
/** "My name is Ana", in a few languages; what stands behind it is the name. */
const INTRODUCED =
  /^(?:(?:hi|hello|hey|hallo|hola|ciao|bonjour|olá)[\s,!.]+)?(?:my name(?: is|['’]s)|i am|i['’]m|this is|it['’]s|mein name ist|ich hei(?:ß|ss)e|ich bin|je m['’]appelle|je suis|me llamo|mi nombre es|soy|mi chiamo|sono|meu nome é|chamo-me|ik heet|ik ben|mijn naam is|nazywam się|mam na imię|adım|меня зовут|мене звати|اسمي|שמי|קוראים לי)\s+/iu;

export function readDetail(shape: Shape, isName: boolean, text: string): Told {
  const said = text.trim();
  if (said === '') return { is: 'something else' };
  if (DECLINED.test(said)) return { is: 'declined', alone: true };
  if (courtesyOf(said) !== null) return { is: 'something else' };
  if (shape.kind === 'email') return found(shape, said, EMAIL.exec(said)?.[0].replace(/[.!]+$/, ''));
  if (shape.kind === 'phone') return found(shape, said, PHONE.exec(said)?.[0]);
  if (QUESTION.test(said)) return { is: 'something else' };
  if (shape.kind === 'choice') return chosen(shape, said);
  const words = isName ? said.replace(INTRODUCED, '').replace(/[.!]+$/, '') : said;
  if (words.includes('\n') || [...words].length > (isName ? LONGEST_NAME : LONGEST_TEXT)) return { is: 'something else' };
  const read = readValue(shape, words);
  if (!read.ok) return { is: 'unreadable' };
  // No name has digits in it, or an address.
  if (isName && (/[\d@]/.test(words) || words.split(/\s+/).length > 6)) return { is: 'something else' };
  return read.value === null ? { is: 'something else' } : { is: 'given', value: read.value, alone: true };
}

/** An address or a number stands out of whatever is written around it. */
function found(shape: Shape, said: string, part: string | undefined): Told {
  const read = part === undefined ? undefined : readValue(shape, part);
  if (read?.ok && read.value !== null) {
    const rest = said.replace(part ?? '', '');
    return { is: 'given', value: read.value, alone: !QUESTION.test(rest) && rest.split(/\s+/).filter(Boolean).length <= 8 };
  }
  return part !== undefined || (!QUESTION.test(said) && said.split(/\s+/).length <= 3) ? { is: 'unreadable' } : { is: 'something else' };
}

function chosen(shape: Shape, said: string): Told {
  const plain = said.toLowerCase();
  const named = shape.choices.filter((choice) => plain.includes(choice.toLowerCase()));
  const [only] = named.length === 1 ? named : named.filter((choice) => choice.toLowerCase() === plain);
  if (only !== undefined) return { is: 'given', value: only, alone: true };
  return said.split(/\s+/).length <= 4 ? { is: 'unreadable' } : { is: 'something else' };
}
