/** What the bot couldn't answer, and what the business learns from it. */
export { forgetWordsOf } from './forget-words.ts';
export { gatherGap } from './gather-gap.ts';
