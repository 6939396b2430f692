/** Imported before the library, where it isn't loaded by the product itself: its sessions don't belong into a test's output. */
import { quietSignal } from '../../src/channels/whatsapp-linked/baileys.ts';

quietSignal();
