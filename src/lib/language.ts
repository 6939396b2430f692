/**
 * The language of a short text, by its script and by its little words. A trained model needs 50 MB and guesses wildly at
 * four words; the little words of a question are few and give it away.
 */

const LITTLE_WORDS: Record<string, string> = {
  en: "a about an and any are at be by can cost costs could did do does for from get give has have how i if in is it know make makes many me much my near need needs no not of offer offers on one or our please price prices so some tell than that the their there there's they this to until up us want was we what what's when where which who why will with would you your",
  de: 'ab aber als am an anbieten auch auf aus bei bekomme bekommen bietet bin bis bitte brauche brauchen da das dass dem den der des die dies diese doch du ein eine einem einen einer er es euch euer eure für geht gibt habe haben habt hat hätte hätten ich ihr ihre im in ist ja kann kannst kosten kostet können könnt mach machen macht man mein meine mich mir mit möchte möchten nach nicht noch nur ob oder ohne preis preise sie sind so soll um und uns viel viele vom von vor wann war was welche wenn wer werden wie wieviel wir wird wo würde zu zum zur über',
  fr: "a ai as au aux avec avez c'est ce ces cette combien comment coûte coûtent dans de des du elle en est est-ce et faites faut il ils j'ai je l la le les leur ma mais me mes moi mon ne nos notre nous on ou où par pas peut peut-on peux plus pour pouvez prix proposez puis-je qu quand que quel quelle quelles quels qui quoi sa se ses son sont sur ta un une vos votre voudrais vous y à êtes",
  es: 'a al algo alguna algún con cuesta cuestan cuál cuáles cuándo cuánta cuánto cómo de del desde dónde el ella en eres es esta este está están hacen hacéis hasta hay la las le lo los me mi mis muy no nos o ofrecen ofrecéis os para pero por precio precios puede pueden puedo que quiero quisiera quién qué se ser si sin son su sus también te tiene tienen tienes tu un una usted ustedes y ya yo',
  it: "a al alla anche avete c'è che chi ci come con cosa costa costano da dal dei del della delle di dov'è dove e fate gli ha hai ho i il in io l la le lo ma me mi mia mio ne nel nella no non o offrite per perché posso prezzi prezzo può qual quale quali quando quant'è quanta quanto se si siete sono su sul sulla ti tra tu un una uno vi voi vorrei è",
  pt: 'a ao aos as até com como custa custam da das de do dos e ela ele em entre essa esse esta este está estão eu fazem foi há isso mais me meu minha muito na nas no nos não nós o oferecem onde os ou para pela pelo pode podem por posso preço preços quais qual quando quanta quanto que quem queria quero se sem ser seu sua são também te tem têm um uma você vocês à é',
  nl: 'aan al als bieden bij dan dat de deze die dit doen door een en er ga geen had heb hebben hebt heeft het hoe hoeveel hun ik in is ja je jij jullie kan kost kosten kunnen maar maken me met mij mijn na naar niet nog nu of om ons onze ook op over prijs prijzen te tot u uit uw van voor waar waarom wanneer was wat we welke wie wij wil wilt worden zijn zo zonder',
  pl: 'a ale bez by być było cena ceny chciałbym chcę co czy dla do gdzie go i ich ile ja jak jaka jaki jakie jako jest jestem jesteście już kiedy kosztuje kosztują kto która które który ma macie mam mi mnie mogę moja można mój na nad nie o od oferujecie po pod przez przy robicie się są ta tak tam te ten to tu ty w was we wy z za ze że',
  tr: 'acaba ama bana ben bir biz bu bunu da daha de değil en fiyat fiyatlar fiyatı gibi hangi ile istiyorum için kadar kaç kim mi misiniz mu musunuz mü müsünüz mı mısınız nasıl ne neden nerede nereden o olan olarak sen siz size var ve veya ya yapıyor yok çok şu',
  ru: 'а без бы был в вам вас вы где да делаете для до если есть еще ещё ж за и из или их к как какая какие какой когда кто ли мне можно мой мы на не нет ни но нужно о он она они от по под при с сколько со стоит стоят так то только у уже хотел хотела хочу цена цены что это я',
  uk: 'а або але без би був в вам вас вже ви від де для до з за зі й його коли коштують коштує мені ми можна мій на не ні о он потрібно при про під робите скільки та так то у хочу хто це цей ця ціна ціни чи що я як яка яке який якщо які є і із їх її',
  ar: 'أريد أن أو أي أين إلى إن التي الذي به بين تقدمون ثمن ذلك سعر على عليه عن عند عندكم في فيه قد كان كانت كل كم كيف لا لدي لديكم لم لن له لها ما ماذا متى مع من منذ نحن هذا هذه هل هو هي و يا يمكن يمكنني',
};

const words: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(LITTLE_WORDS).map(([language, list]) => [language, new Set(list.split(' '))]),
);

/** Letters that one of these languages has alone, or nearly. */
const OWN_LETTERS: readonly (readonly [RegExp, string])[] = [
  [/[ßäö]/u, 'de'],
  [/[ñ¿¡]/u, 'es'],
  [/[ãõ]/u, 'pt'],
  [/[ąęłśćźżń]/u, 'pl'],
  [/[ğış]/u, 'tr'],
  [/[œêë]/u, 'fr'],
  [/[òìù]/u, 'it'],
  [/[іїєґ]/u, 'uk'],
  [/[ыэъё]/u, 'ru'],
];
const LETTERS_COUNT = 1.5;

/** Scripts that say it alone. */
const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Han}/u, 'zh'],
  [/\p{Script=Thai}/u, 'th'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Devanagari}/u, 'hi'],
];

const READ_AT_MOST = 600;
const cut = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*/gu;

/** ISO 639-1, or null when it can't be told. */
export function languageOf(text: string): string | null {
  const read = text.slice(0, READ_AT_MOST).normalize('NFC').toLowerCase().replaceAll('’', "'");
  const script = SCRIPTS.find(([letters]) => letters.test(read));
  if (script) return script[1];
  const points = new Map<string, number>();
  const add = (language: string, count: number) => points.set(language, (points.get(language) ?? 0) + count);
  for (const [letters, language] of OWN_LETTERS) if (letters.test(read)) add(language, LETTERS_COUNT);
  for (const [word] of read.matchAll(cut)) {
    for (const [language, little] of words) if (little.has(word)) add(language, 1);
  }
  const [best, second] = [...points].sort((a, b) => b[1] - a[1]);
  if (best && best[1] > (second?.[1] ?? 0)) return best[0];
  return best ? null : onlyLanguageOf(read);
}

/** A script that stands for one language here, when no little word does. */
function onlyLanguageOf(text: string): string | null {
  if (/\p{Script=Arabic}/u.test(text)) return 'ar';
  return /\p{Script=Cyrillic}/u.test(text) ? 'ru' : null;
}

/** Whether a lower-case word says nothing of what a text is about. Null asks all languages. */
export function isLittleWord(word: string, language: string | null): boolean {
  const own = language === null ? undefined : words.get(language);
  if (own) return own.has(word);
  return language === null && [...words.values()].some((little) => little.has(word));
}
