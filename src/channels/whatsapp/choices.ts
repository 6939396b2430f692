/** Answers that are offered: up to three as buttons under the words, more as a list that opens. */
import { chooseLanguage, textsIn } from '../../lib/catalogue.ts';
import { languageOf } from '../../lib/language.ts';
import type { Choice } from '../channel.ts';

const BUTTONS_AT_MOST = 3;

/** The part of a message that offers them. */
export function choicesContent(words: string, choices: Choice[]): Record<string, unknown> {
  const about = { body: { text: words } };
  if (choices.length <= BUTTONS_AT_MOST) {
    const buttons = choices.map(({ id, title }) => ({ type: 'reply', reply: { id, title } }));
    return { type: 'interactive', interactive: { type: 'button', ...about, action: { buttons } } };
  }
  // What opens the list is said in the language of the words above it, which is the customer's.
  const { choose } = textsIn(chooseLanguage(languageOf(words) ?? undefined));
  const sections = [{ rows: choices.map(({ id, title }) => ({ id, title })) }];
  return { type: 'interactive', interactive: { type: 'list', ...about, action: { button: choose, sections } } };
}
