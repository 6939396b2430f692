/** What an answer costs about, before any was given. A run holds what it really cost. */
import { estimateTokens } from '../lib/tokens.ts';
import type { BotSettings } from './settings.ts';

/** Micro-units of a currency for a million tokens. */
interface Rates {
  inputMicros: number;
  outputMicros: number;
}

/** Our own rules, the passages that were found, and what was said before: tokens in a usual question. */
const READ_BESIDES = 1400;
const WRITTEN = { short: 80, medium: 180, long: 400 };

/** Micro-units of the rates' currency for one answer of a bot with these settings. */
export function aboutCost(rates: Rates, settings: Pick<BotSettings, 'instructions' | 'length'>): number {
  const read = READ_BESIDES + estimateTokens(settings.instructions);
  return Math.round((read * rates.inputMicros + WRITTEN[settings.length] * rates.outputMicros) / 1_000_000);
}
