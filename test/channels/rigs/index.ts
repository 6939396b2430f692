/** The channels that the contract suite runs. */
import type { Kind } from './rig.ts';
import { telegramKind } from './telegram.ts';
import { whatsappKind } from './whatsapp.ts';
import { widgetKind } from './widget.ts';

export const kinds: Kind[] = [telegramKind, whatsappKind, widgetKind];
