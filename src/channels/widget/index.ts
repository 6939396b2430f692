/**
 * The chat bubble on a website. It has no far side: what a visitor writes comes in by `visitors/widget.routes.ts`, and what
 * is said to them they read from the store. So stored is sent, and delivered is what their page has fetched.
 */
import { DeliveryError, type Channel } from '../channel.ts';
import { keptText } from '../../lib/kept-text.ts';
import { widgetSettings } from './settings.ts';

export const widget: Channel<typeof widgetSettings> = {
  kind: 'widget',
  name: 'Website chat',
  settings: widgetSettings,
  limits: { textLength: 100_000, textUnit: 'utf16', quietMs: 0, windowMs: null },
  fromStore: true,
  sendsFiles: true,

  async connect({ settings }) {
    if (settings.onlySignedIn && settings.identitySecret === undefined) {
      throw new DeliveryError({
        outcome: 'not-sent',
        permanent: true,
        says: 'Nobody could write: this chat has no secret yet. Make one under “Signed-in visitors”, then switch this on.',
        field: 'onlySignedIn',
      });
    }
    return { name: 'Website chat', accountId: '' };
  },

  async disconnect() {
    // Nothing to let go of.
  },

  async health() {
    // It is served by this process: whoever asks has the answer.
  },

  parse(body) {
    return [{ type: 'unrecognised', body: keptText(body) }];
  },

  async send() {
    throw new DeliveryError({
      outcome: 'not-sent',
      permanent: true,
      says: 'Visitors of the website read what is stored; nothing is sent to them.',
    });
  },
};
