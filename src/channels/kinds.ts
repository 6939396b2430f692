import type { Installation } from '../installation.ts';
import type { Channel } from './channel.ts';
import { telegram } from './telegram/index.ts';
import { widget } from './widget/index.ts';

/** Every kind of channel of this release, by its `kind`. */
export const channelKinds: Record<string, Channel> = { telegram, widget };

/** Where a kind's far side speaks; the operator may have set another server. '' for a kind that has none. */
export function apiRootOf(kind: string, settings: Installation['settings']): string {
  return kind === 'telegram' ? settings.telegramApiRoot.replace(/\/+$/, '') : '';
}
