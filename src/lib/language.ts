/**
 * The language of a short text, by its script and by its little words. A trained model needs 50 MB and guesses wildly at
 * four words; the little words of a question are few and give it away.
 */
import { COURTESIES, phrasesOf } from './courtesy-words.ts';

const LITTLE_WORDS: Record<string, string> = {
  en: "a about also am an and any anyone anything are at be been being but by can can't cost costs could did do does doesn't don't else for from get gets give go going got had happen happens has have her here him his how i i'd i'll i'm if in into is isn't it it's its just know let like make makes many may me might more most much must my near need needs no not of off offer offers on one or other our out over please price prices same see shall she should so some someone something take takes tell than that the their them then there there's these they this those to too until up us very want wants was we were what what's when where which while who whom whose why will with would yes yet you you're your",
  de: 'ab aber alle alles als also am an anbieten andere auch auf aus bei beim bekomme bekommen bietet bin bis bitte brauche brauchen da dann darf das dass dem den denn der des die dies diese doch dort du dürfen dürft eigentlich ein eine einem einen einer er es etwas euch euer eure für gar geht gern gerne gibt habe haben habt hat hier hätte hätten ich ihr ihre im in ins ist ja jetzt kann kannst kein keine keinen kosten kostet können könnt lang lange mach machen macht mag mal man mehr mein meine mich mir mit muss musst möchte möchten mögen müssen müsst nach nicht noch nur ob oder ohne preis preise schon sehr seid sein sich sie sind so soll sollen sollte um und uns unser unsere viel viele vom von vor wann war warum was weil welche welchem welchen welcher welches wem wen wenig wenn wer werde werden weshalb wessen wie wieder wieso wieviel will willst wir wird wo wodurch wofür wogegen woher wohin wollen wollt womit woran worauf worin worum wurde wäre wären würde würden zu zum zur zwischen über',
  fr: "a ai aller alors as au auquel aussi aux avec avez avoir avons bien c'est ce cela ces cette chez combien comme comment coûte coûtent dans de des devez dois doit donc du duquel déjà elle en encore entre est est-ce et faites faudrait faut ici il ils j'ai je l la laquelle le lequel les lesquelles lesquels leur leurs là ma mais me mes moi moins mon même ne nos notre nous on ou où par pas peut peut-on peuvent peux plus pour pourrais pourrait pourriez pouvez pouvoir prix proposez puis-je qu quand que quel quelle quelles quelque quelques quels qui quoi rien sa sans se serait ses son sont sous sur ta toujours tous tout toute toutes trop très un une va vais vers veut veux vos votre voudrais voudrait voulez vous y à ça était êtes être",
  es: 'a ahora al algo alguna algún allí aquí así cada como con cuando cuesta cuestan cuál cuáles cuándo cuánta cuántas cuánto cuántos cómo de debe deben debo del desde donde dónde el ella en entre eres es esa ese eso esta este está están haber había hace hacen hacer hacia hacéis hago hasta hay ir la las le lo los me mi mis mucho muchos muy nada no nos o ofrecen ofrecéis os otra otro otros para pero poco podemos podría podrían podrías podéis por precio precios puede pueden puedo que queremos quiere quieren quiero quisiera quién quiénes qué se ser sería si siempre sin sois somos son soy su sus también tampoco te tenemos tengo tiene tienen tienes toda todas todo todos tu un una usted ustedes va voy y ya yo',
  it: "a abbiamo al alla allora altri altro anche ancora andare avere avete c'è che chi ci come con cosa costa costano così da dal dei del della delle deve devo di dobbiamo dov'è dove dovete e era essere fare fate fra già gli ha hai hanno ho i il in io l la le lo là lì ma me meno mi mia mio molto ne nel nella no non o offrite ogni ora per perché più poco possiamo posso potete potrebbe potrei prezzi prezzo può qual quale quali quando quant'è quanta quante quanti quanto quella quello questa queste questi questo qui sarebbe se sei senza si siamo siete sono sopra sotto su sul sulla ti tra tu tutta tutte tutti tutto un una uno va vado vi vogliamo voglio voi vorrei vuoi vuole è",
  pt: 'a agora ainda ali ao aos aqui aquilo as assim até cada com como custa custam da das de deve devem devo do dos e ela ele em entre então essa essas esse esses esta estar estava este está estão eu faz fazem fazer faço foi gostaria há ir isso isto já lá mais me menos meu minha muito muitos na nas nem no nos não nós o oferecem onde os ou outra outro para pela pelo pode podem podemos poderia por posso pouco precisa precisamos preciso preço preços quais qual quando quanta quantas quanto quantos que quem quer querem queremos queria quero se sem ser seria seu sob sobre somos sou sua são também te tem temos tenho ter tinha todas todos tudo têm um uma vai você vocês vou à é',
  nl: 'aan al alle alles als ander andere ben bent bieden bij daar dan dat de deze die dit doe doen doet door een eens en er even ga gaan gaat geen graag had heb hebben hebt heeft heel het hier hoe hoelang hoeveel hun iemand iets ik in is ja je jij jullie kan kom komt kost kosten kunnen maar mag maken me mee meer met mij mijn minder moet moeten mogen na naar niet niets nog nu of om ons onze ook op over prijs prijzen te tot u uit uw van veel voor waar waarmee waarom waarvoor wanneer waren was wat we weinig wel welk welke wie wiens wij wil wilde wilt worden wordt zal zelf zich zijn zo zonder zou zouden zullen',
  pl: 'a albo ale ani bardzo bez by być była było były będzie będą będę cena ceny chce chcemy chciałbym chcą chcę co coś czego czy czym dla dlaczego do dokąd dużo gdy gdzie go i ich ile inna inny ja jak jaka jaki jakie jakiego jakiej jakim jako jest jestem jesteście jeszcze jeśli już każdy kiedy kogo komu kosztuje kosztują kto ktoś która które który ma macie mają mam mało mi mieć mnie mogą mogę moja możecie możemy można musi musimy muszę mój na nad nic nie o od oferujecie oraz po pod ponieważ powinien powinienem przez przy robicie się skąd są ta tak także tam te tego tej ten też to tu tutaj ty tylko tym w was we więc wszystko wy z za ze że',
  tr: 'acaba ama bana ben bir biz bu bunlar bunu burada da daha de değil edebilir eder en fiyat fiyatlar fiyatı gerek gerekiyor gibi hangi hangileri hangisi hem her hiç ile ise istiyorum için kadar kaç ki kim kimin lazım mi misin misiniz miyim miyiz mu musunuz mü mümkün müsünüz mı mısın mısınız mıyım mıyız nasıl ne neden nerede nereden nereye niçin o olabilir olan olarak olur oluyor orada sadece sen siz size sonra var ve veya ya yapabilir yapıyor yok çok önce şu şunlar',
  ru: 'а без будет буду будут бы был была были было в вам вас ваш ваша ваши все всегда всё вы где да делаете для до должен должна должны другая другой если есть еще ещё ж за зачем здесь и из или их к каждый как какая какие каким каких какого какой каком какому когда кого кому кто куда ли мало меня мне много могу могут можем может можете можно мой мы на надо нам нас наш наша не нет ни но нужен нужна нужно о он она они от откуда очень по под потому почему поэтому при с сам свой себя сколько со стоит стоят так также там тем то того тоже только тот тут у уже хотел хотела хотим хотят хочет хочу цена цены чего чей чем что чтобы чья чьё эта эти это этого этот я',
  uk: 'а або але багато без би був буде буду будуть була були було в вам вас ваш ваша ваші вже ви все від де для до дуже з за завжди звідки зі й його кого кожен коли кому коштують коштує куди мало мене мені ми може можемо можете можна можу можуть мій на нам нас наш не ні о он повинен повинна потрібен потрібно при про під робите свій себе скільки та так також там теж то того тому треба тут у усі хоче хочемо хочу хто це цей цього ця ці ціна ціни чи чим чого чому що щоб я як яка яке який яким яких якого якщо які якій є і із інший їх її',
  ar: 'أحتاج أريد أستطيع أن أنا أنت أنتم أو أي أيضا أين إذا إلى إن التي الذي بعض به بين تستطيعون تقدمون ثم ثمن جدا حتى ذلك سعر سوف على عليه عن عند عندكم غير في فيه قد قليلا كان كانت كثيرا كل كم كنت كيف لأن لا لدي لديكم لكن لم لماذا لن له لها ما ماذا متى مثل مع ممكن من منذ نحتاج نحن نستطيع هذا هذه هل هم هنا هناك هو هي و يا يجب يمكن يمكنني',
};

const words: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(LITTLE_WORDS).map(([language, list]) => [language, new Set([...list.split(' '), ...courtesiesIn(language)])]),
);

/** "Hello" and "thanks" say nothing of what a text is about either. */
function courtesiesIn(language: string): string[] {
  return courtesies(language).filter((phrase) => !phrase.includes(' '));
}

function courtesies(language: string): string[] {
  const { greet, thank } = COURTESIES[language] ?? { greet: '', thank: '' };
  return [...phrasesOf(greet), ...phrasesOf(thank)].map(straight);
}

/** Of several words: none of "good morning" would tell. */
const phrases = Object.keys(COURTESIES).map(
  (language) => [language, courtesies(language).filter((phrase) => phrase.includes(' '))] as const,
);

function straight(text: string): string {
  return text.replaceAll('’', "'");
}

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
/** Words: who greets begins with it. */
const GREETED_WITHIN = 12;
const cut = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*/gu;

/** ISO 639-1, or null when it can't be told. */
export function languageOf(text: string): string | null {
  const read = straight(text.slice(0, READ_AT_MOST).normalize('NFC').toLowerCase());
  const script = SCRIPTS.find(([letters]) => letters.test(read));
  if (script) return script[1];
  const points = new Map<string, number>();
  const add = (language: string, count: number) => points.set(language, (points.get(language) ?? 0) + count);
  for (const [letters, language] of OWN_LETTERS) if (letters.test(read)) add(language, LETTERS_COUNT);
  const cutWords = [...read.matchAll(cut)].map(([word]) => word);
  for (const word of cutWords) for (const [language, little] of words) if (little.has(word)) add(language, 1);
  const line = ` ${cutWords.slice(0, GREETED_WITHIN).join(' ')} `;
  for (const [language, said] of phrases) if (said.some((phrase) => line.includes(` ${phrase} `))) add(language, 1);
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
