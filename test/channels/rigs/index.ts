/** The channels that the contract suite runs. */
import { instagramKind, messengerKind } from './meta-messaging.ts';
import type { Kind } from './rig.ts';
import { telegramKind } from './telegram.ts';
import { whatsappKind } from './whatsapp.ts';
import { whatsappLinkedKind } from './whatsapp-linked.ts';
import { widgetKind } from './widget.ts';

export const kinds: Kind[] = [telegramKind, whatsappKind, whatsappLinkedKind, messengerKind, instagramKind, widgetKind];
