/** The library's own means (keys, codes, stanzas), with its Signal silenced before it is loaded. */
import './whatsapp-linked-quiet.ts';

export * from '@whiskeysockets/baileys';
