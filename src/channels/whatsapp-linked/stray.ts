/**
 * What the library starts and doesn't wait for. It answers stanzas in functions that nobody awaits, and where the line is cut
 * in between, their failure would end this whole process: Node's rule for a rejection that nobody handles. The link itself
 * ends for the same reason and says so; everybody else's rejections end the process as ever.
 */
import { once } from '../../lib/once.ts';

const OF_THE_LIBRARY = /[\\/](@whiskeysockets[\\/]baileys|libsignal|whatsapp-linked)[\\/]/;

export const forgiveStrays = once(() => {
  process.on('unhandledRejection', (reason) => {
    if (!isStray(reason)) throw reason;
  });
});

function isStray(reason: unknown): boolean {
  if (reason instanceof Error) return OF_THE_LIBRARY.test(reason.stack ?? '');
  // A websocket's code, by which the library rejects what waits for an answer when it closes.
  return typeof reason === 'number' && reason >= 1000 && reason < 5000;
}
