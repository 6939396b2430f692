/** Every channel that the crash driver drives. */
import type { CrashChannel } from './channel.ts';
import { graphFront } from './graph-front.ts';
import { messagingChannel } from './messaging.ts';
import { telegramChannel } from './telegram.ts';
import { whatsappLinkedChannel } from './whatsapp-linked.ts';
import { whatsappChannel } from './whatsapp.ts';
import { widgetChannel } from './widget.ts';

/** `kinds`: which of them; all where there are none. */
export async function crashChannels(kinds: string[]): Promise<CrashChannel[]> {
  const [whatsapp, messenger] = await Promise.all([whatsappChannel(), messagingChannel('messenger')]);
  const front = await graphFront([whatsapp, messenger]);
  for (const product of [whatsapp, messenger]) product.environment = { META_API_ROOT: front, META_FILE_ROOT: front };
  const others = [widgetChannel(), whatsappLinkedChannel(), telegramChannel(), messagingChannel('instagram')];
  const all = [...(await Promise.all(others)), whatsapp, messenger];
  const wanted = all.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  for (const channel of all) if (!wanted.includes(channel)) await channel.end();
  return wanted;
}
