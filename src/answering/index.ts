/** How an answer is made: gather, retrieve, compose, ask, check, reply. */
export { answerConversation, answerParked } from './answer-conversation.ts';
export { askHowItWas } from './ask-rating.ts';
export { takeComment } from './take-comment.ts';
export { attachmentReader } from './media/read-attachment.ts';
export { countFailures } from './count-failures.ts';
export { askTests } from './tests/ask-tests.ts';
export { testOnTime } from './tests/test-on-time.ts';
export { sumUpForPerson } from './sum-up.ts';
export { recapTalk } from './recap.ts';
export { tellAway } from './tell-away.ts';
export { tellNobodyCame } from './tell-nobody-came.ts';
export { asksForPerson } from './asks-for-person.ts';
export { closeDeadRuns } from './runs.ts';
export { actionParked, runAction } from './tools/run-action.ts';
export { tryBot, runById, type TriedRun, type Trying } from './try-bot.ts';
export { takeLead } from './leads/collect.ts';
