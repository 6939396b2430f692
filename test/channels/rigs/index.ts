/** The channels that the contract suite runs. */
import { instagramKind, messengerKind } from './meta-messaging.ts';
import type { Kind } from './rig.ts';
import { telegramKind } from './telegram.ts';
import { whatsappKind } from './whatsapp.ts';
import { widgetKind } from './widget.ts';

export const kinds: Kind[] = [telegramKind, whatsappKind, messengerKind, instagramKind, widgetKind];
