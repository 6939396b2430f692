/** What customers write who want a person, and what sounds like it and isn't: own sentences, none of them from a product. */
interface Sentences {
  wants: string[];
  not: string[];
}

export const SENTENCES: Record<string, Sentences> = {
  en: {
    wants: [
      'Can I talk to a real person please?',
      'I want to speak with someone from your team',
      'get me a human',
      'Connect me to an agent now',
      'Is there a human I can chat with?',
      'I don’t want a bot, let me talk to a person',
      'agent please',
    ],
    not: [
      'I want someone to fix my roof',
      'I need a person to carry the sofa',
      'I need a birthday cake for one person',
      'How many people fit in the room?',
      'Are you a bot or a human?',
      'Is the price per person?',
      'I don’t want to talk to a person',
      'Which travel agent do you work with?',
      'Do you respect human rights in your supply chain?',
      'I spoke to one of your staff yesterday and she said yes',
    ],
  },
  de: {
    wants: [
      'Kann ich bitte mit einem Menschen sprechen?',
      'Ich möchte mit einem Mitarbeiter reden',
      'Verbinden Sie mich mit jemandem',
      'Ich will nicht mit einem Bot sprechen, sondern mit einem Menschen',
      'Gibt es hier auch echte Menschen?',
      'Mitarbeiter bitte',
      'Können Sie mich an einen Kollegen weiterleiten?',
    ],
    not: [
      'Ich brauche jemanden, der mir das Sofa trägt',
      'Ich möchte Mitarbeiter werden',
      'Wie viele Personen passen an den Tisch?',
      'Ich muss nicht mit einem Menschen sprechen',
      'Sucht ihr noch Mitarbeiter?',
      'Kostet das pro Person extra?',
      'Ich habe gestern mit einem Mitarbeiter telefoniert',
      'Bist du ein Mensch?',
    ],
  },
  fr: {
    wants: [
      'Je voudrais parler à un conseiller',
      'Puis-je discuter avec une vraie personne ?',
      'Passez-moi quelqu’un s’il vous plaît',
      'J’ai besoin de parler avec un humain',
      'un agent svp',
    ],
    not: [
      'Je voudrais une table pour une personne',
      'C’est combien par personne ?',
      'Vous êtes un humain ?',
      'Je ne veux pas parler à un conseiller',
      'Une table pour quatre personnes ce soir ?',
      'Quel est le prix du menu ?',
    ],
  },
  es: {
    wants: [
      'Quiero hablar con una persona',
      '¿Me puede comunicar con un agente?',
      'Necesito hablar con alguien ya',
      'Pásame con un humano',
      'agente por favor',
    ],
    not: [
      'Quiero una mesa para una persona',
      'Necesito a alguien que arregle mi tejado',
      '¿Cuánto cuesta por persona?',
      '¿Eres una persona real?',
      'No quiero hablar con un agente',
      '¿Hay mesa para seis personas?',
      'Necesito un pastel para el sábado',
    ],
  },
  it: {
    wants: [
      'Vorrei parlare con un operatore',
      'Posso parlare con una persona vera?',
      'Passatemi qualcuno per favore',
      'Ho bisogno di parlare con un umano',
      'operatore',
    ],
    not: [
      'Vorrei un tavolo per una persona',
      'Ho bisogno di qualcuno per il tetto',
      'Quanto costa a persona?',
      'Sei una persona o un bot?',
      'Non voglio parlare con un operatore',
      'Un tavolo per due persone?',
      'Vorrei una torta al limone',
    ],
  },
  pt: {
    wants: [
      'Quero falar com um atendente',
      'Posso falar com uma pessoa de verdade?',
      'Me transfere para um humano',
      'Preciso falar com alguém',
      'atendente por favor',
    ],
    not: [
      'Quero uma mesa para uma pessoa',
      'Quanto custa por pessoa?',
      'Você é uma pessoa?',
      'Não quero falar com um atendente',
      'Mesa para cinco pessoas?',
      'Quero um bolo de cenoura',
    ],
  },
  nl: {
    wants: [
      'Kan ik een medewerker spreken?',
      'Ik wil met een mens praten',
      'Kunt u me doorverbinden met iemand?',
      'Graag contact met een medewerker',
      'medewerker alsjeblieft',
    ],
    not: [
      'Ik wil een tafel voor een persoon',
      'Hoeveel kost het per persoon?',
      'Ben je een mens?',
      'Ik wil niet met een medewerker praten',
      'Zoeken jullie nog medewerkers?',
      'Is er plek voor vier personen?',
    ],
  },
  pl: {
    wants: ['Chcę porozmawiać z człowiekiem', 'Proszę połączyć mnie z konsultantem', 'Czy mogę porozmawiać z kimś?', 'konsultant proszę'],
    not: ['Ile kosztuje od osoby?', 'Jesteś człowiekiem?', 'Nie chcę rozmawiać z konsultantem', 'Stolik dla czterech osób?'],
  },
  tr: {
    wants: ['Bir insanla konuşmak istiyorum', 'Beni müşteri temsilcisine bağlar mısınız?', 'Biriyle görüşebilir miyim?', 'temsilci lütfen'],
    not: ['Kişi başı ne kadar?', 'Sen insan mısın?', 'Temsilciyle konuşmak istemiyorum', 'Dört kişilik masa var mı?'],
  },
  ru: {
    wants: [
      'Хочу поговорить с человеком',
      'Соедините меня с оператором',
      'Позовите, пожалуйста, менеджера',
      'Можно связаться с сотрудником?',
      'оператор',
    ],
    not: ['Сколько стоит на человека?', 'Ты человек или бот?', 'Не хочу говорить с оператором', 'Столик на четырёх человек есть?'],
  },
  uk: {
    wants: ['Хочу поговорити з людиною', 'З’єднайте мене з оператором', 'Покличте менеджера будь ласка', 'оператор'],
    not: ['Скільки коштує на людину?', 'Ти людина?', 'Не хочу говорити з оператором', 'Чи є столик на чотирьох?'],
  },
  ar: {
    wants: ['أريد التحدث مع شخص حقيقي', 'هل يمكنني التحدث إلى موظف؟', 'حولني إلى موظف خدمة العملاء', 'موظف'],
    not: ['أريد طاولة لشخص', 'كم السعر للشخص الواحد؟', 'هل أنت إنسان؟', 'لا أريد التحدث مع موظف', 'هل لديكم طاولة لأربعة؟'],
  },
  he: {
    wants: ['אפשר לדבר עם נציג?', 'אני רוצה לדבר עם בן אדם', 'תעבירו אותי לנציג אנושי', 'נציג'],
    not: ['כמה עולה לאדם?', 'אתה בן אדם?', 'אני לא רוצה לדבר עם נציג', 'יש שולחן לארבעה?'],
  },
  ja: {
    wants: ['担当者と話したいです', 'オペレーターにつないでください', '人間と話せますか？', 'スタッフの方をお願いします'],
    not: ['担当者の名前は何ですか', '一人いくらですか？', 'あなたは人間ですか？', '担当者と話す必要はありません', '四人の席はありますか？'],
  },
  zh: {
    wants: ['我要转人工', '请帮我接人工客服', '可以跟真人聊吗？', '人工'],
    not: ['要两个人的套餐', '我需要给客户发票', '客服电话是多少', '每人多少钱？', '你是真人吗？', '我不想转人工', '有四个人的桌子吗？'],
  },
  ko: {
    wants: ['상담원 연결해 주세요', '사람과 대화하고 싶어요', '직원과 통화할 수 있나요?', '상담원'],
    not: ['한 사람당 얼마예요?', '당신은 사람인가요?', '상담원과 대화하고 싶지 않아요', '네 명 자리 있나요?'],
  },
  hi: {
    wants: ['मुझे किसी इंसान से बात करनी है', 'एजेंट से बात करवाइए', 'क्या मैं किसी प्रतिनिधि से बात कर सकता हूँ?'],
    not: ['प्रति व्यक्ति कितना है?', 'क्या आप इंसान हैं?', 'मुझे एजेंट से बात नहीं करनी'],
  },
  vi: {
    wants: ['Tôi muốn nói chuyện với nhân viên', 'Cho tôi gặp người thật', 'Kết nối tôi với tư vấn viên'],
    not: ['Giá mỗi người bao nhiêu?', 'Bạn là người thật à?', 'Tôi không muốn nói chuyện với nhân viên'],
  },
  sv: {
    wants: ['Jag vill prata med en människa', 'Kan jag få tala med någon?', 'Koppla mig till en medarbetare'],
    not: ['Vad kostar det per person?', 'Är du en människa?', 'Har ni bord för fyra personer?'],
  },
};
