/** How each kind of channel is shown to the people who connect it. */
import type { ChannelRow } from './access.ts';

interface Look {
  title: string;
  icon: string;
  /** For the card that offers it. */
  offers: string;
  /** While nothing was heard of it yet: its state, and a sentence. */
  unheard: { state: string; line: string };
  detail(row: Pick<ChannelRow, 'name' | 'settings'>): string;
  /** Where customers begin to write; null where there is no such address. */
  address(row: Pick<ChannelRow, 'name' | 'accountId'>): string | null;
}

export const looks: Record<string, Look> = {
  widget: {
    title: 'Website',
    icon: 'world',
    offers: 'A chat bubble on your own pages, by one line, and a full page to link to.',
    unheard: { state: 'Not seen yet', line: 'The bubble hasn’t been seen on a page yet.' },
    detail: ({ settings }) => hostsOf(settings['origins']) || 'full page only',
    address: () => null,
  },
  telegram: {
    title: 'Telegram',
    icon: 'brand-telegram',
    offers: 'A bot of your own that customers write to. It takes two minutes and the Telegram app.',
    unheard: { state: 'Connecting', line: 'Telegram is being connected.' },
    detail: ({ name }) => name,
    address: ({ name }) => (name.startsWith('@') ? `https://t.me/${encodeURIComponent(name.slice(1))}` : null),
  },
  whatsapp: {
    title: 'WhatsApp',
    icon: 'brand-whatsapp',
    offers: 'A number of your own, by Meta’s Cloud API. It takes half an hour in Meta’s console, and this server needs a public address.',
    unheard: { state: 'Nothing heard yet', line: 'Nothing has come from WhatsApp yet.' },
    detail: ({ name }) => name,
    address: ({ name }) => {
      const digits = /\+[\d\s()-]{6,}$/.exec(name)?.[0].replace(/\D/g, '') ?? '';
      return digits === '' ? null : `https://wa.me/${digits}`;
    },
  },
  'whatsapp-linked': {
    title: 'WhatsApp, linked phone',
    icon: 'brand-whatsapp',
    offers:
      'A phone with WhatsApp, linked by its camera. It takes a minute, and has risks: WhatsApp doesn’t allow it, and may block the number.',
    unheard: { state: 'Waiting for the phone', line: 'The phone isn’t linked yet.' },
    detail: ({ name }) => name,
    address: ({ name }) => (name.startsWith('+') ? `https://wa.me/${name.slice(1)}` : null),
  },
  messenger: {
    title: 'Messenger',
    icon: 'brand-messenger',
    offers: 'Your Facebook Page. It takes half an hour in Meta’s app dashboard, and this server needs a public address.',
    unheard: { state: 'Nothing heard yet', line: 'Nothing has come from Messenger yet.' },
    detail: ({ name }) => name,
    address: ({ accountId }) => (accountId === null ? null : `https://m.me/${accountId}`),
  },
  instagram: {
    title: 'Instagram',
    icon: 'brand-instagram',
    offers:
      'The messages of your professional account, by Meta’s app dashboard. It takes half an hour, and this server needs a public address.',
    unheard: { state: 'Nothing heard yet', line: 'Nothing has come from Instagram yet.' },
    detail: ({ name }) => name,
    address: ({ name }) => (name.startsWith('@') ? `https://ig.me/m/${encodeURIComponent(name.slice(1))}` : null),
  },
};

function hostsOf(origins: unknown): string {
  if (typeof origins !== 'string') return '';
  const hosts = origins.split('\n').flatMap((origin) => URL.parse(origin)?.host ?? []);
  const [first = '', ...others] = hosts;
  return others.length > 0 ? `${first} and ${others.length} more` : first;
}
