/** What a new bot greets with until its owner writes better, in the business's own language. */
import { chooseLanguage, fill, type Language } from '../lib/catalogue.ts';

const GREETINGS: Record<Language, string> = {
  en: 'Hello! I answer for {business}. What would you like to know?',
  de: 'Guten Tag! Ich antworte für {business}. Was möchten Sie wissen?',
  fr: 'Bonjour ! Je réponds pour {business}. Que souhaitez-vous savoir ?',
  es: '¡Hola! Respondo por {business}. ¿Qué le gustaría saber?',
  it: 'Buongiorno! Rispondo per {business}. Che cosa vorrebbe sapere?',
  pt: 'Olá! Respondo por {business}. O que gostaria de saber?',
  nl: 'Hallo! Ik antwoord voor {business}. Wat wilt u weten?',
  pl: 'Dzień dobry! Odpowiadam w imieniu {business}. O co chcesz zapytać?',
  tr: 'Merhaba! {business} adına yanıt veriyorum. Ne öğrenmek istersiniz?',
  ru: 'Здравствуйте! Я отвечаю за {business}. Что вы хотели бы узнать?',
  uk: 'Вітаю! Я відповідаю за {business}. Що ви хотіли б дізнатися?',
  he: 'שלום! כאן עונים בשם {business}. מה מעניין אותך לדעת?',
  ar: 'مرحبًا! أجيب باسم {business}. ماذا تود أن تعرف؟',
};

/** @param language BCP 47; English where we have no greeting in it. */
export function firstGreeting(language: string | undefined, business: string): string {
  return fill(GREETINGS[chooseLanguage(language)], { business });
}
