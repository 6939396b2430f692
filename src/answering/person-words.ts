/**
 * How people ask for a person, for languages in which many write to shops. Each has words for whom they want, and for reaching
 * them; both have to stand in one sentence, in either order, as languages do. Endings are left open by `\p{L}*`. Whoever wants to
 * speak to somebody wants a person; who only wants or needs somebody may want a plumber.
 */

export interface PersonWords {
  /** Alone they are a request: what our own notice tells people to write, and what they write instead. */
  alone: string;
  person: string;
  /** "Somebody": only with `reach`. */
  anyone?: string;
  reach: string;
  /** "I want": only with `person`. */
  want?: string;
}

export const PERSON_WORDS: Record<string, PersonWords> = {
  en: {
    alone: 'person|human|agent|operator|representative|staff|someone|somebody|real person|live agent|customer service',
    person:
      '(?:an? |any |some |the |your |one of your )?(?:real |live |actual |human )*(?:(?<=real |live |actual |human )person|human(?: being)?|agent|operator|representative|employee)(?! (?:rights|resources))',
    anyone: '(?:some |any |one of |your |the |a )*(?:person|someone|somebody|people|rep|staff|colleague|manager|supervisor)',
    reach:
      '(?:talk|speak|chat|connect(?: me| us)?|transfer(?: me| us)?|put me|write) (?:to|with|through to)|hand me (?:over )?to|pass me (?:on )?to',
    want: 'get me|give me|want|need|would like|prefer|is there',
  },
  de: {
    alone: 'mensch|mitarbeiter|mitarbeiterin|ansprechpartner|echter mensch|kundenservice|kundendienst|kundenberater',
    person:
      '(?:mensch(?:en)?|mitarbeiter(?:in|n)?|ansprechpartner(?:in)?|kundenberater(?:in)?|berater(?:in)?|(?:echten?|richtigen?|realen?) person|(?:einer|eine) person)',
    anyone: 'kolleg(?:e|en|in)|jemand(?:em|en)?',
    reach: '(?:sprechen|reden|schreiben|chatten|verbinde\\p{L}*|verbunden|weiterleiten)',
    want: '(?:(?:möchte|will|brauche|bräuchte) (?:bitte )?(?:mit )?(?:ein\\p{L}+ )?|gibt es|holen)',
  },
  fr: {
    alone: 'personne|humain|un humain|conseiller|conseillère|opérateur|agent|un agent|une vraie personne',
    person: '(?:(?:un|une|des) (?:vraie personne|humain|vrai humain|être humain|conseill(?:er|ère)|opérat(?:eur|rice)|agent|employée?))',
    anyone: "une personne|un (?:responsable|collègue)|quelqu['’]un|votre équipe",
    reach: '(?:parler|discuter|échanger|joindre|contacter|passez[- ]moi|passer|mettez[- ]moi)',
    want: '(?:je (?:veux|voudrais|souhaite)|besoin)',
  },
  es: {
    alone: 'persona|humano|agente|alguien|operador|asesor|una persona|persona real',
    person: '(?:(?:una|un|el|la) (?:persona (?:real|de verdad)|humano|agente|operador\\p{L}*|asesor\\p{L}*|representante))',
    anyone: '(?:un|una|el|la) (?:persona|empleado|encargad[oa]|responsable)|alguien',
    reach: '(?:hablar|chatear|comunicar\\p{L}*|conectar\\p{L}*|p[áa]s(?:ar|e)me|pásame|contactar|atienda|transfier\\p{L}*)',
    want: '(?:quiero|quisiera|necesito)',
  },
  it: {
    alone: 'persona|operatore|operatrice|umano|una persona|un operatore',
    person: "(?:(?:una|un|un['’]) ?(?:persona (?:vera|reale)|vera persona|operat(?:ore|rice)|umano|essere umano))",
    anyone: "una persona|un['’]? ?(?:addett[oa]|consulente|responsabile)|qualcuno",
    reach: '(?:parlare|chattare|mettermi in contatto|passatemi|passami|contattare)',
    want: '(?:vorrei|voglio|ho bisogno di)',
  },
  pt: {
    alone: 'pessoa|atendente|humano|humana|operador|uma pessoa|um atendente',
    person: '(?:(?:uma?|o) (?:pessoa (?:real|de verdade)|atendente|humano|operador\\p{L}*|representante))',
    anyone: '(?:uma?|o) (?:pessoa|funcionári[oa]|responsável)|alguém',
    reach: '(?:falar|conversar|transfer\\p{L}*|passe|chamar|chame)',
    want: '(?:quero|queria|gostaria|preciso de)',
  },
  nl: {
    alone: 'mens|medewerker|persoon|een mens|een medewerker',
    person: '(?:mens|medewerker)',
    anyone: 'persoon|collega|iemand',
    reach: '(?:spreken|praten|chatten|doorverbinden|doorverbonden|verbind|contact)',
    want: '(?:wil|graag) (?:een )?',
  },
  pl: {
    alone: 'człowiek|konsultant|konsultantka|człowieka|pracownik',
    person: '(?:człowiek\\p{L}*|konsultant\\p{L}*|doradc\\p{L}*)',
    anyone: 'pracownik\\p{L}*|kimś|osobą',
    reach: '(?:porozmawiać|rozmawiać|połącz\\p{L}*|pogadać|skontaktować|przełącz\\p{L}*)',
    want: '(?:chcę|chciał\\p{L}*|proszę o)',
  },
  tr: {
    alone: 'insan|temsilci|yetkili|müşteri temsilcisi|canlı destek',
    person: '(?:insan(?:la|a)|temsilci\\p{L}*|yetkili\\p{L}*|biriyle|birine|birisiyle|gerçek (?:bir )?kişi\\p{L}*|çalışan\\p{L}*)',
    reach: '(?:konuş\\p{L}*|görüş\\p{L}*|bağla\\p{L}*|aktar\\p{L}*|yazış\\p{L}*)',
  },
  ru: {
    alone: 'человек|оператор|оператора|человека|сотрудник|менеджер|живой человек',
    person: '(?:человек\\p{L}*|оператор\\p{L}*|сотрудник\\p{L}*|менеджер\\p{L}*|консультант\\p{L}*)',
    anyone: 'кем-нибудь|кем-то',
    reach: '(?:поговорить|говорить|связаться|свяжите|соедини\\p{L}*|позови\\p{L}*|переключи\\p{L}*|переведите|общаться|пообщаться)',
    want: '(?:хочу|нужен|дайте) (?:живо\\p{L}+ )?',
  },
  uk: {
    alone: 'людина|оператор|оператора|людину|співробітник',
    person: '(?:людин\\p{L}*|оператор\\p{L}*|співробітник\\p{L}*|працівник\\p{L}*|менеджер\\p{L}*)',
    anyone: 'кимось',
    reach: "(?:поговорити|говорити|зв['’ʼ]я\\p{L}*|з['’ʼ]єдна\\p{L}*|покли\\p{L}*|переключіть)",
    want: '(?:хочу|потрібен|потрібна|дайте) (?:жив\\p{L}+ )?',
  },
  ar: {
    alone: 'شخص|موظف|إنسان|خدمة العملاء|موظفة',
    person: '(?:شخص حقيقي|موظف\\p{L}*|إنسان|انسان|ممثل|مندوب|بشري)',
    anyone: 'أحد|شخص',
    reach: '(?:التحدث|أتحدث|اتحدث|التكلم|أتكلم|اتكلم|التواصل|أتواصل|أكلم|حولني|حوّلني|وصلني)',
    want: '(?:أريد|اريد)',
  },
  he: {
    alone: 'נציג|נציגה|אדם|בן אדם|נציג אנושי',
    person: '(?:נציג\\p{L}*|אדם|בן אדם|אנושי)',
    anyone: 'מישהו',
    reach: '(?:לדבר|לשוחח|להתכתב|תעביר\\p{L}*|העבירו|חברו)',
    want: '(?:רוצה|צריך|צריכה)',
  },
  sv: {
    alone: 'människa|person|medarbetare|kundtjänst|en människa',
    person: '(?:människa|(?:en|riktig) person|medarbetare|handläggare)',
    anyone: 'någon',
    reach: '(?:prata|tala|chatta|koppla|kopplas)',
  },
  da: {
    alone: 'menneske|medarbejder|et menneske|kundeservice',
    person: '(?:menneske|(?:en|rigtig) person|medarbejder)',
    anyone: 'nogen',
    reach: '(?:tale|snakke|skrive|chatte|stil\\p{L}* (?:mig|om)|viderestil\\p{L}*)',
  },
  no: {
    alone: 'menneske|medarbeider|et menneske|kundeservice',
    person: '(?:menneske|(?:en|ekte) person|medarbeider|kundebehandler)',
    anyone: 'noen',
    reach: '(?:snakke|prate|chatte|sett meg over|overfør\\p{L}*)',
  },
  fi: {
    alone: 'ihminen|asiakaspalvelija|henkilö',
    person: '(?:ihmi\\p{L}*|asiakaspalvelij\\p{L}*|henkilö\\p{L}*)',
    anyone: 'jonkun',
    reach: '(?:puhua|jutella|keskustella|yhdistä\\p{L}*)',
  },
  cs: {
    alone: 'člověk|operátor|člověka|pracovník',
    person: '(?:člověk\\p{L}*|operátor\\p{L}*|pracovník\\p{L}*|živou osobou)',
    anyone: 'někým',
    reach: '(?:mluvit|promluvit|spojit|spojte|přepojte|přepojit)',
  },
  ro: {
    alone: 'om|persoană|operator|o persoană|un operator',
    person: '(?:(?:un|o) (?:om|persoană|persoana|operator|angajat|coleg|reprezentant))',
    anyone: 'cineva',
    reach: '(?:vorbesc|vorbi|discut|conecta\\p{L}*|transfer\\p{L}*)',
  },
  hu: {
    alone: 'ember|ügyintéző|operátor|munkatárs',
    person: '(?:ember(?:rel|t)|ügyintéző\\p{L}*|operátor\\p{L}*|munkatárs\\p{L}*)',
    anyone: 'valakivel',
    reach: '(?:beszél\\p{L}*|kapcsol\\p{L}*)',
    want: 'kérek',
  },
  el: {
    alone: 'άνθρωπος|άνθρωπο|εκπρόσωπος|εκπρόσωπο',
    person: '(?:άνθρωπο\\p{L}*|εκπρόσωπο\\p{L}*|υπάλληλο\\p{L}*)',
    anyone: 'κάποιον',
    reach: '(?:μιλήσω|συνδέστε|συνδεθώ|επικοινωνήσω)',
  },
  ja: {
    alone: '担当者|オペレーター|人間|スタッフ|有人チャット',
    person: '(?:担当者|オペレーター|人間|スタッフ|係の(?:人|方)|(?:本物の|生身の)人)',
    reach: '(?:話(?:し|せ|す|を)|繋|つな|つない|代わ|変わ|呼ん|お願い|対応して|連絡)',
  },
  zh: {
    alone: '人工|人工客服|真人|客服|转人工|轉人工|真人客服',
    person: '(?:人工|真人|客服人员|客服|工作人员|員工|專員|专员|人類|人类)',
    reach: '(?:转|轉|接|找|聊|说话|說話|联系|聯絡|聯繫|沟通|需要|要|想|帮我|幫我)',
  },
  ko: {
    alone: '상담원|사람|상담사|상담원 연결|직원',
    person: '(?:상담원|상담사|사람|직원|담당자)',
    reach: '(?:연결|대화하|이야기하|얘기하|통화|말하고|바꿔)',
  },
  hi: {
    alone: 'इंसान|व्यक्ति|एजेंट|प्रतिनिधि',
    person: '(?:इंसान|व्यक्ति|एजेंट|प्रतिनिधि|किसी से|कर्मचारी|आदमी)',
    reach: '(?:बात|बातचीत|जोड़|कनेक्ट|संपर्क)',
  },
  th: {
    alone: 'เจ้าหน้าที่|พนักงาน|แอดมิน|คน',
    person: '(?:เจ้าหน้าที่|พนักงาน|แอดมิน|คนจริง)',
    reach: '(?:คุย|ติดต่อ|พูด|โอนสาย|ขอสาย)',
  },
  vi: {
    alone: 'nhân viên|người thật|tư vấn viên',
    person: '(?:nhân viên|người thật|tư vấn viên|con người|ai đó)',
    reach: '(?:nói chuyện|trò chuyện|gặp|kết nối|liên hệ|chuyển)',
  },
  id: {
    alone: 'orang|manusia|agen|admin|cs',
    person: '(?:orang|manusia|agen|petugas|admin|seseorang|staf)',
    reach: '(?:bicara|berbicara|ngobrol|sambungkan|hubungkan|terhubung)',
  },
  fa: {
    alone: 'انسان|اپراتور|کارشناس|پشتیبان',
    person: '(?:انسان|اپراتور|کارشناس|پشتیبان|یک نفر|کسی)',
    reach: '(?:صحبت|حرف|وصل|تماس|گفتگو)',
  },
};

/** Before the person, in the same clause: it isn't wanted. */
export const NOT_WANTED =
  /(?:\b(?:don['’]?t|do not|not|never|no need|without|kein\p{L}*|nicht|ohne|ne|pas|sans|sin|non|senza|geen|niet|zonder|nie|bez|ikke|inte|utan|ei|nu|nem)(?!\p{L})|(?<!\p{L})(?:no|não|sem) (?:quiero|necesito|quero|preciso)|(?<!\p{L})(?:не|без|لا|بدون|לא|ללא|ne|δεν)(?!\p{L})|不想|不用|不需要|不要|無需|无需|ไม่|không)[^,.;!?:،。、！？]*$/iu;

/** Behind it, in languages that say so at the end. */
export const NOT_WANTED_AFTER =
  /istemiyorum|gerek yok|必要(?:は)?(?:ない|ありません)|たくない|なくていい|싶지 않|필요 ?없|नहीं|ज़रूरत नहीं|نمی/u;
