/** What the numbers say, what the bot couldn't answer, and what the business learns from it. */
export { countEveryDay } from './count-days.ts';
export { forgetWordsOf } from './forget-words.ts';
export { gatherGap } from './gather-gap.ts';
