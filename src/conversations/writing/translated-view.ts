/** What stands under a message in another language, and where that is asked for. */
import { withoutCitations } from '../../lib/citations.ts';
import { languageOf } from '../../lib/language.ts';
import { markdownToHtml } from '../../lib/markdown.ts';
import { wordsOf } from '../file-view.ts';
import type { MessageView } from '../inbox.queries.ts';
import { languageName } from '../talk-view.ts';
import type { ThreadOf } from '../thread-view.ts';
import { isSameLanguage } from './languages.ts';
import type { Translation } from './translations.ts';

/** So many letters tell a message's language: this is asked of each that is shown. */
const READ = 160;

export interface TranslatedView {
  says: string;
  language: string;
  text: string;
  /** A bot's words are Markdown. */
  html: string | null;
  run: { href: string; costMicros: number | null; currency: string | null } | null;
}

export function translatedView({ looking, head }: ThreadOf, { author }: MessageView, translation: Translation): TranslatedView {
  const { kind, language, text, run } = translation;
  return {
    says: kind === 'original' ? `Translated and sent. Written as:` : `In ${languageName(language)}:`,
    language,
    text,
    html: author === 'bot' ? markdownToHtml(text) : null,
    run: run && {
      href: `${looking.base}/conversations/${head.id}/runs/${run.id}`,
      costMicros: run.costMicros,
      currency: run.currency,
    },
  };
}

/** Words of the customer or the bot, as far as can be told in another language than who looks reads. */
export function translatable({ looking, written }: ThreadOf, message: MessageView): boolean {
  if ((message.author !== 'customer' && message.author !== 'bot') || message.revokedAt !== null) return false;
  const words = message.author === 'bot' ? withoutCitations(message.text) : wordsOf(message);
  if (!/\p{L}/u.test(words)) return false;
  // "Ok" tells nothing by itself.
  const language = languageOf(words.slice(0, READ)) ?? written;
  return language === null || !isSameLanguage(language, looking.reads);
}
