import { MetaSimulator } from '../simulators/meta.ts';
import { onMeta, type OnMeta } from './on-meta.ts';

export const ayse = { name: 'Ayşe Demir', phone: '4915112345678' };

export type OnWhatsapp = OnMeta<MetaSimulator>;

type Hook = (act: () => Promise<void>) => void;

/** Café Aurora's server with a number of WhatsApp, answered by people alone. */
export function onWhatsapp(begin: Hook, end: Hook): OnWhatsapp {
  return onMeta(begin, end, async (clock) => {
    const far = await new MetaSimulator({ now: () => clock.now() }).start();
    return { far, kind: 'whatsapp', settings: far.settings, env: { META_API_ROOT: far.url, META_FILE_ROOT: far.url } };
  });
}
