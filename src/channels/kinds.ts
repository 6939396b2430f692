import type { Installation } from '../installation.ts';
import type { Channel } from './channel.ts';
import { instagram } from './instagram/index.ts';
import { messenger } from './messenger/index.ts';
import { telegram } from './telegram/index.ts';
import { whatsapp } from './whatsapp/index.ts';
import { whatsappLinked } from './whatsapp-linked/index.ts';
import { widget } from './widget/index.ts';

/** Every kind of channel of this release, by its `kind`. */
export const channelKinds: Record<string, Channel> = {
  telegram,
  whatsapp,
  'whatsapp-linked': whatsappLinked,
  messenger,
  instagram,
  widget,
};

/** Where a kind's far side speaks; the operator may have set another server. '' for a kind that has none. */
export function apiRootOf(kind: string, settings: Installation['settings'], channel: Record<string, unknown>): string {
  if (kind === 'telegram') return settings.telegramApiRoot.replace(/\/+$/, '');
  if (kind === 'whatsapp-linked') return settings.whatsappWebRoot.replace(/\/+$/, '');
  if (!META.has(kind)) return '';
  const root = kind === 'instagram' && channel['login'] === 'instagram' ? settings.instagramApiRoot : settings.metaApiRoot;
  return `${root.replace(/\/+$/, '')}/${settings.metaGraphVersion}`;
}

const META = new Set(['instagram', 'messenger', 'whatsapp']);

/** Where it keeps customers' files, when that isn't where it speaks; else ''. */
export function fileRootOf(kind: string, settings: Installation['settings']): string {
  if (kind === 'whatsapp-linked') return settings.whatsappFileRoot.replace(/\/+$/, '');
  return META.has(kind) ? settings.metaFileRoot : '';
}

/** Meta's own hosts, of which its webhooks name one for each file. */
const META_HOSTS = ['https://*.fbsbx.com', 'https://*.fbcdn.net', 'https://*.cdninstagram.com'];

/** Where else it may keep them; `*.` stands for every host below. */
export function moreFileRootsOf(kind: string): string[] {
  return kind === 'messenger' || kind === 'instagram' ? META_HOSTS : [];
}
