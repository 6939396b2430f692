/** The commands that Telegram offers in a chat, in the customer's own language. */
import { languages, type Language } from '../../lib/catalogue.ts';
import { callApi, done, type Access } from './api.ts';

interface Descriptions {
  start: string;
  human: string;
  delete: string;
}

const DESCRIPTIONS: Record<Language, Descriptions> = {
  en: { start: 'Begin', human: 'Talk to a person', delete: 'Have my data deleted' },
  de: { start: 'Beginnen', human: 'Mit einem Menschen sprechen', delete: 'Meine Daten löschen lassen' },
  fr: { start: 'Commencer', human: 'Parler à une personne', delete: 'Faire supprimer mes données' },
  es: { start: 'Empezar', human: 'Hablar con una persona', delete: 'Pedir que se borren mis datos' },
  it: { start: 'Iniziare', human: 'Parlare con una persona', delete: 'Far cancellare i miei dati' },
  pt: { start: 'Começar', human: 'Falar com uma pessoa', delete: 'Pedir a eliminação dos meus dados' },
  nl: { start: 'Beginnen', human: 'Met een mens spreken', delete: 'Mijn gegevens laten wissen' },
  pl: { start: 'Zacznij', human: 'Porozmawiaj z człowiekiem', delete: 'Poproś o usunięcie moich danych' },
  tr: { start: 'Başla', human: 'Bir insanla konuş', delete: 'Verilerimin silinmesini iste' },
  ru: { start: 'Начать', human: 'Поговорить с человеком', delete: 'Попросить удалить мои данные' },
  uk: { start: 'Почати', human: 'Поговорити з людиною', delete: 'Попросити видалити мої дані' },
  ar: { start: 'ابدأ', human: 'تحدّث مع شخص', delete: 'اطلب حذف بياناتي' },
  he: { start: 'התחלה', human: 'לדבר עם נציג אנושי', delete: 'לבקש את מחיקת הנתונים שלי' },
};

/** Whoever has none of these languages gets the English ones. */
export async function offerCommands(access: Access): Promise<void> {
  await Promise.all([offer(access, 'en'), ...languages.map((language) => offer(access, language, language))]);
}

async function offer(access: Access, language: Language, language_code?: Language): Promise<void> {
  const commands = Object.entries(DESCRIPTIONS[language]).map(([command, description]) => ({ command, description: String(description) }));
  await callApi(access, 'setMyCommands', { commands, ...(language_code ? { language_code } : {}) }, done);
}
