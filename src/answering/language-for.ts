import { chooseLanguage, isLanguage, type Language } from '../lib/catalogue.ts';
import { languageOf } from '../lib/language.ts';
import type { Workspace } from '../workspace.ts';
import type { Gathered } from './gather.ts';

/**
 * In which language to say our own sentences: what the customer writes in, or wrote in before, where that can be told; else
 * what their app is set to; else the business's own.
 */
export function languageFor(ws: Workspace, gathered: Pick<Gathered, 'question' | 'earlier' | 'language'>): Language {
  const written = languageOf(gathered.question) ?? languageOf(gathered.earlier);
  if (written !== null && isLanguage(written)) return written;
  return chooseLanguage(gathered.language ?? undefined, chooseLanguage(businessLanguage(ws)));
}

/** The business's own: a BCP 47 tag, which the catalogue may not have. */
export function businessLanguage(ws: Workspace): string {
  return ws.prepare('SELECT language FROM business WHERE id = 1').pluck().get() as string;
}
