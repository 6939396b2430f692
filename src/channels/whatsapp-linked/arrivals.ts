/**
 * What came and isn't stored as a message yet. Opening a message uses up its key: if the process died between the two, the
 * far side would send it again and nobody could read it. So its words are kept in the very transaction that changes the
 * keys, handed on before the sender is told that it came, and what is left of it is handed on at the next start.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { z } from 'zod';
import type { DeviceChange, DeviceStore } from '../channel.ts';
import { silent, type Baileys, type Node, type Socket } from './baileys.ts';
import type { Auth } from './auth.ts';
import { noteEncrypted } from './departure.ts';

type MakeRepository = NonNullable<Parameters<Baileys['makeWASocket']>[0]['makeSignalRepository']>;

/** A message as it is opened: the address on it, and its words as bytes. */
const arrival = z.object({ attrs: z.record(z.string(), z.string()), words: z.base64() });
export type Arrival = z.infer<typeof arrival>;

const KIND = 'arrived';

export class Arrivals {
  readonly #device: DeviceStore;
  readonly #take: (arrival: Arrival) => Promise<void>;
  /** Which stanza an encrypted body belongs to: the library hands on the body alone. */
  readonly #stanzas = new WeakMap<Uint8Array, Node>();
  readonly #opening = new AsyncLocalStorage<{ body: Uint8Array; words?: Uint8Array }>();
  readonly #taken: string[] = [];

  /** `take` resolves once it is stored. */
  constructor(device: DeviceStore, take: (arrival: Arrival) => Promise<void>) {
    this.#device = device;
    this.#take = take;
  }

  /** What was left at the last end, in order. */
  left(): Arrival[] {
    return this.#device.all(KIND).map((text) => arrival.parse(JSON.parse(text)));
  }

  /** Hands on what was left. Each is taken before this returns, so that it comes before all that is heard from then on. */
  async replay(left: Arrival[]): Promise<void> {
    await Promise.all(left.map((each) => this.#take(each)));
    this.#taken.push(...left.map(({ attrs }) => idOf(attrs)));
    this.settle();
  }

  /** Changes that go with the next change of keys: what is being opened, and what is stored by now. */
  changes(): DeviceChange[] {
    const opening = this.#opening.getStore();
    const attrs = opening && this.#stanzas.get(opening.body)?.attrs;
    const settled = this.#taken.splice(0).map((id): DeviceChange => ({ kind: KIND, id, value: null }));
    if (!attrs || !opening.words) return settled;
    const kept: Arrival = { attrs, words: Buffer.from(opening.words).toString('base64') };
    return [...settled, { kind: KIND, id: idOf(attrs), value: JSON.stringify(kept) }];
  }

  /** Forgets what is stored by now. */
  settle(): void {
    if (this.#taken.length > 0) this.#device.set(this.changes());
  }

  /** Learns the stanzas of a connection before the library opens them. */
  watch(socket: Socket): void {
    socket.ws.prependListener('CB:message', (stanza: Node) => {
      if (!Array.isArray(stanza.content)) return;
      for (const { content } of stanza.content) if (content instanceof Uint8Array) this.#stanzas.set(content, stanza);
    });
  }

  /**
   * The library's Signal sessions with keys of their own transactions: what opens a message keeps it too, and what closes
   * one is flushed before the message leaves. In the library's one transaction around a send it would be flushed after, and
   * a kill in between would use the same key for two messages.
   */
  repository({ addTransactionCapability, DEFAULT_CONNECTION_CONFIG }: Baileys, { keys: kept, shut }: Auth): MakeRepository {
    return ({ creds }, logger, find) => {
      const keys = addTransactionCapability(kept, silent, { maxCommitRetries: 1, delayBetweenTriesMs: 0 });
      const inner = DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds, keys }, logger, find);
      const open = async (body: Uint8Array, lock: string, decrypt: () => Promise<Uint8Array>) => {
        const opening: { body: Uint8Array; words?: Uint8Array } = { body };
        const words = await this.#opening.run(opening, () => keys.transaction(async () => (opening.words = await decrypt()), lock));
        await this.#handOn(body, words);
        return words;
      };
      return {
        ...inner,
        // The first thing of an end. What came after it would fill the library's caches anew, whose entries live for days.
        close() {
          shut();
          inner.close?.();
        },
        async encryptMessage(given) {
          const body = await inner.encryptMessage(given);
          noteEncrypted();
          return body;
        },
        async encryptGroupMessage(given) {
          const body = await inner.encryptGroupMessage(given);
          noteEncrypted();
          return body;
        },
        decryptMessage: (given) => open(given.ciphertext, given.jid, () => inner.decryptMessage(given)),
        decryptGroupMessage: (given) => open(given.msg, given.group, () => inner.decryptGroupMessage(given)),
      };
    };
  }

  async #handOn(body: Uint8Array, words: Uint8Array): Promise<void> {
    const attrs = this.#stanzas.get(body)?.attrs;
    if (!attrs) return;
    await this.#take({ attrs, words: Buffer.from(words).toString('base64') });
    this.#taken.push(idOf(attrs));
  }
}

/** One message may hold two bodies: a group's key, and its words. They are handed on one after the other. */
function idOf({ from = '', participant = '', id = '' }: Record<string, string>): string {
  return `${from} ${participant} ${id}`;
}
