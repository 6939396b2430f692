/**
 * The library that speaks as a linked device. It costs a third of a second and some thirty megabytes, so it is loaded when
 * the first linked phone is listened to, and never by a server that has none.
 */
import { once } from '../../lib/once.ts';

export type Baileys = typeof import('@whiskeysockets/baileys');
export type Socket = import('@whiskeysockets/baileys').WASocket;
export type Creds = import('@whiskeysockets/baileys').AuthenticationCreds;
export type Node = import('@whiskeysockets/baileys').BinaryNode;
type Logger = Parameters<Baileys['addTransactionCapability']>[1];

export const loadBaileys = once((): Promise<Baileys> => import('@whiskeysockets/baileys'));

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
