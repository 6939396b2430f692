/** What each figure means, in the one place: the page says it in these words, and `count-days.ts` counts it so. */
import { LOOKED_AT } from './asked-most.ts';
import { moneyText, pluralText } from '../web/formats.ts';

export const DEFINITIONS: readonly { name: string; says: string }[] = [
  { name: 'Conversations', says: 'Those that a customer began on the day, whoever answered, and whenever it ended.' },
  {
    name: 'Bot alone',
    says: 'The bot has given at least one answer, and no person was called, took over or wrote, up to now. The sentence it says when it knows nothing is no answer.',
  },
  { name: 'Handed over', says: 'A person was called, took over or wrote, at any time.' },
  { name: 'Neither', says: 'The bot gave no answer and no person came into it: nobody has answered yet, or the contact is blocked.' },
  {
    name: 'Bot’s first answer',
    says: 'From the arrival of a conversation’s first message here to the bot’s first answer. Counts on the day the conversation began.',
  },
  {
    name: 'People’s first answer',
    says: 'From the first call for a person in a conversation to what a person says next in it. Who wrote without being called is left out.',
  },
  {
    name: 'Half, and 9 in 10',
    says: 'Half of these conversations waited no longer, and nine in ten. Waits are cut to a tenth of a second below ten seconds, to the second below ten minutes, to the minute above.',
  },
  {
    name: 'Good and bad answers',
    says: 'What customers thought of an answer of the bot, on the day of the answer. Who changes their mind counts once.',
  },
  {
    name: 'Conversations rated',
    says: 'What customers thought of a whole conversation when they were asked at its end, on the day it began. Good is 👍, 4 or 5; bad is 👎, 1 or 2; a 3 is neither.',
  },
  {
    name: 'Messages',
    says: 'What customers, the bot and people said, on the day they said it. Notes are left out, and answers that were cut off.',
  },
  {
    name: 'Cost',
    says: 'What the AI providers charge for what is done in conversations, by the price table, on the day it was begun: answers, suggestions, translations, summaries, voice written down. Trying the bot out, its tests and reading the knowledge are left out; Spending has them.',
  },
  {
    name: 'Asked most',
    says: `Out of the newest ${LOOKED_AT} questions of these days. Alike questions stand together, as the unanswered ones do.`,
  },
  { name: 'Days', says: 'From midnight to midnight in the time zone of the business. Today counts as far as it has gone.' },
  {
    name: 'Left out',
    says: 'Contacts that are restricted or erased are in no figure. What has been deleted is counted no more.',
  },
];

const amounts = new Map<string, Intl.NumberFormat>();
const CENT = 10_000;

/** Money in columns: with cents always, and what counts of it where it is less than one. */
export function amountText(micros: number, currency: string): string {
  if (micros !== 0 && micros < CENT) return moneyText(micros, currency);
  let form = amounts.get(currency);
  if (!form) {
    form = new Intl.NumberFormat('en-GB', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
    amounts.set(currency, form);
  }
  return form.format(micros / 1_000_000);
}

/** A wait that was cut: "0.4 s", "3 min", "2 h". */
export function waitText(ms: number): string {
  if (ms < 100) return 'under 0.1 s';
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s`;
  return longWait(Math.floor(ms / 60_000));
}

function longWait(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 600) return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 1440)} days`;
}

/** "1,204 answers of the bot × 3 minutes each = 60 h 12 min" */
export function formulaText(answers: number, minutes: number): string {
  return `${pluralText(answers, 'answer')} of the bot × ${pluralText(minutes, 'minute')} each = ${savedText(answers * minutes)}`;
}

export function savedText(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? pluralText(hours, 'hour') : `${hours.toLocaleString('en-GB')} h ${minutes % 60} min`;
}
