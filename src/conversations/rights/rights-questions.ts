/** Whether people mean it who ask for what is theirs by right. */
import type { Language } from '../../lib/catalogue.ts';

/** `confirm`: what to write; {yes} and {no} are the words. */
type Questions = Record<'delete' | 'data' | 'people' | 'stop' | 'confirm', string>;

export const RIGHTS_QUESTIONS: Record<Language, Questions> = {
  en: {
    delete: 'Shall everything that is kept of you here be deleted?',
    data: 'Would you like a copy of all that is kept of you here?',
    people: 'Shall only people answer you from now on, and no AI?',
    stop: 'Shall you get no more messages from us?',
    confirm: 'Write “{yes}” or “{no}”.',
  },
  de: {
    delete: 'Soll alles gelöscht werden, was hier über Sie gespeichert ist?',
    data: 'Möchten Sie eine Kopie von allem, was hier über Sie gespeichert ist?',
    people: 'Sollen Ihnen ab jetzt nur Menschen antworten und keine KI?',
    stop: 'Möchten Sie keine Nachrichten mehr von uns bekommen?',
    confirm: 'Schreiben Sie „{yes}“ oder „{no}“.',
  },
  fr: {
    delete: 'Faut-il supprimer tout ce qui est conservé ici à votre sujet ?',
    data: 'Souhaitez-vous une copie de tout ce qui est conservé ici à votre sujet ?',
    people: 'Faut-il que seules des personnes vous répondent désormais, et plus d’IA ?',
    stop: 'Souhaitez-vous ne plus recevoir de messages de notre part ?',
    confirm: 'Écrivez « {yes} » ou « {no} ».',
  },
  es: {
    delete: '¿Desea que se borre todo lo que se guarda aquí sobre usted?',
    data: '¿Desea una copia de todo lo que se guarda aquí sobre usted?',
    people: '¿Desea que a partir de ahora solo le respondan personas y ninguna IA?',
    stop: '¿Desea no recibir más mensajes nuestros?',
    confirm: 'Escriba «{yes}» o «{no}».',
  },
  it: {
    delete: 'Vuole che sia cancellato tutto ciò che qui è conservato su di lei?',
    data: 'Vuole una copia di tutto ciò che qui è conservato su di lei?',
    people: 'Vuole che da ora le rispondano solo persone e nessuna IA?',
    stop: 'Vuole non ricevere più messaggi da noi?',
    confirm: 'Scriva «{yes}» o «{no}».',
  },
  pt: {
    delete: 'Quer que tudo o que é guardado aqui sobre você seja apagado?',
    data: 'Quer uma cópia de tudo o que é guardado aqui sobre você?',
    people: 'Quer que a partir de agora só pessoas respondam a você, e nenhuma IA?',
    stop: 'Quer não receber mais mensagens nossas?',
    confirm: 'Escreva “{yes}” ou “{no}”.',
  },
  nl: {
    delete: 'Moet alles wat hier over u bewaard wordt, worden verwijderd?',
    data: 'Wilt u een kopie van alles wat hier over u bewaard wordt?',
    people: 'Moeten voortaan alleen mensen u antwoorden, en geen AI?',
    stop: 'Wilt u geen berichten meer van ons krijgen?',
    confirm: 'Schrijf “{yes}” of “{no}”.',
  },
  pl: {
    delete: 'Czy usunąć wszystko, co jest tu o Tobie przechowywane?',
    data: 'Czy chcesz otrzymać kopię wszystkiego, co jest tu o Tobie przechowywane?',
    people: 'Czy od teraz mają Ci odpowiadać tylko ludzie, bez AI?',
    stop: 'Czy nie chcesz już dostawać od nas wiadomości?',
    confirm: 'Napisz „{yes}” lub „{no}”.',
  },
  tr: {
    delete: 'Burada hakkınızda saklanan her şey silinsin mi?',
    data: 'Burada hakkınızda saklanan her şeyin bir kopyasını ister misiniz?',
    people: 'Bundan sonra size yapay zekâ değil, yalnızca insanlar mı yanıt versin?',
    stop: 'Bizden artık mesaj almak istemiyor musunuz?',
    confirm: '“{yes}” veya “{no}” yazın.',
  },
  ru: {
    delete: 'Удалить всё, что здесь о вас хранится?',
    data: 'Хотите получить копию всего, что здесь о вас хранится?',
    people: 'Чтобы теперь вам отвечали только люди, без ИИ?',
    stop: 'Вы больше не хотите получать от нас сообщения?',
    confirm: 'Напишите «{yes}» или «{no}».',
  },
  uk: {
    delete: 'Видалити все, що тут про вас зберігається?',
    data: 'Бажаєте отримати копію всього, що тут про вас зберігається?',
    people: 'Щоб відтепер вам відповідали лише люди, без ШІ?',
    stop: 'Ви більше не бажаєте отримувати від нас повідомлення?',
    confirm: 'Напишіть «{yes}» або «{no}».',
  },
  ar: {
    delete: 'هل تريد حذف كل ما هو محفوظ عنك هنا؟',
    data: 'هل تريد نسخة من كل ما هو محفوظ عنك هنا؟',
    people: 'هل تريد أن يجيبك من الآن أشخاص فقط دون ذكاء اصطناعي؟',
    stop: 'هل تريد ألا تصلك رسائل منا بعد الآن؟',
    confirm: 'اكتب «{yes}» أو «{no}».',
  },
  he: {
    delete: 'למחוק את כל מה ששמור כאן עליך?',
    data: 'לשלוח לך עותק של כל מה ששמור כאן עליך?',
    people: 'שמעכשיו יענו לך רק אנשים, בלי בינה מלאכותית?',
    stop: 'להפסיק לשלוח לך הודעות מאיתנו?',
    confirm: 'אפשר לכתוב „{yes}” או „{no}”.',
  },
};
