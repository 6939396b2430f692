/** What people write to the account: encrypted for its device, and kept until the device says that it has it. */
import type * as B from './whatsapp-linked-library.ts';
import { fileAgain } from './whatsapp-linked-again.ts';
import { keysIn, type Device } from './whatsapp-linked-answers.ts';
import { seconds } from './whatsapp-linked-nodes.ts';
import type { Person, Words } from './whatsapp-linked-person.ts';
import type { MediaStore } from './whatsapp-linked-store.ts';

export interface Saying {
  id?: string;
  at?: number;
  /** By which id WhatsApp names the customer, and whether it tells the other one too. */
  by?: 'lid' | 'number';
  alone?: boolean;
  group?: string;
}

interface Account {
  owner: Person;
  store: MediaStore;
  device(): Device | null;
  push(stanza: B.BinaryNode): void;
}

export class Mail {
  /** Ids of what the device has shown to its owner. */
  readonly read: string[] = [];
  /** How often the device couldn't read something and asked for it again. */
  retries = 0;
  readonly #account: Account;
  readonly #said = new Map<string, { from: Person; words: Words; attrs: Record<string, string> }>();
  readonly #waiting = new Map<string, B.BinaryNode>();
  readonly #had: B.BinaryNode[] = [];
  #next = 1;

  constructor(account: Account) {
    this.#account = account;
  }

  get waiting(): B.BinaryNode[] {
    return [...this.#waiting.values()];
  }

  async say(
    from: Person,
    said: string | Words,
    { id = this.#newId('3A'), at = Date.now(), by = 'lid', alone, group }: Saying,
  ): Promise<string> {
    const jid = by === 'lid' ? from.lidJid : from.number;
    const other: Record<string, string> = by === 'lid' ? { sender_pn: from.number } : { sender_lid: from.lidJid };
    const place: Record<string, string> = group === undefined ? { from: jid } : { from: group, participant: jid };
    const about = { id, t: seconds(at), type: 'text', notify: from.name, addressing_mode: by === 'lid' ? 'lid' : 'pn' };
    await this.#deliver(from, typeof said === 'string' ? { conversation: said } : said, { ...place, ...about, ...(alone ? {} : other) });
    return id;
  }

  async ownerSays(to: Person, text: string, { id = this.#newId('3B'), at = Date.now() }: Saying): Promise<string> {
    const { owner } = this.#account;
    const place = { from: owner.lidJid, recipient: to.lidJid, peer_recipient_pn: to.number };
    const words = { deviceSentMessage: { destinationJid: to.lidJid, message: { conversation: text } } };
    await this.#deliver(owner, words, { ...place, id, t: seconds(at), type: 'text', addressing_mode: 'lid' });
    return id;
  }

  /** Gives what the device has had already once more. */
  redeliver(): void {
    for (const stanza of this.#had.splice(0)) this.#account.push(stanza);
  }

  /** The device has something, has shown it, or couldn't read it. */
  async take(receipt: B.BinaryNode): Promise<void> {
    const { id = '', type } = receipt.attrs;
    const had = this.#waiting.get(id);
    if (had) this.#had.push(had);
    this.#waiting.delete(id);
    if (type === 'read') this.read.push(id);
    if (type === 'server-error') this.#account.push(fileAgain(receipt, this.#said.get(id)?.words, this.#account.store));
    if (type === 'retry') await this.#sayAgain(id, receipt);
  }

  /** The customer's phone sends it once more, by new keys where it was given some. */
  async #sayAgain(id: string, receipt: B.BinaryNode): Promise<void> {
    const said = this.#said.get(id);
    const keys = keysIn(receipt);
    if (!said) return;
    this.retries += 1;
    if (keys) await said.from.begin(this.#ours(), keys);
    await this.#deliver(said.from, said.words, said.attrs);
  }

  async #deliver(from: Person, words: Words, attrs: Record<string, string>): Promise<void> {
    const body = await from.encrypt(this.#ours(), words, () => {
      const device = this.#account.device();
      if (!device) throw new Error('no device is linked');
      const { registrationId, identity: identityKey, signedPreKey } = device;
      const preKey = device.preKeys.shift();
      return { registrationId, identityKey, signedPreKey, ...(preKey ? { preKey } : {}) };
    });
    const { id = '' } = attrs;
    const stanza = { tag: 'message', attrs, content: [body] };
    this.#said.set(id, { from, words, attrs });
    this.#waiting.set(id, stanza);
    this.#account.push(stanza);
  }

  #ours(): string {
    return `${this.#account.owner.lid}:${this.#account.device()?.number ?? 0}@lid`;
  }

  #newId(begins: string): string {
    return begins + String(this.#next++).padStart(18, '0');
  }
}
