import { publishedOf } from '../bots/index.ts';
import { identitySecretOf } from '../channels/index.ts';
import { meaningFrom } from '../knowledge/index.ts';
import { fill, type Texts } from '../lib/catalogue.ts';
import { keyById } from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';
import type { Widget } from './open-widget.ts';
import { businessName } from './panel.queries.ts';

/** How a visitor's words are used, as things are set now: where they lie, who reads them, to whom they are sent. */
export function privacyNote(ws: Workspace, widget: Widget, texts: Texts): string[] {
  const name = businessName(ws);
  const { host } = new URL(ws.installation.settings.baseUrl);
  const provider = providerOf(ws, widget.botId);
  const finder = meaningFrom(ws)?.host ?? null;
  const found = finder === null || finder === provider ? [] : [texts.usedMeaning];
  const answers = provider === undefined ? [] : provider === null ? quoted(texts, found) : [texts.usedAi, ...found];
  const signedIn = identitySecretOf(ws, widget.channelId) ? [texts.usedSignedIn] : [];
  const sentences = [texts.usedStored, ...answers, texts.usedPeople, ...signedIn, texts.usedBrowser, texts.usedAsk];
  return sentences.map((sentence) => fill(sentence, { name, host, provider: provider ?? '', finder: finder ?? '' }));
}

function quoted({ usedQuotes, usedQuotesStay }: Texts, found: string[]): string[] {
  return found.length > 0 ? [usedQuotes, ...found] : [`${usedQuotes} ${usedQuotesStay}`];
}

/** To whom messages are sent for an answer; null when they stay here, undefined when no bot answers. */
function providerOf(ws: Workspace, botId: number | null): string | null | undefined {
  const live = botId === null ? undefined : publishedOf(ws, botId);
  if (!live) return undefined;
  const { providerKeyId, backups } = live.settings;
  if (providerKeyId === null) return null;
  // All that may be asked, also those that are asked only where the first fails.
  const hosts = [providerKeyId, ...backups.map((way) => way.providerKeyId)].flatMap((id) => keyById(ws, id)?.host ?? []);
  return hosts.length === 0 ? null : [...new Set(hosts)].join(', ');
}
