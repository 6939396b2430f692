/**
 * What people say that asks nothing, by language: to greet, to thank or to take leave, and words that go with either.
 * Phrases are parted by commas. Words that are a day or a time besides ("morgen", "dag") stand in phrases only.
 */
export interface CourtesyWords {
  greet: string;
  thank: string;
  beside: string;
}

/** Said in many languages alike, so they tell none. */
export const SHARED: CourtesyWords = { greet: 'hi, hey', thank: 'ok, okay, super, bravo', beside: 'oh, ah, wow, info' };

export const COURTESIES: Record<string, CourtesyWords> = {
  en: {
    greet:
      'hello, hiya, howdy, hi there, hello there, hey there, good morning, good afternoon, good evening, good day, greetings, how are you, how are you doing, i have a question, i need help, can you help, can you help me',
    thank:
      'thanks, thank you, thank u, thx, ty, cheers, many thanks, great, perfect, alright, all right, got it, i see, cool, nice, awesome, wonderful, lovely, excellent, brilliant, good to know, that helps, sounds good, bye, goodbye, see you, see you soon, see you later, have a nice day, have a good day, good night',
    beside: 'very, lot, lots, all, help, helpful, quick, fast, answer, reply, information, kind, again, then, good, well, now',
  },
  de: {
    greet:
      'hallo, hallöchen, moin, servus, grüezi, grüß gott, grüß dich, guten tag, guten morgen, guten abend, wie geht es dir, wie geht es ihnen, wie geht’s, wie gehts, ich habe eine frage, ich hätte eine frage, ich brauche hilfe, können sie mir helfen, kannst du mir helfen',
    thank:
      'danke, dankeschön, vielen dank, vielen lieben dank, besten dank, herzlichen dank, lieben dank, tausend dank, toll, prima, perfekt, klasse, wunderbar, alles klar, gut zu wissen, passt, verstanden, tschüss, tschüß, bis bald, bis dann, auf wiedersehen, schönen tag, schönen abend, gute nacht',
    beside: 'schön, sehr, vielmals, hilfe, auskunft, antwort, information, schnelle, nette, gut, klar, dann, alles, jetzt, hilft, weiter',
  },
  fr: {
    greet: 'bonjour, salut, bonsoir, coucou, ça va, comment ça va, comment allez-vous, j’ai une question, pouvez-vous m’aider',
    thank:
      'merci, mille mercis, parfait, génial, d’accord, très bien, entendu, au revoir, à bientôt, bonne journée, bonne soirée, bonne nuit',
    beside: 'beaucoup, bien, très, aide, réponse, infos, renseignements, tout, grand, alors',
  },
  es: {
    greet:
      'hola, buenas, buenos días, buenas tardes, buenas noches, qué tal, cómo está, cómo estás, tengo una pregunta, me puede ayudar, puede ayudarme',
    thank: 'gracias, perfecto, genial, vale, de acuerdo, muy bien, estupendo, adiós, hasta luego, hasta pronto, buen día',
    beside: 'muchas, muchísimas, mil, muy, amable, ayuda, respuesta, información, todo, bien, entonces',
  },
  it: {
    greet: 'ciao, salve, buongiorno, buonasera, buon giorno, buona sera, come va, come stai, come sta, ho una domanda, può aiutarmi',
    thank: 'grazie, perfetto, ottimo, benissimo, va bene, d’accordo, arrivederci, a presto, buona giornata, buona serata, buonanotte',
    beside: 'mille, molte, tante, molto, tanto, gentile, aiuto, risposta, informazione, tutto, bene, davvero, allora',
  },
  pt: {
    greet: 'olá, oi, bom dia, boa tarde, boa noite, tudo bem, como vai, tenho uma pergunta, pode ajudar-me, pode me ajudar',
    thank: 'obrigado, obrigada, perfeito, ótimo, beleza, está bem, tá bom, valeu, adeus, tchau, até logo, até breve',
    beside: 'ajuda, resposta, informação, tudo, bem, então',
  },
  nl: {
    greet:
      'hallo, hoi, goedemorgen, goedemiddag, goedenavond, goedendag, goede morgen, goede middag, goeden avond, hoe gaat het, ik heb een vraag, kunt u mij helpen',
    thank: 'bedankt, dank je, dank u, dankjewel, dankuwel, oké, top, fijn, duidelijk, doei, tot ziens, fijne dag, fijne avond',
    beside: 'dank, hartelijk, wel, heel, erg, hulp, antwoord, informatie, snelle, goed, alles',
  },
  pl: {
    greet: 'cześć, hej, witam, dzień dobry, dobry wieczór, jak się masz, mam pytanie, czy może mi pan pomóc, czy może mi pani pomóc',
    thank: 'dziękuję, dziękuje, dzięki, świetnie, okej, dobrze, rozumiem, do widzenia, do zobaczenia, na razie, miłego dnia',
    beside: 'bardzo, pięknie, wielkie, pomoc, odpowiedź, informację, informacje, szybką, wszystko',
  },
  tr: {
    greet: 'merhaba, merhabalar, selam, günaydın, iyi günler, iyi akşamlar, nasılsınız, nasılsın, bir sorum var, yardım eder misiniz',
    thank:
      'teşekkürler, teşekkür ederim, teşekkür ederiz, sağ olun, sağ ol, sağolun, süper, harika, mükemmel, tamam, tamamdır, anladım, hoşça kal, hoşça kalın, görüşürüz, iyi geceler',
    beside: 'yardımınız, yardım, cevap, bilgi, her, şey',
  },
  ru: {
    greet: 'привет, здравствуйте, здравствуй, добрый день, доброе утро, добрый вечер, как дела, у меня вопрос, у меня есть вопрос',
    thank:
      'спасибо, благодарю, спс, отлично, супер, хорошо, понятно, ясно, ок, окей, ладно, до свидания, пока, всего доброго, хорошего дня',
    beside: 'большое, огромное, очень, помощь, ответ, информацию, всё, все',
  },
  uk: {
    greet:
      'привіт, вітаю, добрий день, доброго дня, добрий ранок, доброго ранку, добрий вечір, як справи, у мене питання, у мене є питання',
    thank: 'дякую, спасибі, чудово, супер, добре, зрозуміло, ок, окей, гаразд, до побачення, бувай, на все добре, гарного дня',
    beside: 'дуже, щиро, велике, допомогу, відповідь, інформацію, все',
  },
  ar: {
    greet: 'مرحبا, أهلا, أهلا وسهلا, السلام عليكم, صباح الخير, مساء الخير, هلا, كيف الحال, كيف حالك, لدي سؤال, عندي سؤال',
    thank: 'شكرا, شكرا لك, شكرا لكم, ممتاز, رائع, تمام, حسنا, طيب, مع السلامة, إلى اللقاء',
    beside: 'جزيلا, جدا, المساعدة',
  },
};

export function phrasesOf(list: string): string[] {
  return list.split(', ');
}
