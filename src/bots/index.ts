/** The door of the room: what a bot is, its draft and its live version. */
export { archiveBot } from './archive-bot.ts';
export { modelForm, modelChanges } from './bot-form.ts';
export { draftOf, publishedOf, versionById, type BotVersion } from './bot-versions.ts';
export { modelChoices } from './bots.queries.ts';
export { createBot } from './create-bot.ts';
export { firstBot } from './first-bot.ts';
export { keyForm, providerChoices } from './key-form.ts';
export { publishDraft } from './publish-draft.ts';
export { saveDraft } from './save-draft.ts';
export { botSettings, type BotSettings } from './settings.ts';
export { suggestModel } from './suggest-model.ts';
export { answerFields, answersIn, keptText, questionFields } from './template-form.ts';
export { applyTemplate, readsTemplates, settingsOf, templateById, templates } from './templates.ts';
export {
  HANDS_OVER,
  nameOfVersion,
  runIds,
  trialOf,
  turnsBefore,
  whos,
  type Asked,
  type Side,
  type TrialAnswer,
} from './trials.queries.ts';
export { keywordIn } from './handoff-settings.ts';
export { botOf } from './bot-of.routes.ts';
export { addTests } from './tests/answer-tests.ts';
export { planNext } from './tests/plan.ts';
export { goToRound } from './tests/rounds.routes.ts';
export { typedTest } from './tests/test-form.ts';
export { keepTest, showTest } from './tests/tests.routes.ts';
export { versionToAsk } from './tests/tests-page.ts';
export { beginReplay, beginTests, closeRound, endPausedOnSchedule, leaveUnasked, pauseRound, tellRound } from './tests/rounds.ts';
export { folded, says } from './tests/says.ts';
export { wants, type Check, type Wants } from './tests/wants.ts';
