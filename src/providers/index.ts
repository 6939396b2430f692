/** The door of the providers' room. */
export { addKey, type Added, type NewKey } from './add-key.ts';
export { checkKey, noteFailure, type Checked } from './check-key.ts';
export { illnessesOf, mayAsk, noteIll, noteNothing, noteWell, type Illness } from './circuit.ts';
export { editPrice, resetPrice, type Edited, type PriceForm } from './edit-price.ts';
export { isTurnedDown, mayPass } from './failures.ts';
export { keyById, listKeys, listPrices, type ListedKey, type ListedPrice } from './keys.queries.ts';
export { type MaskRules } from './masking/find-marks.ts';
export { Masker } from './masking/masker.ts';
export { problemWith } from './masking/own-patterns.ts';
export { openProvider, type OpenProvider } from './open-provider.ts';
export { presets, type Preset } from './presets.ts';
export { costOf, listPrice, priceOf, releasePrices, savedOf, type Price } from './prices.ts';
export {
  chats,
  ProviderError,
  type AnswerEvent,
  type AnswerRequest,
  type Embedder,
  type Fetch,
  type GivenPassage,
  type JsonObject,
  type KeptThought,
  type Model,
  type Picture,
  type Provider,
  type ProviderAccess,
  type ProviderErrorKind,
  type Tool,
  type ToolCall,
  type ToolRound,
  type Transcriber,
  type Transcript,
  type Turn,
  type Usage,
} from './provider.ts';
export { removeKey } from './remove-key.ts';
export { hearingModel, lackOf, lacks, seesPictures } from './senses.ts';
export { todayOf, worthIn, type Money, type Today } from './spending/own-money.ts';
export { charge, EVERYTHING, refusalOf, reserve, settle, type Held } from './spending/reserve.ts';
export { budgetForm, setBudget, type BudgetForm } from './spending/set-budget.ts';
export { ratesOf, setRate, type Rate } from './spending/set-rate.ts';
export { budgetBanners, type BudgetBanner } from './spending/budget-banners.ts';
export { budgetNotices, budgetsOf, spentBetween, type Budget, type SpentDay } from './spending/spending.queries.ts';
