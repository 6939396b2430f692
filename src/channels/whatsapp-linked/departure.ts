/**
 * Whether a message has left. The library asks for devices and keys, encrypts, and writes the message out, all in one call:
 * when that fails, what was written after the encryption can only have been the message.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from './baileys.ts';

export interface Departure {
  encrypted: boolean;
  left: boolean;
}

const underWay = new AsyncLocalStorage<Departure>();

/** Runs a send, and notes in `departure` how far it came. */
export function departing<T>(departure: Departure, send: () => Promise<T>): Promise<T> {
  return underWay.run(departure, send);
}

export function noteEncrypted(): void {
  const departure = underWay.getStore();
  if (departure) departure.encrypted = true;
}

interface Inner {
  send(...given: unknown[]): void;
  terminate(): void;
}

/** The websocket within the library's own, which is there from the beginning. */
export function innerOf({ ws }: Socket): Inner | null {
  const inner: unknown = Reflect.get(ws, 'socket');
  return inner instanceof Object && 'send' in inner && 'terminate' in inner ? (inner as Inner) : null;
}

/** Notes what is written by a connection from now on. */
export function watchDepartures(socket: Socket): void {
  const inner = innerOf(socket);
  if (!inner) throw new Error('the library holds its websocket elsewhere');
  const send = inner.send.bind(inner);
  inner.send = (...given) => {
    const departure = underWay.getStore();
    if (departure?.encrypted) departure.left = true;
    send(...given);
  };
}
