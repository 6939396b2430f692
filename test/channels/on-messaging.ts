import { MetaMessagingSimulator } from '../simulators/meta-messaging.ts';
import { onMeta, type OnMeta } from './on-meta.ts';

export type Product = { product: 'messenger' | 'instagram'; login?: 'facebook' | 'instagram' };

/** Customers, by the ids that a Page or an account knows them by. */
export const AYSE = '7512340000000501';
export const JONAS = '7512340000000502';

type Hook = (act: () => Promise<void>) => void;

/** Café Aurora's server with a Page on Messenger or an account on Instagram, answered by people alone. */
export function onMessaging(options: Product, begin: Hook, end: Hook): OnMeta<MetaMessagingSimulator> {
  return onMeta(begin, end, async (clock) => {
    const far = await new MetaMessagingSimulator({ now: () => clock.now(), ...options }).start();
    return { far, kind: options.product, settings: far.settings, env: far.env };
  });
}
