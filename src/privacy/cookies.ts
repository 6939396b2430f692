/** All that the product keeps in a browser. What isn't named here is set nowhere: a test opens the pages and compares. */

type Place = 'cookie' | 'browser storage' | 'tab storage' | 'service worker';

export interface Kept {
  /** As people read it; `…` stands for what differs. */
  name: string;
  /** The whole name as a browser tells it: a cookie's, a key of its storage, the path of a worker. */
  pattern: RegExp;
  where: Place;
  /** Those who write to a business, or those who work here. */
  who: 'visitors' | 'team';
  purpose: string;
  life: string;
}

export const REGISTRY: readonly Kept[] = [
  {
    name: 'deskbell.…',
    pattern: /^deskbell\.[\w-]+(\..+)?$/,
    where: 'browser storage',
    who: 'visitors',
    purpose:
      'Shows that a conversation is yours, so that you find it again. With it: what you sent while the line was down, whether the chat is open, how far you read, and whether it may make a sound.',
    life: 'From your first message, or from when you open the chat, until you empty this website’s storage. Where the website signs you in, until it signs you out.',
  },
  {
    name: '__Host-deskbell, or deskbell where there is no https',
    pattern: /^(__Host-)?deskbell$/,
    where: 'cookie',
    who: 'team',
    purpose: 'Shows that this browser has signed in.',
    life: 'From signing in until signing out; it counts for nothing after 12 hours without use, and after 30 days at the latest.',
  },
  {
    name: 'words …',
    pattern: /^words .+$/,
    where: 'tab storage',
    who: 'team',
    purpose: 'An answer that is being written, until the server has it.',
    life: 'Until the server has it, and as long as the tab at most.',
  },
  {
    name: '/service-worker.js',
    pattern: /^\/service-worker\.js$/,
    where: 'service worker',
    who: 'team',
    purpose: 'Shows a notification when a customer waits. It is there once you asked to be told in this browser.',
    life: 'Until you clear this website’s data in the browser. It stays silent once you take the browser out under Alerts.',
  },
];

export function cookiesPage(): { parts: { id: string; head: string; kept: readonly Kept[] }[] } {
  const of = (who: Kept['who']) => REGISTRY.filter((kept) => kept.who === who);
  return {
    parts: [
      { id: 'visitors', head: 'If you write in a chat', kept: of('visitors') },
      { id: 'team', head: 'If you work here', kept: of('team') },
    ],
  };
}
