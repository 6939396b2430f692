import type { ContactField } from '../contact-fields.ts';
import { TARGETS, type Target } from './import-plan.ts';

/** What columns are called elsewhere: in other programs, and in a few languages. Letters alone, small. */
const CALLED: [Target, RegExp][] = [
  ['id', /^(?:contactnumber|deskbellid)$/],
  [
    'email',
    /^(?:primary|main|work|private)?(?:e?mail|courriel|correo|почта|emailadresse|emailaddress|adresseemail|correoelectrónico|posta)(?:1|address|value)?$/,
  ],
  [
    'phone',
    /^(?:primary|main|work|home)?(?:phone|telephone|tel|telefon|telefono|teléfono|téléphone|telefone|mobile|mobil|handy|cell|móvil|portable|whatsapp|телефон|电话|電話)(?:1|phone|number|nummer|nr|no|value)?$/,
  ],
  [
    'name',
    /^(?:full|display|contact|customer|first|given|last|family|sur|vor|nach)?(?:name|nom|nome|nombre|naam|имя|姓名|名前)$|^(?:prénom|apellidos?|cognome|achternaam|voornaam|фамилия|nomdefamille|kunde|kontakt)$/,
  ],
  ['language', /^(?:language|locale|sprache|langue|idioma|lingua|taal|язык)$/],
  ['labels', /^(?:labels?|tags?|groups?|segments?|schlagworte?|étiquettes?|etiquetas?)$/],
  ['note', /^(?:notes?|comments?|remarks?|notiz(?:en)?|bemerkung(?:en)?|kommentar|remarques?|notas?|opmerkingen)$/],
];

/** What the columns are by their names: the fields of one's own first, then what every contact has, each once. */
export function guessColumns(head: readonly string[], fields: readonly ContactField[]): Target[] {
  const taken = new Set<Target>();
  return head.map((name) => {
    const found = targetOf(name, fields);
    if (found === '' || (found !== 'name' && taken.has(found))) return '';
    taken.add(found);
    return found;
  });
}

function targetOf(name: string, fields: readonly ContactField[]): Target {
  const plain = lettersOf(name);
  const own = fields.find((field) => lettersOf(field.name) === plain);
  if (own) return `field-${own.id}`;
  const ours = (Object.keys(TARGETS) as (keyof typeof TARGETS)[]).find((target) => lettersOf(TARGETS[target]) === plain);
  return ours ?? CALLED.find(([, called]) => called.test(plain))?.[0] ?? '';
}

function lettersOf(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Whether a first row says what the columns are: names, none of them an address or a number. */
export function isHead(row: readonly string[], fields: readonly ContactField[]): boolean {
  if (row.some((cell) => cell.includes('@') || /^\+?[\d\s()/-]{6,}$/.test(cell.trim()))) return false;
  return row.some((cell) => targetOf(cell, fields) !== '');
}
