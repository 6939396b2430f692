/**
 * The language of a short text, by its script and by its little words. A trained model needs 50 MB and guesses wildly at
 * four words; the little words of a question are few and give it away.
 */

const LITTLE_WORDS: Record<string, string> = {
  en: 'a about an and any are at be by can could did do does for from get has have how i if in is it me my near no not of on one or our please so some than that the their there they this to until up us was we what when where which who why will with would you your',
  de: 'ab aber als am an auch auf aus bei bin bis bitte da das dass dem den der des die dies diese doch du ein eine einem einen einer er es euch euer eure für gibt habe haben habt hat ich ihr ihre im in ist ja kann kannst können könnt man mein meine mich mir mit nach nicht noch nur ob oder ohne sie sind so soll um und uns vom von vor wann war was welche wenn wer werden wie wieviel wir wird wo zu zum zur über',
  fr: "à a ai as au aux avec avez ce ces c'est cette combien comment dans de des du elle en est est-ce et il ils j'ai je l la le les leur ma mais me mes moi mon ne nos notre nous on ou où par pas peut peut-on peux plus pour pouvez puis-je qu quand que quel quelle quelles quels qui quoi sa se ses son sont sur ta un une vos votre vous y êtes",
  es: 'a al algo algún alguna con cuál cuáles cuándo cuánto cuánta cuesta cómo de del desde dónde el ella en eres es esta este está están están hacen hasta hay la las le lo los me mi mis muy no nos o os para pero por puede pueden puedo que qué quién se ser si sin son su sus también te tiene tienen tienes tu un una usted ustedes y ya yo',
  it: "a al alla anche avete c'è che chi ci come con cosa da dal dei del della delle di dov'è dove e fate gli ha hai ho i il in io l la le lo ma me mi mia mio ne nel nella no non o per perché posso può qual quale quali quando quanto quanta quant'è se si siete sono su sul sulla ti tra tu un una uno vi voi è",
  pt: 'a ao aos as até com como da das de do dos e ela ele em entre essa esse esta este está estão eu foi há isso mais me meu minha muito na nas no nos não nós o onde os ou para pela pelo pode podem por posso qual quais quando quanto quanta quem que se sem ser seu sua são também te tem têm um uma você vocês à é',
  nl: 'aan al als bij dan dat de deze die dit door een en er ga geen had heb hebben hebt heeft het hoe hoeveel hun ik in is ja je jij jullie kan kunnen maar me met mij mijn na naar niet nog nu of om ons onze ook op over te tot u uit uw van voor waar waarom wanneer was wat we welke wie wij wil worden zijn zo zonder',
  pl: 'a ale bez być by było co czy dla do gdzie go i ich ile ja jak jaka jaki jakie jako jest jestem jesteście już kiedy kto która które który ma macie mam mi mnie mogę można mój moja na nad nie o od po pod przez przy są się ta tak tam te ten to tu ty w was we wy z za ze że',
  tr: 'acaba ama bana ben bir biz bu bunu da daha de değil en gibi hangi için ile kaç kadar kim mi misiniz mu musunuz mı mısınız mü müsünüz nasıl ne neden nerede nereden o olan olarak sen siz size şu var ve veya ya yok çok',
  ru: 'а без бы был в вам вас вы где да для до если есть еще ещё ж за и из или их к как какая какие какой когда кто ли мне можно мой мы на не нет ни но о он она они от по под при с сколько со так то только у уже что это я',
  uk: 'а але без би був в вам вас ви вже де для до є за з зі й і із її їх його коли ми мені мій можна на не ні о он або чи що як яка яке який які якщо скільки та так то у хто це цей ця я від при про під',
  ar: 'أن إلى أو أي أين إن الذي التي به بين ذلك على عليه عن عند عندكم في فيه قد كل كم كان كانت كيف لا لدي لديكم لم لن له لها ما ماذا متى مع من منذ نحن هذا هذه هل هو هي و يا يمكن يمكنني',
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
