/**
 * The library that speaks as a linked device. It costs a third of a second and some thirty megabytes, so it is loaded when
 * the first linked phone is listened to, and never by a server that has none.
 */
import { registerHooks } from 'node:module';
import { once } from '../../lib/once.ts';
import { forgiveStrays } from './stray.ts';

export type Baileys = typeof import('@whiskeysockets/baileys');
export type Socket = import('@whiskeysockets/baileys').WASocket;
export type Creds = import('@whiskeysockets/baileys').AuthenticationCreds;
export type Node = import('@whiskeysockets/baileys').BinaryNode;
export type Content = Parameters<Socket['relayMessage']>[1];
type Logger = Parameters<Baileys['addTransactionCapability']>[1];

export const loadBaileys = once(async (): Promise<Baileys> => {
  forgiveStrays();
  const loud = quietSignal();
  try {
    return await import('@whiskeysockets/baileys');
  } finally {
    loud();
  }
});

const MUTE = 'const console = new Proxy({}, { get: () => () => undefined });';

/**
 * Signal's library writes whole sessions to the console when it replaces one, private keys and all. Its files are given a
 * console of their own that says nothing, whatever its next version would say; nothing else in this process is touched.
 * What is loaded until the returned function is called is quiet.
 */
export function quietSignal(): () => void {
  const hooks = registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.includes('/node_modules/libsignal/') || !loaded.source) return loaded;
      const source = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
      return { ...loaded, source: `${MUTE} ${source}` };
    },
  });
  return () => hooks.deregister();
}

const nothing = () => undefined;

/** It would log whole stanzas: customers' numbers, and who writes when. What is worth telling comes out as errors. */
export const silent: Logger = {
  level: 'silent',
  child: () => silent,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
