import type { Installation } from '../installation.ts';
import type { Channel } from './channel.ts';
import { telegram } from './telegram/index.ts';
import { whatsapp } from './whatsapp/index.ts';
import { widget } from './widget/index.ts';

/** Every kind of channel of this release, by its `kind`. */
export const channelKinds: Record<string, Channel> = { telegram, whatsapp, widget };

/** Where a kind's far side speaks; the operator may have set another server. '' for a kind that has none. */
export function apiRootOf(kind: string, settings: Installation['settings']): string {
  if (kind === 'telegram') return settings.telegramApiRoot.replace(/\/+$/, '');
  return kind === 'whatsapp' ? `${settings.metaApiRoot.replace(/\/+$/, '')}/${settings.metaGraphVersion}` : '';
}

/** Where it keeps customers' files, when that isn't where it speaks; else ''. */
export function fileRootOf(kind: string, settings: Installation['settings']): string {
  return kind === 'whatsapp' ? settings.metaFileRoot : '';
}
