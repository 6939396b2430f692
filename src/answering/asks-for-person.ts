/**
 * Whether a customer asks, in so many words, to speak with a person. Caught before the bot, so that it works with the
 * provider down and the budget spent. It is narrow on purpose: what it misses, the model still hears and hands over.
 */

/** The word each language's notice tells customers to write, and what people write instead. */
const WORDS = new Set(
  (
    'person human agent operator representative staff someone mensch mitarbeiter mitarbeiterin ansprechpartner personne humain conseiller opérateur ' +
    'persona humano agente alguien operatore umano pessoa atendente humana mens medewerker człowiek konsultant insan temsilci ' +
    'человек оператор сотрудник людина оператора شخص موظف إنسان'
  ).split(' '),
);

const ASKS: RegExp[] = [
  /\b(talk|speak|chat|connect|transfer|put) (me |us )?(to|with|through to) (a|an|the|some|any|your)?\s*(real |live |actual |human )*(person|human|agent|operator|someone|somebody|people|representative|staff|employee)\b/iu,
  /\b(want|need|get|give me|like) (to (talk|speak) (to|with) )?(a|an) (real |live )*(person|human|agent|operator)\b/iu,
  /\b(mit|zu) (einem|einer|dem|der) (echten |richtigen )?(menschen|mitarbeiter|mitarbeiterin|person|berater|beraterin|kollegen)\b.*\b(sprechen|reden|schreiben|verbunden|verbinden|chatten)?/iu,
  /\b(parler|discuter|échanger) (à|avec) (un|une|quelqu)/iu,
  /\b(hablar|chatear) con (una|un|alguien|la) ?(persona|humano|agente|operador)?/iu,
  /\bparlare con (una|un|qualcuno)/iu,
  /\bfalar com (uma|um|alguém)/iu,
  /\b(met een|iemand) (echt )?(mens|medewerker|persoon)\b/iu,
  /(поговорить|связаться|соедините|позовите).{0,20}(человек|оператор|сотрудник|менеджер)/iu,
  /(поговорити|покличте|з'єднайте|зв'язатися).{0,20}(людин|оператор|співробітник|менеджер)/iu,
  /(porozmawiać|połącz).{0,20}(człowiek|konsultant|pracownik)/iu,
  /(bir )?(insan|temsilci|yetkili)(la|le|yle|yla|ye|ya)? (konuş|görüş|bağla)/iu,
  /(التحدث|أتحدث|التكلم|أتكلم).{0,15}(شخص|موظف|إنسان|أحد)/u,
];

const LONGEST = 160;

/** True when `text` is a plain request for a person. */
export function asksForPerson(text: string): boolean {
  const plain = text.normalize('NFKC').trim();
  if (plain === '' || plain.length > LONGEST) return false;
  const word = plain
    .toLocaleLowerCase()
    .replace(/[\p{P}\p{S}\s]+/gu, ' ')
    .trim();
  if (WORDS.has(word) || WORDS.has(word.replace(/ (please|bitte|por favor|merci|per favore)$/u, ''))) return true;
  return ASKS.some((ask) => ask.test(plain));
}
