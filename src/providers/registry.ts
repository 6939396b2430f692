/** Every provider there is, and where each is reached when a key names no other place. */
import { anthropicProvider } from './anthropic.ts';
import { compatibleProvider } from './compatible.ts';
import { openaiProvider } from './openai.ts';
import type { Provider } from './provider.ts';
import { quoteProvider } from './quote.ts';

/** Silence in mid-answer after which a call is given up. */
const timing = { idleMs: 30_000 };

export const providers: Record<Provider['id'], Provider> = {
  openai: openaiProvider(timing),
  anthropic: anthropicProvider(timing),
  compatible: compatibleProvider(timing),
  quote: quoteProvider,
};

/** Null for providers without a place of their own. */
export const vendorUrls: Record<Provider['id'], string | null> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com',
  compatible: null,
  quote: null,
};
